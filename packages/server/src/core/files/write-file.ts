/**
 * Stores a file. The rights that were asked before the first byte are looked at again in the transaction that makes the file exist:
 * what was revoked or lowered meanwhile ends the upload, and a refusal or a crash at any point leaves what was there.
 */
import type { SealedBody, WriteConditions, WriteRefusal } from '../../catalog/file-steps.ts'
import type {
  Checksum,
  ChecksumAlgorithm,
  FileRecord,
  GrantRecord,
  StoredHeaders,
} from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { HeldRecord } from '../../catalog/held-steps.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { actorOf } from '../actor-of.ts'
import { holderOf } from './holder.ts'
import { FINISHED_UPLOAD_MS } from '../limits.ts'
import { uploadOfLink } from '../link-id.ts'
import { whyUnusable } from '../links/use-link.ts'
import { asksForKind, checkKind, requireLooked } from './kinds/require-kind.ts'
import { isMediaTypeAllowed, parseMediaType } from './media-type.ts'
import { holdPermit, requireInTime } from '../policy/hold-permit.ts'
import { formatPath } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'
import type { Permit } from '../policy/permit.ts'
import { bucketNotFound, createMissingBucket } from '../buckets/buckets.ts'
import { requireKept } from '../mounts/require-managed.ts'
import { quotaExceeded } from './quota.ts'
import type { Room } from './quota.ts'
import { fileNotFound } from '../find-version.ts'
import { measureBody, requireDigests } from './checked-body.ts'
import type { ExpectedDigest, MeasuredBody } from './checked-body.ts'
import type { Digests } from './running-digests.ts'

export interface WriteFileRequest {
  readonly contentType: string | null
  readonly headers: StoredHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags?: Readonly<Record<string, string>>
  /** The announced size, framing taken off; `null` if nobody said. */
  readonly contentLength: number | null
  /** To be kept besides the SHA-256; the CRC-64/NVME if there is none. */
  readonly checksums: readonly ChecksumAlgorithm[]
  /** Asked after the last byte, because a trailer may bring some. */
  readonly expected: () => readonly ExpectedDigest[]
  readonly ifAbsent?: boolean
  /** Without quotes; `*` takes any that is there. */
  readonly ifEtag?: string
  readonly ifNotEtag?: string
  /** A first upload makes its bucket, if the key may write at the bucket's root. Nothing is made for an upload that is refused. */
  readonly makesBucket?: boolean
}

/** Conditions of whoever writes. */
export type WritePreconditions = Pick<WriteFileRequest, 'ifAbsent' | 'ifEtag' | 'ifNotEtag'>

export interface WrittenFile {
  readonly file: FileRecord
  readonly replaced: boolean
  /** As it waits until it was looked at; `null` if it is a file already. */
  readonly held: HeldRecord | null
  readonly digests: Digests
}

/**
 * Everything that can be refused without a byte of the body is refused before one is asked for. Throws `bucket-not-found`,
 * `field-invalid` for a broken type, `content-type-not-allowed`, `type-contradicted`, `file-too-large`, `file-too-small`, `file-exists`, `precondition-failed`,
 * `body-incomplete`, `digest-mismatch`, `upload-too-long`, and what authorising again throws.
 */
