/** Lists, moves and deletes files. Reading and writing their bytes have files of their own. */
import type {
  Listing,
  ListFilesQuery,
  RemoveOutcome,
  WriteConditions,
} from '../../catalog/file-steps.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { HeldRecord } from '../../catalog/held-steps.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { actorOf } from '../actor-of.ts'
import { holderOf } from './holder.ts'
import { formatPath } from '../paths.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import { holdTwo } from '../policy/hold-two.ts'
import type { PermitsFromTo } from '../policy/hold-two.ts'
import type { Permit } from '../policy/permit.ts'
import { requirePublish } from '../policy/require-publish.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { fileNotFound } from '../find-version.ts'
import { asksForKind, requireKindOf } from './kinds/require-kind.ts'
import { quotaExceeded } from './quota.ts'
import { checkType, notEnforceable } from './write-file.ts'

export interface FolderQuery extends Pick<ListFilesQuery, 'delimiter' | 'after' | 'limit'> {
  /** Only keys that go on so. */
  readonly startsWith?: string
}

/** One page of what lies under the permit's path; throws `bucket-not-found`. The right is asked for the prefix, not for each file. */
export async function listFiles(
  core: CoreContext,
  permit: Permit<'list'>,
  { startsWith = '', ...query }: FolderQuery,
): Promise<Listing> {
  const { bucket, key } = permit.path
  if ((await core.catalog.buckets.find(bucket)) === null) throw bucketNotFound(bucket)
  return core.files.list({ ...query, bucket, prefix: key + startsWith })
}

export type RemovedFile = Extract<RemoveOutcome, { readonly outcome: 'removed' }>

/** What must be so of the version that is deleted. */
export type DeletePreconditions = Pick<
  WriteConditions,
  'ifAbsent' | 'ifEtag' | 'ifNotEtag' | 'ifSize' | 'ifModifiedAt'
>

/**
 * Deletes the current version, or the one named. Deleting what is not there succeeds, as in S3, unless the permit is for one file
 * (then it throws `file-not-found`), or something must be so of it. Throws `bucket-not-found`, `version-not-found`, `precondition-failed`.
 */
// oxlint-disable-next-line max-params -- which version, and what must be so of it
export async function deleteFile(
  core: CoreContext,
  permit: Permit<'delete'>,
  versionId: string | null = null,
  preconditions: DeletePreconditions = {},
): Promise<RemovedFile> {
  const hold = holdPermit(core, permit)
  const outcome = await core.files.remove({
    path: permit.path,
    versionId,
    conditions: async () => ({ ...preconditions, ...conditionsOf(await hold()) }),
  })
  switch (outcome.outcome) {
    case 'removed':
      return outcome
    case 'bucket-missing':
      throw bucketNotFound(permit.path.bucket)
    case 'condition-failed':
      throw await explainUnmet(core, permit, versionId, preconditions)
    default:
      throw refuse(outcome.outcome, permit)
  }
}

/** What is not there is missing; a name that was deleted is there, and is not as it must be. */
// oxlint-disable-next-line max-params -- as above
async function explainUnmet(
  core: CoreContext,
  { path }: Permit,
  versionId: string | null,
  { ifAbsent, ifNotEtag, ifSize, ifModifiedAt }: DeletePreconditions,
): Promise<Error> {
  const { files } = core
  if (versionId !== null && (await files.findVersion(path, versionId)) === null) {
    return refusal('version-not-found', { path: formatPath(path), versionId })
  }
  const isThere = (await files.find(path)) !== null || (await files.findMarker(path)) !== null
  const isNot = ifAbsent === true || ifNotEtag !== undefined
  const isOther = ifSize !== undefined || ifModifiedAt !== undefined
  const condition = isNot ? 'If-None-Match' : isOther ? 'x-amz-if-match' : 'If-Match'
  const missing = versionId === null && !isThere ? { missing: formatPath(path) } : {}
  return refusal('precondition-failed', { condition, ...missing })
}

