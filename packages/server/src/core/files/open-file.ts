/** Opens a file for whoever may read it: conditions, range, use of the link, bytes; in that order. */
import type { ByteRange } from '../../blobs/blob-store.ts'
import type { FileRecord } from '../../catalog/records.ts'
import type { FileBody } from '../../trees/file-tree.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { isLink } from '../identity.ts'
import type { LinkAnswer } from '../links/link-answers.ts'
import { beginUse, finishUse, spendUse } from '../links/use-link.ts'
import type { LinkUse, UseEnd } from '../links/use-link.ts'
import { isUseOpen } from '../policy/use-window.ts'
import { isCounted } from '../policy/permit.ts'
import type { Permit } from '../policy/permit.ts'
import { findOwnHeld } from './find-own-held.ts'
import { findStoreSigner } from './find-store-signer.ts'
import type { SignStoreUrl } from './find-store-signer.ts'
import { fileNotFound, findVersion } from '../find-version.ts'
import { rangeOfPart } from './range-of-part.ts'
import { checkReadConditions, isRangeCurrent } from './read-conditions.ts'
import type { ReadConditions } from './read-conditions.ts'

export type RangeRequest =
  | { readonly kind: 'from'; readonly start: number; readonly end: number | null }
  | { readonly kind: 'suffix'; readonly length: number }

export interface OpenFileRequest {
  /** The current one, if none is named. */
  readonly versionId?: string | null
  readonly range: RangeRequest | null
  readonly conditions: ReadConditions
  /** Only that part, of a file that came in parts; in place of `range`. */
  readonly partNumber?: number
  /** False for HEAD: nothing is opened and no use is consumed. */
  readonly withBody: boolean
}

export interface OpenedFile {
  readonly file: FileRecord
  /** What `body` holds; `null` for all of it. */
  readonly range: ByteRange | null
  /** `null` if none was asked for. A reader must be closed by the caller. */
  readonly body: FileBody | null
  /** Of a link that has a record. */
  readonly use: LinkUse | null
  /** On a link: to be called where the answer takes its time, so that it can be cut. `null` where that is begun with the use. */
  readonly beginAnswer: (() => LinkAnswer) | null
}

/** Throws what `findVersion` throws, `link-revoked`, `link-used`, and the codes of conditions, ranges and parts. */
export async function openFile(
  core: CoreContext,
  permit: Permit<'read'>,
  request: OpenFileRequest,
  signal: AbortSignal,
): Promise<OpenedFile> {
  const file = await findReadable(core, permit, request.versionId ?? null)
  checkReadConditions(file, conditionsOf(permit, request))
  const range = isRestOfAnother(core, permit, file) ? null : chooseRange(file, request)
  if (!request.withBody) return withoutUse(file, range, null)
  const signing = findSigner(core, permit, file)
  const sign = signing === null ? null : await signing
  if (sign !== null) return redirect(core, permit, { file, sign })
  if (range !== null && range.end < range.start) return withoutUse(file, range, NO_BYTES)
  const beginning = beginUse(core, permit, { file, range })
  const use = beginning instanceof Promise ? await beginning : beginning
  try {
    const opening = core.files.open(file, range, signal)
    const body = opening instanceof Promise ? await opening : opening
    if (body === null) throw fileNotFound(permit.path)
    return { file, range, body, use, beginAnswer: beginnerOf(core, permit) }
  } catch (error) {
    if (use !== null) await finishUse(core, use, UNSENT)
    throw error
  }
}

function withoutUse(file: FileRecord, range: ByteRange | null, body: FileBody | null): OpenedFile {
  return { file, range, body, use: null, beginAnswer: null }
}

/** What would be opened. Throws what `findVersion` throws, and `link-revoked` for what the link is not for. */
export async function findReadable(
  core: CoreContext,
  permit: Permit<'read'>,
  versionId: string | null,
): Promise<FileRecord> {
  requireItsVersion(permit, versionId)
  const looking = findOwnHeld(core, permit, versionId)
  const held = looking === null ? null : await looking
  const file = held ?? (await findVersion(core, permit, versionId))
  requireItsFile(permit, file)
  return file
}

