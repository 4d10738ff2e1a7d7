/** S3 knows no file that waits: an upload is answered as ever, and says in a header of ours that nobody sees it yet. */
import type { HeldRecord } from '../../../catalog/held-steps.ts'

export function pushHeldId(
  headers: string[],
  { held }: { readonly held: HeldRecord | null },
): void {
  if (held !== null) headers.push('x-hallpass-held', held.heldId)
}
