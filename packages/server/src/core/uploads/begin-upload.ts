/**
 * Begins a planned upload: a file whose size, place and type are known before its first byte, and which the bearer of short URLs sends,
 * in one piece or in parts. Behind it stand a link, which says what may come and ends it when it is revoked, and a slot, which ends
 * with the file. Both have one id.
 */
import type { GrantRecord, GrantTerms, LinkMethod, UploadRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { asksForKind } from '../files/kinds/require-kind.ts'
import { checkObjectSize } from '../files/object-size.ts'
import {
  MAX_WHOLE_BYTES,
  PLANNED_PART_BYTES,
  PLANNED_UPLOAD_SECONDS,
  PLANNED_WHOLE_SECONDS,
} from '../limits.ts'
import { MAX_PARTS, MAX_PUT_BYTES } from '../../platform/s3-limits.ts'
import { chooseNetworks } from '../links/draft-link.ts'
import { issueLink } from '../links/issue-link.ts'
import { linkOfUpload, uploadOfLink } from '../link-id.ts'
import { formatPath } from '../paths.ts'
import { deliveryOf } from '../policy/delivery.ts'
import type { Permit } from '../policy/permit.ts'
import { uploadNotFound } from './find-upload.ts'
import { openUpload } from './open-upload.ts'

export type UploadMethod = 'put' | 'post' | 'multipart'

export interface UploadWish {
  readonly bytes: number
  readonly contentType: string
  readonly metadata: Readonly<Record<string, string>>
  /** What the sender can do. */
  readonly methods: readonly UploadMethod[]
  readonly overwrite: boolean
  /** Through this server, also where the folder lets it go to the store itself. */
  readonly isProxied: boolean
  readonly terms: Pick<GrantTerms, 'reason' | 'label' | 'sha256'>
  readonly ips?: readonly string[]
  readonly expiresInSeconds?: number
}

export interface PlannedUpload {
  readonly id: string
  readonly grant: GrantRecord
  /** `null` once it has ended. */
  readonly slot: UploadRecord | null
}

/** Of one key, for one path. */
export interface BeginPermits {
  readonly share: Permit<'share'>
  readonly write: Permit<'write'>
}

/**
 * Throws `file-too-large`, `file-too-small`, `content-type-not-allowed`, `file-exists`, `field-invalid` for methods that cannot do it,
 * `upload-limit`, `quota-exceeded`, and what issuing a link throws.
 */
export async function beginUpload(
  core: CoreContext,
  { share, write }: BeginPermits,
  wish: UploadWish,
): Promise<PlannedUpload> {
  const { bytes, contentType, metadata, overwrite, terms, ips } = wish
  checkObjectSize(write, bytes)
  if (!overwrite && (await core.files.find(write.path)) !== null) {
    throw refusal('file-exists', { path: formatPath(write.path) })
  }
  const isDirect = await mayGoDirectly(core, { share, write }, wish)
  const method = isDirect ? 'multipart' : chooseMethod(wish)
  const partBytes = method === 'multipart' ? partBytesOf(bytes) : null
  const seconds = wish.expiresInSeconds ?? usualLife(share, terms, partBytes !== null)
  const { id: linkId } = await issueLink(core, share, {
    method: LINK_METHODS[method],
    expiresInSeconds: seconds,
    maxUses: 1,
    contentType,
    overwrite,
    terms: {
      ...terms,
      maxBytes: bytes,
      upload: { bytes, partBytes, ...(isDirect && { isDirect }) },
    },
    ...(ips !== undefined && { ips }),
  })
  const id = uploadOfLink(linkId)
  const slot = await openUpload(core, write, {
    contentType,
    headers: {},
    metadata,
    tags: {},
    checksum: null,
    slot: { id, idleMs: seconds * 1000, bytes },
  })
  return { id, grant: await findGrant(core, id), slot }
}

/** The link behind a planned upload, which says who may look at it. Throws `upload-not-found`. */
export async function findGrant(core: CoreContext, id: string): Promise<GrantRecord> {
  const grant = await core.catalog.grants.find(linkOfUpload(id))
  if (grant?.terms.upload === undefined) throw uploadNotFound(id)
  return grant
}

/**
 * Whether it goes to the store itself, by its own URLs, where nothing is a file before it is completed here. What nobody but this server
 * can look at, or ask where it comes from, passes this server.
 */
async function mayGoDirectly(
  core: CoreContext,
  { share, write }: BeginPermits,
  { bytes, methods, isProxied, terms, ips }: UploadWish,
): Promise<boolean> {
  const { folder, path } = write
  if (isProxied || deliveryOf(folder) !== 'direct' || asksForKind(write)) return false
  const isPlain = terms.sha256 === undefined && chooseNetworks(share, ips).length === 0
  if (!isPlain || bytes === 0 || !methods.includes('multipart')) return false
  return (await core.files.uploads.signerOf(path.bucket)) !== null
}

/** Those whose links commit; a part is a PUT as well. */
const LINK_METHODS = { put: 'PUT', post: 'POST', multipart: 'PUT' } as const satisfies Record<
  UploadMethod,
  LinkMethod
>

function chooseMethod({ bytes, methods, terms }: UploadWish): UploadMethod {
  // What arrives in parts is never seen as a whole: nobody could compare it.
  const mayPart = methods.includes('multipart') && terms.sha256 === undefined
  const whole = methods.find((method) => method !== 'multipart') ?? null
  const isWhole = whole !== null && bytes <= (mayPart ? MAX_WHOLE_BYTES : MAX_PUT_BYTES)
  if (isWhole) return whole
  if (mayPart) return 'multipart'
  const reason =
    terms.sha256 === undefined
      ? `a file of ${bytes} bytes needs multipart`
      : `a file with a sha256 comes in one piece, of at most ${MAX_PUT_BYTES} bytes`
  throw refusal('field-invalid', { field: 'methods', reason })
}

const MIB = 1024 ** 2

/** Whole mebibytes, and no more parts than there may be. */
function partBytesOf(bytes: number): number {
  return Math.max(PLANNED_PART_BYTES, Math.ceil(bytes / MAX_PARTS / MIB) * MIB)
}

/**
 * As long as an upload goes on, as far as nobody wants a reason for it. What comes in one piece has nothing to go on with, and those that
 * never come make room for others.
 */
function usualLife({ folder }: Permit, { reason }: UploadWish['terms'], inParts: boolean): number {
  const { maxUploadSeconds, reasonOverSeconds } = folder.policy
  const unreasoned = reason === undefined && reasonOverSeconds > 0 ? reasonOverSeconds : Infinity
  const usual = inParts ? PLANNED_UPLOAD_SECONDS : PLANNED_WHOLE_SECONDS
  return Math.min(usual, maxUploadSeconds, unreasoned)
}
