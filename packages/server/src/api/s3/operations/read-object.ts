/** What GetObject and HeadObject have in common: they differ in the body alone. */
import type { FileRecord } from '../../../catalog/records.ts'
import { findPartChecksums } from '../../../core/files/find-part-checksums.ts'
import { giveUpFile, openFile } from '../../../core/files/open-file.ts'
import type { OpenedFile } from '../../../core/files/open-file.ts'
import { isLink } from '../../../core/identity.ts'
import { REDIRECT_SECONDS } from '../../../core/limits.ts'
import type { Caller } from '../../../core/identity.ts'
import { isCounted } from '../../../core/policy/permit.ts'
import type { Permit } from '../../../core/policy/permit.ts'
import { parseConditions } from '../../../http/conditions.ts'
import { parseRange } from '../../../http/range.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import { amzHeader, queryValue } from '../face.ts'
import type { S3Answer, S3Body, S3Call, S3Face, S3Request } from '../face.ts'
import { pushChecksums, pushPartChecksum } from '../answers/checksum-headers.ts'
import { followUse } from '../answers/follow-use.ts'
import { formatObjectHeaders } from '../answers/object-headers.ts'
import { parseResponseOverrides } from '../answers/response-overrides.ts'
import type { ResponseOverrides } from '../answers/response-overrides.ts'
import { refuseEncryptionOfReads } from '../uploads/encryption-headers.ts'
import { parsePartNumber } from '../uploads/part-parameters.ts'
import { parseVersionId, pushVersionId } from './versioning/version-id.ts'

// Reading is not cancelled: the reader is closed when the connection ends, and a small body is there at once.
const NEVER: AbortSignal = new AbortController().signal
const CHECKSUM_MODE = 'x-amz-checksum-mode'

export async function readObject(
  face: S3Face,
  call: S3Call<'read'>,
  withBody: boolean,
): Promise<S3Answer> {
  const { permit, request } = call
  const { raw } = request
  refuseEncryptionOfReads(request)
  const tellsChecksum = asksForChecksum(request)
  const overrides = parseResponseOverrides(request)
  const opened = await openFile(
    face.core,
    permit,
    {
      versionId: parseVersionId(request),
      range: parseRange(findHeader(raw.headers, 'range')),
      conditions: parseConditions(raw.headers),
      ...parsePart(request),
      withBody,
    },
    NEVER,
  )
  try {
    const headers = describeObject(face, call, { opened, overrides })
    if (tellsChecksum) await pushAskedChecksum(headers, face, call, opened)
    const telling = pushVersionId(headers, face, permit, opened.file.versionId)
    if (telling !== undefined) await telling
    pushTagCount(headers, opened.file, permit.caller)
    if (opened.body?.kind === 'redirect') return await redirectTo(opened.body, headers)
    const { range, use, beginAnswer } = opened
    return {
      status: range === null ? 200 : 206,
      headers,
      body: toBody(opened),
      ...(use !== null && { follower: followUse(face.core, use) }),
      ...(beginAnswer !== null && { takesTime: beginAnswer }),
    }
  } catch (error) {
    await giveUpFile(face.core, opened)
    throw error
  }
}

/** What the answer would have said of the bytes, the store says in its place. Nobody keeps where it led. */
async function redirectTo(
  { sign }: Extract<NonNullable<OpenedFile['body']>, { kind: 'redirect' }>,
  headers: readonly string[],
): Promise<S3Answer> {
  const url = await sign({
    expiresInSeconds: REDIRECT_SECONDS,
    contentType: valueOf(headers, 'Content-Type'),
    contentDisposition: valueOf(headers, 'Content-Disposition'),
  })
  return {
    status: 302,
    headers: [
      ['Location', url.href],
      ['Content-Length', '0'],
      ['Cache-Control', 'private, no-store'],
      ['Referrer-Policy', 'no-referrer'],
      ['X-Robots-Tag', 'noindex, nofollow, noarchive'],
    ].flat(),
    body: null,
  }
}

function valueOf(headers: readonly string[], name: string): string {
  return headers[headers.indexOf(name) + 1] ?? ''
}

interface Described {
  readonly opened: OpenedFile
  readonly overrides: ResponseOverrides
}

function describeObject(
  face: S3Face,
  { permit, request }: S3Call<'read'>,
  { opened, overrides }: Described,
): string[] {
  const { file, range } = opened
  const nowMs = face.core.clock.now()
  const { caller } = permit
  const { inlineTypes = null, corsOrigins } = permit.folder.policy
  const life = { isCounted: isCounted(permit), nowMs, endsAt: endOf(permit) }
  const head = { file, range, overrides, caller, inlineTypes, ...life }
  const headers = formatObjectHeaders(head)
  // What one page may have, another may not take from the cache.
  if (corsOrigins !== undefined) headers.push('Vary', 'Origin')
  if (file.partSizes.length > 0 && queryValue(request, 'partNumber') !== null) {
    headers.push('x-amz-mp-parts-count', String(file.partSizes.length))
  }
  return headers
}

/** Of the part that is asked for, or else of the whole file. */
// oxlint-disable-next-line max-params -- the answer, what was asked, and what was found
async function pushAskedChecksum(
  headers: string[],
  face: S3Face,
  { permit, request }: S3Call<'read'>,
  { file, range }: OpenedFile,
): Promise<void> {
  const part = queryValue(request, 'partNumber')
  if (part !== null && file.partSizes.length > 0) {
    const parts = await findPartChecksums(face.core, permit, file)
    pushPartChecksum(headers, file, parts, Number(part))
  } else if (range === null) pushChecksums(headers, file)
}

/** Throws `checksum-conflict` for another mode than the one there is. */
function asksForChecksum(request: S3Request): boolean {
  const mode = amzHeader(request, CHECKSUM_MODE)
  if (mode === null || mode === '') return false
  if (mode.toUpperCase() === 'ENABLED') return true
  throw s3Refusal('checksum-conflict', { reason: `Value for ${CHECKSUM_MODE} header is invalid.` })
}

/** A link may have been shortened since it was signed. */
function endOf({ caller, grant }: Permit): number | null {
  if (!isLink(caller)) return null
  return Math.min(caller.expiresAt, grant?.expiresAt ?? caller.expiresAt)
}

function parsePart(request: S3Request): { readonly partNumber?: number } {
  const text = queryValue(request, 'partNumber')
  if (text === null) return {}
  if (findHeader(request.raw.headers, 'range') !== null) {
    const reason = 'Cannot specify both Range header and partNumber query parameter'
    throw s3Refusal('request-contradictory', { reason })
  }
  return { partNumber: parsePartNumber(text) }
}

/** S3 tells it to those who may read the tags: not to everybody. */
function pushTagCount(headers: string[], { tags }: FileRecord, caller: Caller): void {
  const count = Object.keys(tags).length
  if (count === 0 || (!isLink(caller) && caller.kind === 'anonymous')) return
  headers.push('x-amz-tagging-count', String(count))
}

function toBody({ body, file, range }: OpenedFile): S3Body {
  if (body === null) return null
  if (body.kind === 'bytes') return body.bytes
  if (body.kind === 'redirect')
    throw new Error('The tree answers with a URL, which no face hands on.')
  return { source: body.reader, length: range === null ? file.size : range.end - range.start + 1 }
}
