/**
 * Makes links: standard S3 presigned URLs, signed with the server's own key, with a grant behind each so that one link can
 * be seen, counted and revoked. What S3 lacks rides as further signed query parameters that nobody can strip.
 */
import { percentEncodePath } from '@hallpass/signing/encoding'
import { presignS3 } from '@hallpass/signing/s3'
import type { FileRecord, FolderPolicy, GrantRecord, LinkMethod } from '../../catalog/records.ts'
import { formatContentDisposition } from '../content-disposition.ts'
import { requireAccess } from '../access.ts'
import { parseAddressLimit } from '../addresses.ts'
import type { CoreContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { resolveFolder } from '../folders/resolve-folder.ts'
import { createId } from '../ids.ts'
import type { Principal } from '../identity.ts'
import type { Keys, UsableAccessKey } from '../keys/key-ring.ts'
import {
  DEFAULT_DOWNLOAD_SECONDS,
  DEFAULT_UPLOAD_SECONDS,
  MAX_EXPIRES_SECONDS,
  REASON_NEEDED_SECONDS,
} from '../limits.ts'
import { IP_PARAMETER, LINK_PARAMETER } from './link-parameters.ts'

export interface LinkOptions {
  readonly bucket: string
  readonly key: string
  readonly method: LinkMethod
  readonly expiresInSeconds?: number
  /** The name a download is saved under; the last part of the key if not given. */
  readonly filename?: string
  /** Why a link lives longer than a day. */
  readonly reason?: string
  readonly ips?: readonly string[]
  readonly maxUses?: number
  /** Uploads: the largest body, enforced while it streams. */
  readonly maxBytes?: number
  /** Uploads: what the body may call itself; `image/*` takes a family. */
  readonly contentTypes?: readonly string[]
  /** Uploads: the one type, signed, so that it must be sent. */
  readonly contentType?: string
}

export interface IssuedLink {
  readonly id: string
  readonly url: string
  readonly method: LinkMethod
  /** What must be sent with the request. */
  readonly headers: Readonly<Record<string, string>>
  readonly expiresAt: Date
}

/** Throws `forbidden`, `field-invalid`, `expiry-too-long`, `file-not-found`. */
export async function issueLink(
  core: CoreContext,
  principal: Principal,
  options: LinkOptions,
): Promise<IssuedLink> {
  const { bucket, key, method } = options
  await requireAccess(core, principal, 'share', options)
  await requireAccess(core, principal, method === 'GET' ? 'read' : 'write', options)
  await requireTarget(core, options)
  const { policy } = await resolveFolder(core, bucket, key)
  const expiresInSeconds = chooseExpiry(options, policy)
  const ips = parseAddressLimit(options.ips, 'ip')

  // Not from memory: another process may have revoked or rotated a moment ago, and the link would be born dead.
  const keys = await core.keyRing.recheck()
  const signingKey = requireSigningKey(keys)
  const signedAt = chooseSigningTime(core, keys, { keyId: signingKey.record.id, bucket, key })
  const id = createId(core.random, 'link_')
  const query: Record<string, string> = { [LINK_PARAMETER]: id }
  if (ips.length > 0) query[IP_PARAMETER] = ips.join(',')
  if (method === 'GET') {
    query['response-content-disposition'] = formatContentDisposition(
      'attachment',
      options.filename ?? lastPart(key),
    )
  }
  const headers: Record<string, string> =
    options.contentType === undefined ? {} : { 'content-type': options.contentType }

  const presigned = presign(core, signingKey, {
    method,
    bucket,
    key,
    expiresInSeconds,
    query,
    headers,
    now: new Date(signedAt),
  })
  await core.catalog.grants.insert(
    toGrant(id, options, {
      signingKeyId: signingKey.record.id,
      createdAt: core.clock.now(),
      createdBy: principal.id,
      expiresAt: presigned.expiresAt.getTime(),
    }),
  )
  core.log.info(
    { link: id, method, bucket, key, expiresInSeconds, by: principal.id },
    'link issued',
  )
  const { url, headers: sent, expiresAt } = presigned
  return { id, url, method, headers: sent, expiresAt }
}

/**
 * A short-lived download URL of a file somebody has just been shown, without a grant: it dies with its folder's, file's,
 * key's or instance's links, not alone.
 */
export async function signFileUrl(
  core: CoreContext,
  file: FileRecord,
): Promise<{ readonly url: string; readonly expiresAt: Date }> {
  const { bucket, key } = file
  const keys = await core.keyRing.current()
  const signingKey = requireSigningKey(keys)
  const { policy } = await resolveFolder(core, bucket, key)
  const signedAt = chooseSigningTime(core, keys, { keyId: signingKey.record.id, bucket, key })
  const { url, expiresAt } = presign(core, signingKey, {
    method: 'GET',
    bucket,
    key,
    expiresInSeconds: Math.min(DEFAULT_DOWNLOAD_SECONDS, policy.maxDownloadSeconds ?? Infinity),
    query: {
      'response-content-disposition': formatContentDisposition('attachment', lastPart(key)),
    },
    headers: {},
    now: new Date(signedAt),
  })
  return { url, expiresAt }
}

/** Where a file in a public folder is fetched without any signature. */
export function publicFileUrl(core: CoreContext, { bucket, key }: FileRecord): string {
  return `${core.filesUrl}/${bucket}/${percentEncodePath(key)}`
}

interface PresignInput {
  readonly method: LinkMethod
  readonly bucket: string
  readonly key: string
  readonly expiresInSeconds: number
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly now: Date
}

function presign(
  core: CoreContext,
  { accessKeyId, secretAccessKey }: UsableAccessKey,
  input: PresignInput,
): ReturnType<typeof presignS3> {
  return presignS3({
    ...input,
    region: core.region,
    endpoint: core.filesUrl,
    pathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  })
}

async function requireTarget(
  core: CoreContext,
  { bucket, key, method }: LinkOptions,
): Promise<void> {
  if ((await core.catalog.buckets.find(bucket)) === null) {
    throw new DomainError('bucket-not-found', `There is no bucket ${bucket}.`, { bucket })
  }
  if (method === 'GET' && (await core.catalog.files.find(bucket, key)) === null) {
    const path = `${bucket}/${key}`
    throw new DomainError('file-not-found', 'There is no file at this path.', { path })
  }
}

function requireSigningKey({ signingKey }: Keys): UsableAccessKey {
  if (signingKey === null) throw new Error('There is no active signing key.')
  return signingKey
}

/** The life asked for, or the default; never above the caps of the instance and of the folders. */
function chooseExpiry(options: LinkOptions, policy: FolderPolicy): number {
  const isUpload = options.method === 'PUT'
  const standard = isUpload ? DEFAULT_UPLOAD_SECONDS : DEFAULT_DOWNLOAD_SECONDS
  const lowered = isUpload ? policy.maxUploadSeconds : policy.maxDownloadSeconds
  const maxSeconds = Math.min(lowered ?? MAX_EXPIRES_SECONDS, MAX_EXPIRES_SECONDS)
  const seconds = options.expiresInSeconds ?? Math.min(standard, maxSeconds)
  if (seconds > maxSeconds) {
    const hint = lowered === undefined ? 'No link lives longer.' : 'The folder lowers it.'
    const message = `expiresIn: at most ${maxSeconds} seconds here. ${hint}`
    throw new DomainError('expiry-too-long', message, { seconds, maxSeconds, hint })
  }
  if (seconds > REASON_NEEDED_SECONDS && (options.reason ?? '').trim() === '') {
    const reason = `a link that lives longer than ${REASON_NEEDED_SECONDS} seconds needs a written reason`
    throw new DomainError('field-invalid', `reason: ${reason}.`, { field: 'reason', reason })
  }
  return seconds
}

/**
 * Signing times have whole seconds. A link made in the very second of a revocation would fall under it, so its time is
 * the next second, which every verifier takes as clock skew.
 */
function chooseSigningTime(
  core: CoreContext,
  keys: Keys,
  origin: { readonly keyId: string; readonly bucket: string; readonly key: string },
): number {
  const now = Math.floor(core.clock.now() / 1000) * 1000
  const notBefore = Math.ceil(keys.notBefore(origin) / 1000) * 1000
  return notBefore - now === 1000 ? notBefore : now
}

function toGrant(
  id: string,
  options: LinkOptions,
  made: Pick<GrantRecord, 'signingKeyId' | 'createdAt' | 'createdBy' | 'expiresAt'>,
): GrantRecord {
  return {
    id,
    method: options.method,
    bucket: options.bucket,
    key: options.key,
    ...made,
    reason: options.reason ?? null,
    maxUses: options.maxUses ?? null,
    uses: 0,
    lastUsedAt: null,
    lastUsedIp: null,
    maxBytes: options.maxBytes ?? null,
    contentTypes: options.contentTypes ?? [],
    revokedAt: null,
  }
}

function lastPart(key: string): string {
  return key.split('/').findLast((part) => part !== '') ?? 'download'
}
