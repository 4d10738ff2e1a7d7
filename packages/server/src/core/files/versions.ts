/** What lies behind a name: lists of versions, and the way back to one. */
import type { ListVersionsQuery, VersionListing } from '../../catalog/file-steps.ts'
import type { FileRecord, MarkerRecord, VersionRecord } from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { formatPath } from '../paths.ts'
import { authorize } from '../policy/authorize.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import { isWithin } from '../policy/key-rules.ts'
import type { Action } from '../../catalog/records.ts'
import type { Principal } from '../identity.ts'
import type { Permit } from '../policy/permit.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { deleteFile } from './files.ts'
import { fileNotFound, findVersion } from '../find-version.ts'

/** One page of the versions below the permit's path; throws `bucket-not-found`. */
export async function listVersions(
  core: CoreContext,
  permit: Permit<'list'>,
  query: Pick<ListVersionsQuery, 'delimiter' | 'after' | 'afterVersionId' | 'limit'>,
): Promise<VersionListing> {
  const { bucket, key: prefix } = permit.path
  if ((await core.catalog.buckets.find(bucket)) === null) throw bucketNotFound(bucket)
  return core.files.listVersions({ ...query, bucket, prefix })
}

/** A file by its id, as it stands or as it was deleted, for whoever reaches it; throws `file-not-found`. */
export async function authorizeHistory<Asked extends Action>(
  core: CoreContext,
  caller: Principal,
  action: Asked,
  id: string,
): Promise<{ readonly permit: Permit<Asked>; readonly latest: FileRecord | MarkerRecord }> {
  const latest = (await core.files.findById(id)) ?? (await core.files.findMarkerById(id))
  if (latest === null || !isWithin(caller.scope.pathPrefix, latest)) {
    throw refusal('file-not-found', { id })
  }
  const { bucket, key } = latest
  return { permit: await authorize(core, caller, action, { bucket, key }), latest }
}

export interface FileVersions {
  readonly versions: readonly VersionRecord[]
  /** The version to continue after; `null` at the end. */
  readonly nextAfter: string | null
}

/** Those of one name, the latest first. */
export async function listVersionsOf(
  core: CoreContext,
  { path: { bucket, key } }: Permit<'read'>,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<FileVersions> {
  const listing = await core.files.listVersions({
    bucket,
    prefix: key,
    delimiter: '',
    after: after === null ? '' : key,
    afterVersionId: after,
    limit,
  })
  // A name comes before every longer one that begins with it.
  const versions = listing.entries.flatMap((entry) =>
    entry.kind === 'file' && entry.file.key === key ? [entry.file] : [],
  )
  const isWhole = versions.length < limit || listing.nextAfter !== key
  return { versions, nextAfter: isWhole ? null : (versions.at(-1)?.versionId ?? null) }
}

/** A version, or a delete marker, for good. Throws `version-not-found`. */
export async function purgeVersion(
  core: CoreContext,
  permit: Permit<'delete'>,
  versionId: string,
): Promise<void> {
  const { path } = permit
  if ((await core.files.findVersion(path, versionId)) === null) {
    throw refusal('version-not-found', { path: formatPath(path), versionId })
  }
  await deleteFile(core, permit, versionId)
}

export interface Restoring {
  readonly latest: FileRecord | MarkerRecord
  readonly versionId: string | null
  /** What is there stays as it is. */
  readonly ifDeleted: boolean
}

/**
 * Undoes: a deleted file comes back as it was, with its id; of a file that is there `versionId`, or the version before the latest,
 * is made current once more, as a version of its own. Throws `file-not-found`, `version-not-found`, `version-deleted`.
 */
export async function restoreVersion(
  core: CoreContext,
  permit: Permit<'write'>,
  { latest, versionId, ifDeleted }: Restoring,
): Promise<FileRecord> {
  const source = versionId === null ? null : await findVersion(core, permit, versionId)
  if ('isDeleteMarker' in latest) {
    const revived = await undelete(core, permit, latest)
    return source === null || source.versionId === revived.versionId
      ? revived
      : makeCurrent(core, permit, source)
  }
  if (ifDeleted) return latest
  return makeCurrent(core, permit, source ?? (await findBefore(core, permit, latest)))
}

/** Takes the delete markers in front away, so that the version behind them is current again. */
async function undelete(
  core: CoreContext,
  permit: Permit<'write'>,
  latest: MarkerRecord,
): Promise<FileRecord> {
  const { path } = permit
  const hold = holdPermit(core, permit)
  let marker: MarkerRecord | null = latest
  while (marker !== null) {
    const { versionId } = marker
    const conditions = async () => ({ epoch: (await hold()).epoch })
    const outcome = await core.files.remove({ path, versionId, conditions })
    if (outcome.outcome === 'epoch-changed') throw tooFast()
    marker = await core.files.findMarker(path)
  }
  return findVersion(core, permit, null)
}

async function makeCurrent(
  core: CoreContext,
  permit: Permit<'write'>,
  source: FileRecord,
): Promise<FileRecord> {
  const { contentType, headers, metadata, tags } = source
  const hold = holdPermit(core, permit)
  const outcome = await core.files.copy({
    source,
    path: permit.path,
    draft: { contentType, headers, metadata, tags },
    checksums: source.checksums,
    conditions: async () => ({ epoch: (await hold()).epoch }),
  })
  if (outcome.outcome === 'committed') return outcome.file
  if (outcome.outcome === 'epoch-changed') throw tooFast()
  throw fileNotFound(permit.path)
}

/** The version that was current before the latest. */
async function findBefore(
  core: CoreContext,
  { path }: Permit<'write'>,
  latest: FileRecord,
): Promise<FileRecord> {
  const { bucket, key } = path
  const { entries } = await core.files.listVersions({
    bucket,
    prefix: key,
    delimiter: '',
    after: key,
    afterVersionId: latest.versionId,
    limit: 1,
  })
  const [entry] = entries
  const before = entry?.kind === 'file' && entry.file.key === key ? entry.file : null
  if (before !== null && !before.isDeleteMarker) return before
  const reason = 'no version of the file lies directly behind it; name the one to restore'
  throw refusal('field-invalid', { field: 'version', reason: `${reason} (${formatPath(path)})` })
}

function tooFast(): Error {
  return storeUnavailable('Keys, revocations or folders change too fast to write under them.')
}