export type MovePermits = PermitsFromTo<'delete', 'write'>

export interface MovedFile {
  readonly file: FileRecord
  /** As it waits until it was looked at, and is where it was; `null` if it has moved. */
  readonly held: HeldRecord | null
}

/**
 * Renames or moves; the id stays, links do not follow. Throws `file-not-found`, `file-exists`, `file-too-large`, `file-too-small`,
 * `content-type-not-allowed`, `type-contradicted`, `bucket-not-found`, `precondition-failed` where the file changes meanwhile,
 * `forbidden` for a private file into a public folder without the right to publish.
 */
export async function moveFile(
  core: CoreContext,
  permits: MovePermits,
  overwrite: boolean,
): Promise<MovedFile> {
  const { from, to } = permits
  const file = await core.files.find(from.path)
  if (file === null) throw from.fileId === null ? fileNotFound(from.path) : noSuchId(from.fileId)
  const id = from.fileId ?? file.id
  const hold = holdTwo(core, permits)
  const outcome = await core.files.move({
    id,
    from: from.path,
    to: to.path,
    overwrite,
    maxBytes: to.maxBytes,
    conditions: async () => {
      const held = await hold()
      const { epoch, folder } = held.to
      const claim = { ...file, key: to.path.key }
      await requireKindOf(core, held.to, { claim, file })
      const isOpened = folder.visibility === 'public' && held.from.folder.visibility === 'private'
      if (isOpened) await requirePublish(core, held.to)
      return {
        epoch,
        by: actorOf(to.caller),
        ...holderOf(held.to),
        quotas: folder.quotas,
        ...checkArrival(held.to, file),
      }
    },
  })
  switch (outcome.outcome) {
    case 'moved':
      return { file: outcome.file, held: outcome.held ?? null }
    case 'bucket-missing':
      throw bucketNotFound(to.path.bucket)
    case 'target-exists':
      throw refusal('file-exists', { path: formatPath(to.path) })
    case 'over-quota':
      throw quotaExceeded(to.folder.quotas)
    case 'not-enforceable':
      throw refusal('mount-limited', { bucket: to.path.bucket, reason: NO_MOVE })
    case 'too-large':
      throw refusal('file-too-large', { maxBytes: to.maxBytes })
    default:
      throw refuse(outcome.outcome, from)
  }
}

const NO_MOVE = 'nothing is moved into it or out of it; copy the file, and delete it where it was'

/** Where not everything may be, what was looked at is what must be moved. */
function checkArrival(
  to: Permit<'write'>,
  file: FileRecord,
): Pick<WriteConditions, 'ifEtag' | 'ifContentType'> {
  const { contentTypes, minBytes } = to
  if (contentTypes === null && minBytes === 0 && !asksForKind(to)) return {}
  if (file.size < minBytes) throw refusal('file-too-small', { minBytes })
  if (contentTypes !== null) checkType(to, file.contentType)
  return { ifEtag: file.etag, ifContentType: file.contentType }
}

function conditionsOf({ epoch, fileId, caller }: Permit): WriteConditions {
  return { epoch, by: actorOf(caller), ...(fileId !== null && { ifFileId: fileId }) }
}

function refuse(outcome: string, { path, fileId }: Permit): Error {
  switch (outcome) {
    case 'file-missing':
      return fileId === null ? fileNotFound(path) : noSuchId(fileId)
    case 'epoch-changed':
      return storeUnavailable('Keys, revocations or folders change too fast to write under them.')
    case 'condition-failed':
      return refusal('precondition-failed', { condition: 'If-Match' })
    case 'not-enforceable':
      return notEnforceable({ path })
    default:
      return new Error(`A file that is moved or deleted cannot meet ${outcome}.`)
  }
}

function noSuchId(id: string): DomainError<'file-not-found'> {
  return refusal('file-not-found', { id })
}
