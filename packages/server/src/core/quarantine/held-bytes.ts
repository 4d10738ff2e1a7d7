/** The bytes of a file that waits. While they move, whoever took it says that they are at it still. */
import type { HeldRecord } from '../../catalog/held-steps.ts'
import { storeCorrupt } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { readFileBytes } from '../files/read-file-bytes.ts'
import { HELD_LEASE_MS } from '../limits.ts'

export async function* readHeldBytes(
  core: CoreContext,
  held: HeldRecord,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { clock, catalog } = core
  const bytes = await readFileBytes(core, held, { range: null, signal })
  if (bytes === null) throw new Error(`The bytes of ${held.heldId} are gone while it waits.`)
  let saidAt = clock.now()
  let size = 0
  for await (const piece of bytes) {
    size += piece.length
    yield piece
    if (clock.now() - saidAt < HELD_LEASE_MS / 4) continue
    saidAt = clock.now()
    await catalog.held.keep(held.heldId, saidAt + HELD_LEASE_MS)
  }
  if (size !== held.size) throw storeCorrupt(`The file ${held.heldId} does not have its size.`)
}
