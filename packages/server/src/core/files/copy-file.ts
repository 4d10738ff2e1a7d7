/**
 * Makes a version with the content of another, anywhere: no byte moves. What is read, if another checksum is asked for, is
 * read to be summed up alone.
 */
import type { FileDraft, WriteOutcome } from '../../catalog/file-steps.ts'
import type { Checksum, ChecksumAlgorithm, FileRecord } from '../../catalog/records.ts'
import type { HeldRecord } from '../../catalog/held-steps.ts'
import type { CoreContext } from '../context.ts'
import { holdTwo } from '../policy/hold-two.ts'
import type { PermitsFromTo } from '../policy/hold-two.ts'
import type { Permit } from '../policy/permit.ts'
import { requireBucket } from '../buckets/buckets.ts'
import { digestRange } from './digest-range.ts'
import { findSource } from './find-source.ts'
import type { CopySource } from './find-source.ts'
import { fileNotFound } from '../find-version.ts'
import { requireKept } from '../mounts/require-managed.ts'
import { requireKindOf } from './kinds/require-kind.ts'
import { checkObjectSize } from './object-size.ts'
import { checkType, conditionsOf, digestText, explainWrite, readType } from './write-file.ts'
import type { WritePreconditions } from './write-file.ts'

export interface CopyFileRequest extends WritePreconditions {
  readonly source: CopySource
  /** What the copy says of itself; `null` for what the source says. */
  readonly draft: (Omit<FileDraft, 'contentType' | 'tags'> & { contentType: string | null }) | null
  /** `null` for those of the source. */
  readonly tags: FileDraft['tags'] | null
  /** That the copy must have; `null` for those of the source alone. */
  readonly checksum: ChecksumAlgorithm | null
}

export interface CopiedFile {
  readonly file: FileRecord
  readonly source: FileRecord
  /** As it waits until it was looked at; `null` if it is a file already. */
  readonly held: HeldRecord | null
}

export type CopyPermits = PermitsFromTo<'read', 'write'>

/** The content of the source may be replaced and given up between the look at it and the commit: then it is looked for again. */
const MAX_TRIES = 5

/** Throws what `findSource` throws, and `bucket-not-found`, `file-too-large`, `type-contradicted`, `precondition-failed`, `file-exists`. */
export async function copyFile(
  core: CoreContext,
  permits: CopyPermits,
  request: CopyFileRequest,
  signal: AbortSignal,
): Promise<CopiedFile> {
  const { to } = permits
  await requireBucket(core, to)
  for (let tries = 1; ; tries += 1) {
    const source = await findSource(core, permits.from, request.source)
    const outcome = await copyOnce(core, permits, { ...request, source, signal })
    if (outcome.outcome === 'committed') {
      const { file, held = null } = outcome
      return { file, source, held }
    }
    if (outcome.outcome !== 'file-missing' || tries === MAX_TRIES) {
      throw await explainWrite(core, to, request, outcome.outcome)
    }
  }
}

interface Copy extends Omit<CopyFileRequest, 'source'> {
  readonly source: FileRecord
  readonly signal: AbortSignal
}

async function copyOnce(
  core: CoreContext,
  permits: CopyPermits,
  copy: Copy,
): Promise<WriteOutcome> {
  const { source } = copy
  requireAllowed(permits.to, copy)
  const draft = draftOf(copy)
  await requireKept(core, permits.to, draft)
  const checksums = await checksumsOf(core, copy)
  const hold = holdTwo(core, permits)
  return core.files.copy({
    source,
    path: permits.to.path,
    draft,
    checksums,
    conditions: async () => {
      const { to } = await hold()
      requireAllowed(to, copy)
      const claim = { ...draft, key: to.path.key }
      await requireKindOf(core, to, { claim, file: source })
      return conditionsOf(to, copy)
    },
  })
}

/** A type that nobody gives anew is judged only where not every type may be. */
function requireAllowed(permit: Permit<'write'>, { source, draft }: Copy): void {
  checkObjectSize(permit, source.size)
  if (draft !== null) checkType(permit, draft.contentType)
  else if (permit.contentTypes !== null) checkType(permit, source.contentType)
}

function draftOf({ source, draft, tags }: Copy): FileDraft {
  const kept = { tags: tags ?? source.tags }
  if (draft !== null) return { ...draft, ...kept, contentType: readType(draft.contentType) }
  const { contentType, headers, metadata } = source
  return { contentType, headers, metadata, ...kept }
}

async function checksumsOf(
  core: CoreContext,
  { source, checksum, signal }: Copy,
): Promise<readonly Checksum[]> {
  if (checksum === null) return source.checksums
  const kept = source.checksums.filter((known) => isKept(known, checksum))
  if (kept.some(({ algorithm }) => algorithm === checksum)) return kept
  const digests = await digestRange(core, source, { range: null, algorithms: [checksum], signal })
  if (digests === null) throw fileNotFound(source)
  const value = digestText(digests, checksum, 'base64')
  return [{ algorithm: checksum, type: 'full-object', value }, ...kept]
}

/** A version has the one checksum of all its bytes that was asked for; beside it stands the SHA-256, which is kept of every file. */
function isKept({ algorithm, type }: Checksum, asked: ChecksumAlgorithm): boolean {
  return type === 'full-object' && (algorithm === asked || algorithm === 'sha256')
}
