/**
 * Stores a file. Bytes come to rest first, then one catalog transaction makes the file exist: readers see the old file or
 * the new one, whole, and a refusal or a crash at any point leaves what was there.
 */
import type { CommitOutcome, WriteConditions } from '../../catalog/catalog.ts'
import type { FileRecord, StoredHeaders } from '../../catalog/records.ts'
import { requireAccess } from '../access.ts'
import type { CoreContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { resolveFolder } from '../folders/resolve-folder.ts'
import { createOrderedId } from '../ids.ts'
import { isLink } from '../identity.ts'
import type { Caller } from '../identity.ts'
import { INLINE_BLOB_BYTES, MAX_PUT_BYTES } from '../limits.ts'
import { requireGrant } from '../links/use-link.ts'
import { fileTooLarge, measureBody, measureBytes, requireDigests } from './checked-body.ts'
import type { BodyLimits, ExpectedDigest, MeasuredBody } from './checked-body.ts'
import type { ChecksumAlgorithm } from './checksums.ts'

export interface WriteFileRequest {
  readonly bucket: string
  readonly key: string
  readonly contentType: string | null
  readonly headers: StoredHeaders
  readonly metadata: Readonly<Record<string, string>>
  /** The announced size, framing taken off; `null` if nobody said. */
  readonly contentLength: number | null
  /** To be computed besides MD5 and SHA-256. */
  readonly checksums: readonly ChecksumAlgorithm[]
  /** Asked after the last byte, because a trailer may bring some. */
  readonly expected: () => readonly ExpectedDigest[]
  readonly ifAbsent?: boolean
  /** Hex, without quotes. */
  readonly ifEtag?: string
}

export interface WrittenFile {
  readonly file: FileRecord
  readonly replaced: boolean
  readonly digests: ReadonlyMap<ChecksumAlgorithm, Uint8Array>
}

/**
 * Every check that needs no byte of the body; resolves to the largest body that may follow. `writeFile` makes
 * them too: a face calls this first, so that it need not ask for a body it would refuse.
 */
export async function admitWrite(
  core: CoreContext,
  caller: Caller,
  request: WriteFileRequest,
): Promise<number> {
  const { bucket, key, contentLength } = request
  await requireAccess(core, caller, 'write', request)
  if ((await core.catalog.buckets.find(bucket)) === null) throw bucketNotFound(bucket)
  const { policy } = await resolveFolder(core, bucket, key)
  const grant =
    isLink(caller) && caller.grantId !== null ? await requireGrant(core, caller.grantId) : null
  const maxBytes = Math.min(
    MAX_PUT_BYTES,
    policy.maxBytes ?? MAX_PUT_BYTES,
    grant?.maxBytes ?? MAX_PUT_BYTES,
  )
  if (contentLength !== null && contentLength > maxBytes) throw fileTooLarge(maxBytes)
  if (grant !== null) requireContentType(request.contentType, grant.contentTypes)
  return maxBytes
}

/**
 * Throws what `admitWrite` throws, `file-too-large`, `body-incomplete`, `digest-mismatch`, `precondition-failed`, `link-used`;
 * after any of them nothing has changed.
 */
export async function writeFile(
  core: CoreContext,
  caller: Caller,
  request: WriteFileRequest,
  stream: { readonly body: AsyncIterable<Uint8Array>; readonly signal: AbortSignal },
): Promise<WrittenFile> {
  const maxBytes = await admitWrite(core, caller, request)
  const limits: BodyLimits = { contentLength: request.contentLength, maxBytes }
  const blobId = createOrderedId(core.clock, core.random, '')
  const algorithms = new Set<ChecksumAlgorithm>(['md5', 'sha256', ...request.checksums])
  const head = await takeHead(stream.body, limits)

  if (head.rest === null) {
    const measured = measureBytes(head.bytes, algorithms, limits)
    requireDigests(measured, request.expected())
    return commit(core, caller, request, { blobId, measured, inline: head.bytes })
  }

  const measuring = measureBody(chain(head.bytes, head.rest), algorithms, limits)
  await core.blobs.write(blobId, measuring.bytes, stream.signal)
  try {
    const measured = measuring.finish()
    requireDigests(measured, request.expected())
    stream.signal.throwIfAborted()
    return await commit(core, caller, request, { blobId, measured, inline: null })
  } catch (error) {
    // The commit may have happened although it reported a fault: then the blob is known and must stay.
    if (!(await isKnownBlob(core, blobId))) await core.blobs.delete(blobId)
    throw error
  }
}

/** True also when the catalog cannot say: the orphan sweep asks again later. */
async function isKnownBlob(core: CoreContext, blobId: string): Promise<boolean> {
  try {
    return await core.catalog.sweep.isKnown(blobId)
  } catch {
    return true
  }
}

interface BodyHead {
  readonly bytes: Uint8Array
  /** What follows; `null` if the body ended within the inline limit. */
  readonly rest: AsyncIterator<Uint8Array> | null
}

/** Reads until the body ends or outgrows what may rest in the catalog. */
async function takeHead(body: AsyncIterable<Uint8Array>, limits: BodyLimits): Promise<BodyHead> {
  const iterator = body[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  let size = 0
  while (size <= INLINE_BLOB_BYTES) {
    const next = await iterator.next()
    if (next.done === true) return { bytes: join(chunks, size), rest: null }
    chunks.push(next.value)
    size += next.value.length
    if (size > limits.maxBytes) {
      await iterator.return?.()
      throw fileTooLarge(limits.maxBytes)
    }
  }
  return { bytes: join(chunks, size), rest: iterator }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks
  // A chunk is a view into a pooled buffer that the socket reuses for nothing else; one copy frees the pool.
  return chunks.length === 1 && only !== undefined
    ? Uint8Array.from(only)
    : Buffer.concat(chunks, size)
}

async function* chain(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield head
    for (;;) {
      const next = await rest.next()
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await rest.return?.()
  }
}

interface RestingBody {
  readonly blobId: string
  readonly measured: MeasuredBody
  readonly inline: Uint8Array | null
}

async function commit(
  core: CoreContext,
  caller: Caller,
  request: WriteFileRequest,
  { blobId, measured, inline }: RestingBody,
): Promise<WrittenFile> {
  const nowMs = core.clock.now()
  const file: FileRecord = {
    id: createOrderedId(core.clock, core.random, 'file_'),
    bucket: request.bucket,
    key: request.key,
    size: measured.size,
    etag: hexOf(measured, 'md5'),
    sha256: hexOf(measured, 'sha256'),
    contentType: request.contentType ?? 'application/octet-stream',
    headers: request.headers,
    metadata: request.metadata,
    createdAt: nowMs,
    modifiedAt: nowMs,
    blobId,
    isInline: inline !== null,
  }
  const conditions: WriteConditions = {
    ...(request.ifAbsent === true && { ifAbsent: true }),
    ...(request.ifEtag !== undefined && { ifEtag: request.ifEtag }),
    ...(isLink(caller) &&
      caller.grantId !== null && {
        useGrant: { id: caller.grantId, nowMs, clientIp: caller.clientIp },
      }),
  }
  const outcome = await core.catalog.files.commit(file, inline, conditions)
  if (outcome.outcome !== 'committed') throw refuse(outcome.outcome, request)
  return { file: outcome.file, replaced: outcome.replaced, digests: measured.digests }
}

function refuse(
  outcome: Exclude<CommitOutcome['outcome'], 'committed'>,
  { bucket, ifAbsent }: WriteFileRequest,
): DomainError {
  switch (outcome) {
    case 'bucket-missing':
      return bucketNotFound(bucket)
    case 'condition-failed': {
      const condition = ifAbsent === true ? 'If-None-Match' : 'If-Match'
      const message = `The file does not meet the condition ${condition}.`
      return new DomainError('precondition-failed', message, { condition })
    }
    case 'grant-unusable':
      return new DomainError('link-used', 'This link has no uses left, or was revoked.', {})
  }
}

function hexOf({ digests }: MeasuredBody, algorithm: ChecksumAlgorithm): string {
  const digest = digests.get(algorithm)
  if (digest === undefined) throw new Error(`The ${algorithm} of the body was not computed.`)
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('hex')
}

function requireContentType(contentType: string | null, allowed: readonly string[]): void {
  if (allowed.length === 0) return
  const sent = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const isAllowed = allowed.some((type) =>
    type.endsWith('/*') ? sent.startsWith(type.slice(0, -1)) : sent === type,
  )
  if (isAllowed) return
  const message = `Only ${allowed.join(', ')} may be uploaded with this link.`
  throw new DomainError('content-type-not-allowed', message, { allowed })
}

export function bucketNotFound(bucket: string): DomainError<'bucket-not-found'> {
  return new DomainError('bucket-not-found', `There is no bucket ${bucket}.`, { bucket })
}
