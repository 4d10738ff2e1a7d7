/** Which parts of an upload a file is made of. */
import type { Completion } from '../catalog.ts'
import type { PartRecord } from '../records.ts'

export interface CompletionPlan {
  readonly used: readonly PartRecord[]
  readonly unused: readonly PartRecord[]
}

/** `null` if a part that was named is not there with its ETag. */
export function decideComplete(
  parts: readonly PartRecord[],
  named: Completion['parts'],
): CompletionPlan | null {
  const byNumber = new Map(parts.map((part) => [part.number, part]))
  const used: PartRecord[] = []
  for (const { number, etag } of named) {
    const part = byNumber.get(number)
    if (part === undefined || part.etag !== etag) return null
    used.push(part)
    byNumber.delete(number)
  }
  return used.length === 0 ? null : { used, unused: [...byNumber.values()] }
}
