/**
 * Writes a body into the store while it comes. The last bytes wait until the digests were compared and the rights of the moment
 * looked at: until then the store has no object.
 */
import type {
  SealedBody,
  WriteConditions,
  WriteOutcome,
  WriteRefusal,
} from '../../catalog/file-steps.ts'
import type { WriteRequest } from '../file-tree.ts'
import { admitWrite, unlessInConflict } from './admit-write.ts'
import { findStored } from './find-stored.ts'
import { holdBack } from './hold-back.ts'
import type { Mount } from './mount.ts'
import { isSameCondition, storeConditionOf } from './store-condition.ts'
import { toFile, toStoredHeaders } from './stored-file.ts'

/** Ends the body: the write is refused, which is no fault. */
class WriteRefused extends Error {
  readonly outcome: WriteRefusal

  constructor(outcome: WriteRefusal) {
    super(outcome)
    this.outcome = outcome
  }
}

export async function writeStored(mount: Mount, request: WriteRequest): Promise<WriteOutcome> {
  const { path, draft, signal } = request
  const current = await findStored(mount, path.key)
  // Asked before the first byte as well: a store is told its conditions with the head of a request.
  const condition = storeConditionOf(await request.conditions(), current)
  let sealed: SealedBody | null = null
  let admitted: WriteConditions | null = null

  async function release(): Promise<void> {
    sealed = await request.seal()
    const { conditions } = request
    const { refusal, conditions: asked } = await admitWrite(mount, {
      path,
      current,
      conditions,
      signal,
    })
    if (refusal !== null) throw new WriteRefused(refusal)
    admitted = asked
    if (!isSameCondition(storeConditionOf(asked, current), condition)) {
      if (asked.useGrant !== undefined) await mount.catalog.mounts.giveBack(asked.useGrant)
      throw new WriteRefused('condition-failed')
    }
  }

  const stored = await unlessRefused(async (remember) => {
    const held = await holdBack(request.body, release)
    remember(held.failure)
    const options = { size: request.size, headers: toStoredHeaders(draft), condition, signal }
    return unlessInConflict(
      mount,
      () => admitted,
      () => mount.store.write(path.key, held.body, options),
    )
  })
  if (typeof stored === 'string') {
    return { outcome: stored === 'in-conflict' ? 'condition-failed' : stored }
  }
  const { contentType, headers, metadata } = draft
  const checksums = checksumsOf(sealed)
  const file = toFile(path.bucket, stored, { contentType, headers, metadata, checksums })
  await mount.catalog.mounts.settle({ file, conditions: conditionsOf(admitted) })
  return { outcome: 'committed', file, replaced: current }
}

type Failure = () => { readonly error: unknown } | null

/** What ended the body itself comes out as it was thrown, however the store says it. */
async function unlessRefused<Result>(
  write: (remember: (failure: Failure) => void) => Promise<Result>,
): Promise<Result | WriteRefusal> {
  let failure: Failure = () => null
  try {
    return await write((given) => {
      failure = given
    })
  } catch (thrown) {
    const error = failure()?.error ?? thrown
    if (error instanceof WriteRefused) return error.outcome
    throw error
  }
}

function checksumsOf(sealed: SealedBody | null): SealedBody['checksums'] {
  if (sealed === null) throw new Error('The store took a body before its last byte came.')
  return sealed.checksums
}

function conditionsOf(admitted: WriteConditions | null): WriteConditions {
  if (admitted === null) throw new Error('The store took a body that nobody had admitted.')
  return admitted
}
