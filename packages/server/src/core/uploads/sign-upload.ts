/** The requests that send a planned upload, each signed for a few minutes and for its very size, and again as often as they are asked for. */
import type { GrantRecord, UploadRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { PLANNED_URL_SECONDS } from '../limits.ts'
import { requireSigningKey } from '../links/issue-link.ts'
import { signingSecond } from '../links/issue-time.ts'
import { IP_PARAMETER, LINK_PARAMETER } from '../links/link-parameters.ts'
import type { LinkToSign } from '../links/sign.ts'
import { authorizeForLink } from '../policy/authorize.ts'
import type { Permit } from '../policy/permit.ts'
import type { PlannedUpload } from './begin-upload.ts'
import { uploadNotFound } from './find-upload.ts'

export interface SignedRequest {
  /** `null`: the whole file. */
  readonly partNumber: number | null
  readonly method: 'PUT' | 'POST'
  readonly url: string
  /** What must be sent; the length goes by itself. */
  readonly headers: Readonly<Record<string, string>>
  /** Of a form, before the file. */
  readonly fields: Readonly<Record<string, string>> | null
  readonly bytes: number
  readonly expiresAt: Date
}

/** How many parts there are; one for what comes whole. */
export function partCountOf({ terms: { upload } }: GrantRecord): number {
  if (upload === undefined || upload.partBytes === null) return 1
  return Math.max(1, Math.ceil(upload.bytes / upload.partBytes))
}

/** Of a part, or of what comes whole. */
export function bytesOfPart(grant: GrantRecord, number: number): number {
  const { bytes = 0, partBytes = null } = grant.terms.upload ?? {}
  if (partBytes === null) return bytes
  return Math.min(partBytes, bytes - (number - 1) * partBytes)
}

/**
 * `permit` is for the place of the upload. `numbers` are of parts; none of what comes whole. Throws `upload-not-found` if the
 * upload is over, `field-invalid` for a part that there is not, `link-revoked`, also if the
 * key of its link signs nothing any more.
 */
export async function signUpload(
  core: CoreContext,
  { caller }: Permit<'write'>,
  planned: PlannedUpload,
  numbers: readonly number[],
): Promise<readonly SignedRequest[]> {
  const { id, grant, slot } = planned
  const now = core.clock.now()
  const secondsLeft = Math.floor((grant.expiresAt - now) / 1000)
  if (slot === null || secondsLeft < 1) throw uploadNotFound(id)
  await authorizeForLink(core, caller, grant)
  const signer = requireSigningKey(await core.keyRing.current())
  // A record speaks for its own signer: what the next key would sign is refused.
  if (signer.record.id !== grant.signingKeyId) throw refusal('link-revoked', {})
  if (grant.terms.upload?.isDirect === true) return signDirectly(core, planned, numbers)
  const isWhole = grant.terms.upload?.partBytes === null
  return (isWhole ? [null] : numbers).map((number) => {
    const bytes = bytesOfPart(grant, requirePart(grant, number) ?? 1)
    const signed = core.signLink(core.filesUrl, signer, {
      ...requestOf(grant, slot, { number, bytes }),
      path: { bucket: grant.bucket, key: grant.key },
      signedAt: signingSecond(now),
      expiresInSeconds: Math.min(PLANNED_URL_SECONDS, secondsLeft),
    })
    const { 'content-length': _length, ...headers } = signed.headers
    const method = grant.method === 'POST' ? 'POST' : 'PUT'
    return { ...signed, headers, partNumber: number, method, bytes }
  })
}

/** Of the store itself: each takes its part and makes no file of it. */
async function signDirectly(
  core: CoreContext,
  { id, grant }: PlannedUpload,
  numbers: readonly number[],
): Promise<readonly SignedRequest[]> {
  const sign = await core.files.uploads.signerOf(grant.bucket)
  if (sign === null) throw uploadNotFound(id)
  const now = core.clock.now()
  const secondsLeft = Math.floor((grant.expiresAt - now) / 1000)
  const expiresInSeconds = Math.min(PLANNED_URL_SECONDS, secondsLeft)
  const expiresAt = new Date(now + expiresInSeconds * 1000)
  return Promise.all(
    numbers.map(async (number): Promise<SignedRequest> => {
      const bytes = bytesOfPart(grant, requirePart(grant, number) ?? 1)
      const url = await sign({ uploadId: id, number, bytes, expiresInSeconds })
      const request = { method: 'PUT', url: url.href, headers: {}, fields: null } as const
      return { ...request, partNumber: number, bytes, expiresAt }
    }),
  )
}

function requirePart(grant: GrantRecord, number: number | null): number | null {
  const count = partCountOf(grant)
  if (number === null || (number >= 1 && number <= count)) return number
  throw refusal('field-invalid', { field: 'parts', reason: `there are parts 1 to ${count}` })
}

interface Piece {
  readonly number: number | null
  readonly bytes: number
}

function requestOf(
  grant: GrantRecord,
  slot: UploadRecord,
  { number, bytes }: Piece,
): Pick<LinkToSign, 'method' | 'query' | 'headers' | 'conditions'> {
  const { networks = [] } = grant.terms
  const query = {
    [LINK_PARAMETER]: grant.id,
    ...(networks.length > 0 && { [IP_PARAMETER]: networks.join(',') }),
    ...(number !== null && { partNumber: String(number), uploadId: slot.id }),
  }
  const length = { 'content-length': String(bytes) }
  if (number !== null) return { method: 'PUT', query, headers: length, conditions: [] }
  const metadata = metadataOf(slot)
  if (grant.method === 'POST') {
    const headers = { 'Content-Type': slot.contentType, ...metadata }
    const conditions: LinkToSign['conditions'] = [['content-length-range', bytes, bytes]]
    return { method: 'POST', query, headers, conditions }
  }
  const headers = { 'content-type': slot.contentType, ...metadata, ...length }
  return { method: 'PUT', query, headers, conditions: [] }
}

function metadataOf({ metadata }: UploadRecord): Record<string, string> {
  const pairs = Object.entries(metadata)
  return Object.fromEntries(pairs.map(([name, value]) => [`x-amz-meta-${name}`, value]))
}
