/** Where a folder asks for it, no file comes in whose bytes contradict what it says it is: whichever way it comes. */
import type { FileRecord } from '../../../catalog/records.ts'
import type { CoreContext } from '../../context.ts'
import { refusal } from '../../errors.ts'
import { nameOfFolder } from '../../policy/name-of-folder.ts'
import type { Permit } from '../../policy/permit.ts'
import { findContradiction } from './contradiction.ts'
import type { Claim } from './contradiction.ts'
import { readHead } from '../read-head.ts'
import { HEAD_BYTES } from './recognise.ts'

export function asksForKind({ folder }: Pick<Permit, 'folder'>): boolean {
  return folder.policy.requireMatchingType === true
}

/** The same bytes. Throws `type-contradicted` before the first of them, once enough came to tell. */
export async function* checkKind(
  body: AsyncIterable<Uint8Array>,
  claim: Claim,
): AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = []
  let size = 0
  let isHolding = true
  for await (const chunk of body) {
    if (!isHolding) {
      yield chunk
      continue
    }
    held.push(chunk)
    size += chunk.length
    if (size < HEAD_BYTES) continue
    isHolding = false
    await requireKind(claim, headOf(held))
    yield* held
  }
  if (!isHolding) return
  await requireKind(claim, headOf(held))
  yield* held
}

function headOf(chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES)
}

async function requireKind(claim: Claim, head: Uint8Array): Promise<void> {
  const contradiction = await findContradiction(claim, head)
  if (contradiction !== null) throw contradiction
}

/** The same for bytes that rest here already. Throws `type-contradicted`. */
export async function requireKindOf(
  core: CoreContext,
  permit: Permit<'write'>,
  { claim, file }: { readonly claim: Claim; readonly file: Pick<FileRecord, 'content' | 'size'> },
): Promise<void> {
  if (!asksForKind(permit)) return
  await requireKind(claim, await readHead(core, file, HEAD_BYTES))
}

/** What began before the line was drawn was not looked at. Throws `policy-refused`. */
export function requireLooked(held: Permit<'write'>, wasLooked: boolean): void {
  if (wasLooked || !asksForKind(held)) return
  const line = 'requireMatchingType'
  const reason = 'the line was set while the file was on its way; send it again'
  const where = nameOfFolder(held.folder.policyFrom[line])
  throw refusal('policy-refused', { line, where, reason })
}