export async function writeFile(
  core: CoreContext,
  permit: Permit<'write'>,
  request: WriteFileRequest,
  stream: { readonly body: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
): Promise<WrittenFile> {
  const contentType = checkType(permit, request.contentType)
  checkSize(permit, request.contentLength)
  await requireBucket(core, permit, request)
  await requireKept(core, permit, request)
  await requireConditions(core, permit, request)

  const room = await core.reservations.reserve(core, permit, {
    size: request.contentLength,
    isPart: false,
    findReplaced: () => core.files.find(permit.path),
  })
  try {
    return await store(core, permit, { ...request, contentType, room }, stream)
  } finally {
    room.release()
  }
}

// oxlint-disable-next-line max-params -- as above, with what was found out
async function store(
  core: CoreContext,
  permit: Permit<'write'>,
  request: WriteFileRequest & { readonly contentType: string; readonly room: Room },
  stream: { readonly body: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
): Promise<WrittenFile> {
  const { path } = permit
  const { contentType, room } = request
  const wanted = request.checksums.length === 0 ? DEFAULT_CHECKSUMS : request.checksums
  const kept = new Set<ChecksumAlgorithm>(['sha256', ...wanted])
  const isLooked = asksForKind(permit)
  const claim = { key: path.key, contentType, headers: request.headers }
  const sent = isLooked ? checkKind(stream.body, claim) : stream.body
  const body = measureBody(core.beginDigests, sent, withEtag(kept), {
    contentLength: request.contentLength,
    maxBytes: Math.min(permit.maxBytes, room.maxBytes),
    requireInTime: () => requireInTime(core, permit),
    takeRoom: (size) => room.take(size),
  })
  let measured: MeasuredBody | null = null
  const hold = holdPermit(core, permit)
  const writing = core.files.write({
    path,
    draft: {
      contentType,
      headers: request.headers,
      metadata: request.metadata,
      tags: request.tags ?? {},
    },
    body: body.bytes,
    size: request.contentLength,
    seal: async () => {
      measured = await body.finish()
      requireDigests(measured, [...request.expected(), ...digestOfLink(permit)])
      return seal(measured, kept)
    },
    conditions: async () => {
      const held = await hold()
      checkSize(held, measured?.size ?? null)
      checkType(held, contentType)
      requireLooked(held, isLooked)
      if (measured !== null) requireDigests(measured, digestOfLink(held))
      if (request.makesBucket === true) await createMissingBucket(core, held)
      return conditionsOf(held, request)
    },
    signal: stream.signal,
  })
  const outcome = await writing.finally(() => body.close())
  if (outcome.outcome !== 'committed')
    throw await explainWrite(core, permit, request, outcome.outcome)
  const { file, replaced, held = null } = outcome
  countBytes(core, permit, file.size)
  return { file, replaced: replaced !== null, held, digests: requireSealed(measured) }
}

/** The body that a link is for, if it is for one alone. */
function digestOfLink({ grant }: Permit): readonly ExpectedDigest[] {
  const hex = grant?.terms.sha256
  if (hex === undefined) return []
  return [{ algorithm: 'sha256', value: Buffer.from(hex, 'hex'), check: 'sha256 of the link' }]
}

/** What S3 computes of a body that came without a checksum [S3-CHECKSUMS]. */
const DEFAULT_CHECKSUMS: readonly ChecksumAlgorithm[] = ['crc64nvme']

/** The type as it is stored: what does not parse could be one thing to the check and another to a browser. */
export function checkType({ contentTypes }: Permit, sent: string | null): string {
  const text = readType(sent)
  if (contentTypes === null) return text
  const type = sent === null ? null : parseMediaType(text)
  if (type !== null && isMediaTypeAllowed(type, contentTypes)) return text
  throw refusal('content-type-not-allowed', { allowed: contentTypes })
}

/** Whatever may be stored here; throws `field-invalid` for what is no type. */
export function readType(sent: string | null): string {
  const text = sent ?? 'application/octet-stream'
  if (parseMediaType(text) !== null) return text.trim()
  const reason = 'it must be one media type such as text/plain; charset=utf-8'
  throw refusal('field-invalid', { field: 'Content-Type', reason })
}

function checkSize({ minBytes, maxBytes }: Permit, size: number | null): void {
  if (size === null) return
  if (size > maxBytes) throw refusal('file-too-large', { maxBytes })
  if (size < minBytes) throw refusal('file-too-small', { minBytes })
}

/** A bucket that the write will make must not be missing for any other reason than being the first. */
async function requireBucket(
  core: CoreContext,
  { path }: Permit,
  { makesBucket, ifEtag }: WriteFileRequest,
): Promise<void> {
  if ((await core.catalog.buckets.find(path.bucket)) !== null) return
  if (makesBucket !== true) throw bucketNotFound(path.bucket)
  if (ifEtag !== undefined) throw noMatch(path)
}

/** What the transaction would refuse is refused here already, before a body is sent in vain. */
export async function requireConditions(
  core: CoreContext,
  permit: Permit<'write'>,
  request: WritePreconditions,
): Promise<void> {
  const conditions = conditionsOf(permit, request)
  const { ifAbsent, ifOwn, ifEtag, ifNotEtag } = conditions
  const isFree = ifAbsent !== true && ifOwn !== true
  if (isFree && ifEtag === undefined && ifNotEtag === undefined) return
  const current = await core.files.find(permit.path)
  const isMet =
    current === null
      ? ifEtag === undefined
      : ifAbsent !== true &&
        (ifEtag === undefined || ifEtag === '*' || ifEtag === current.etag) &&
        ifNotEtag !== current.etag &&
        (await mayReplace(core, conditions, current))
  if (!isMet) throw await conditionFailed(core, permit, request)
}

/** Another upload on the link may have stored the file since the permit was given. */
async function mayReplace(
  core: CoreContext,
  { ifOwn, useGrant }: WriteConditions,
  { content }: FileRecord,
): Promise<boolean> {
  if (ifOwn !== true || useGrant === undefined) return true
  const grant = await core.catalog.grants.find(useGrant.id)
  return grant?.ownContentId === content.contentId
}

export function conditionsOf(
  permit: Permit<'write'>,
  request: WritePreconditions,
): WriteConditions {
  const { quotas, grant, caller, admittedAt, epoch, fileId } = permit
  const keeps = keepsWhatIsThere(grant)
  const ifOwn = keeps && grant !== null && grant.ownContentId !== null
  const ifAbsent = request.ifAbsent === true || (keeps && !ifOwn)
  return {
    epoch,
    by: grant === null ? actorOf(caller) : { ...actorOf(caller), linkId: grant.id },
    ...holderOf(permit),
    ...(quotas.length > 0 && { quotas }),
    ...(ifAbsent && { ifAbsent }),
    ...(ifOwn && { ifOwn }),
    ...(request.ifEtag !== undefined && { ifEtag: request.ifEtag }),
    ...(request.ifNotEtag !== undefined && { ifNotEtag: request.ifNotEtag }),
    ...(fileId !== null && { ifFileId: fileId }),
    ...(grant !== null && {
      useGrant: {
        id: grant.id,
        terms: grant.terms,
        admittedAtMs: admittedAt,
        clientIp: caller.clientIp,
        ...(grant.terms.upload !== undefined && {
          slot: { id: uploadOfLink(grant.id), forgetAt: admittedAt + FINISHED_UPLOAD_MS },
        }),
      },
    }),
  }
}

/** Of a link that was not made to replace anything. */
function keepsWhatIsThere(grant: GrantRecord | null): boolean {
  return grant !== null && grant.terms.mayOverwrite !== true
}

/** What is to be computed of a body that keeps these: its ETag is the MD5. */
export function withEtag(kept: Iterable<ChecksumAlgorithm>): ReadonlySet<ChecksumAlgorithm> {
  return new Set(['md5', ...kept])
}

/** The MD5 is the ETag, and one of the checksums only where somebody asked for it as such. */
export function seal(measured: MeasuredBody, kept: ReadonlySet<ChecksumAlgorithm>): SealedBody {
  const checksums = [...kept].map((algorithm): Checksum => ({
    algorithm,
    type: 'full-object',
    value: digestText(measured.digests, algorithm, 'base64'),
  }))
  return { size: measured.size, etag: digestText(measured.digests, 'md5', 'hex'), checksums }
}

// oxlint-disable-next-line max-params -- the request and what became of it
export async function explainWrite(
  core: CoreContext,
  permit: Permit<'write'>,
  request: WritePreconditions,
  outcome: WriteRefusal,
): Promise<Error> {
  switch (outcome) {
    case 'bucket-missing':
      return bucketNotFound(permit.path.bucket)
    case 'condition-failed':
      return conditionFailed(core, permit, request)
    case 'grant-unusable':
      return whyUnusable(core, permit.grant?.id ?? '')
    case 'epoch-changed':
      return storeUnavailable('Keys, revocations or folders change too fast to write under them.')
    case 'file-missing':
      return fileNotFound(permit.path)
    case 'over-quota':
      return quotaExceeded(permit.quotas)
    case 'not-enforceable':
      return notEnforceable(permit)
    case 'upload-missing':
      return new Error('A write of a whole body cannot miss an upload.')
  }
}

/** The policy, or the mount, was changed while the file was on its way. */
export function notEnforceable({ path: { bucket } }: Pick<Permit, 'path'>): Error {
  const reason = 'it takes no write, or none that has to wait or to be counted'
  return refusal('mount-limited', { bucket, reason })
}

async function conditionFailed(
  core: CoreContext,
  { grant, path }: Permit,
  { ifAbsent, ifEtag, ifNotEtag }: WritePreconditions,
): Promise<Error> {
  if (ifAbsent === true || ifNotEtag !== undefined) {
    return refusal('precondition-failed', { condition: 'If-None-Match' })
  }
  if (ifEtag !== undefined && (await core.files.find(path)) === null) return noMatch(path)
  if (keepsWhatIsThere(grant)) return refusal('file-exists', { path: formatPath(path) })
  return refusal('precondition-failed', { condition: 'If-Match' })
}

/** Nothing is there that could match. */
function noMatch(path: ObjectPath): Error {
  return refusal('precondition-failed', { condition: 'If-Match', missing: formatPath(path) })
}

/** The use was counted with the commit. */
function countBytes(core: CoreContext, { grant, caller }: Permit, bytes: number): void {
  if (grant === null) return
  const lastUsedAt = core.clock.now()
  core.uses.add({ id: grant.id, uses: 0, bytes, lastUsedAt, lastUsedIp: caller.clientIp })
}

/** What `seal` has left: nothing is stored before it was called. */
export function requireSealed(measured: MeasuredBody | null): Digests {
  if (measured === null) throw new Error('What is stored was not sealed.')
  return measured.digests
}

export function digestText(
  digests: Digests,
  algorithm: ChecksumAlgorithm,
  encoding: 'hex' | 'base64',
): string {
  const digest = digests.get(algorithm)
  if (digest === undefined) throw new Error(`The ${algorithm} of the body was not computed.`)
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString(encoding)
}