/** `null` where bytes pass this server. A link in a browser follows; a client with a key of S3 does not. */
function findSigner(
  core: CoreContext,
  { caller, folder }: Permit<'read'>,
  file: FileRecord,
): Promise<SignStoreUrl | null> | null {
  const mayFollow = isLink(caller) || caller.kind === 'anonymous'
  return mayFollow ? findStoreSigner(core, folder, file) : null
}

/** Every click is a use: whether what it leads to is fetched whole, in ranges or not at all, nobody here sees. */
async function redirect(
  core: CoreContext,
  permit: Permit<'read'>,
  { file, sign }: { readonly file: FileRecord; readonly sign: SignStoreUrl },
): Promise<OpenedFile> {
  const use = await beginUse(core, permit, { file, range: null })
  if (use !== null) await spendUse(core, use, file.size)
  return withoutUse(file, null, { kind: 'redirect', sign })
}

/** Where nothing of it is sent after all. */
export async function giveUpFile(core: CoreContext, { body, use }: OpenedFile): Promise<void> {
  if (body?.kind === 'reader') await body.reader.close()
  if (use !== null) await finishUse(core, use, UNSENT)
}

const UNSENT: UseEnd = { sentBytes: 0, arrived: false }

/** Whoever goes on with a use may not know that the file is another by now: two of them in one make none. */
function isRestOfAnother(
  { clock }: CoreContext,
  { grant, caller }: Permit,
  { etag }: FileRecord,
): boolean {
  if (grant === null || grant.reading === null || grant.reading.etag === etag) return false
  return isUseOpen(grant, caller.clientIp, clock.now())
}

/** A link that counts nothing is watched once its answer takes time. */
function beginnerOf(core: CoreContext, permit: Permit<'read'>): OpenedFile['beginAnswer'] {
  const isWatched = isLink(permit.caller) && !isCounted(permit)
  return isWatched ? () => core.answers.begin(permit) : null
}

/** Nobody may keep what a link with a number of uses gave, so "not modified" would let somebody open it once more, and count nothing. */
function conditionsOf(permit: Permit, { conditions }: OpenFileRequest): ReadConditions {
  if (!isCounted(permit)) return conditions
  const { ifNoneMatch: _etags, ifModifiedSince: _moment, ...others } = conditions
  return others
}

/** Of an empty part. */
const NO_BYTES: FileBody = { kind: 'bytes', bytes: new Uint8Array(0) }

function chooseRange(file: FileRecord, request: OpenFileRequest): ByteRange | null {
  const { range, conditions, partNumber } = request
  if (partNumber !== undefined) return rangeOfPart(file, partNumber)
  return isRangeCurrent(file, conditions) ? resolveRange(range, file.size) : null
}

/** The range within a file of `size` bytes [RFC9110 14.1.2]; throws `range-not-satisfiable`. */
export function resolveRange(range: RangeRequest | null, size: number): ByteRange | null {
  if (range === null) return null
  if (range.kind === 'suffix') {
    if (range.length === 0 || size === 0) throw refusal('range-not-satisfiable', { size })
    return { start: Math.max(0, size - range.length), end: size - 1 }
  }
  if (range.start >= size) throw refusal('range-not-satisfiable', { size })
  return { start: range.start, end: Math.min(range.end ?? size - 1, size - 1) }
}

/**
 * A link is for a file, not for its name: what was put there after a delete or a move is none of its business. A record ends with either;
 * of an automatic link, which has none, the file that comes back says that it was away.
 */
function requireItsFile({ caller, fileId, path }: Permit, file: FileRecord): void {
  const isAutomatic = isLink(caller) && caller.fileId !== null
  const wasAway = isAutomatic && caller.issuedAt < file.arrivedAt
  if (fileId === null || (fileId === file.id && !wasAway)) return
  throw isLink(caller) ? refusal('link-revoked', {}) : fileNotFound(path)
}

/** A link for one version opens no other, and what a public folder shows are the files of today. */
function requireItsVersion({ caller, versionId }: Permit, asked: string | null): void {
  if (versionId !== null && versionId !== asked) throw refusal('link-revoked', {})
  if (asked === null || isLink(caller) || caller.kind !== 'anonymous') return
  throw refusal('unauthenticated', { reason: 'versions are for those who hold a key or a link' })
}
