/**
 * Compares what the catalog says of blobs with what lies in the store. A server may go on meanwhile: what is gone by the time it is
 * looked at a second time was no fault.
 */
import { createHash } from 'node:crypto'
import type { BlobStat, BlobStore } from '../../blobs/blob-store.ts'
import { hashBlobOrNull } from '../../blobs/hash-blob.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { FILLING } from '../../catalog/process-steps.ts'
import type { RowCatalog } from '../../catalog/rows/row-catalog.ts'
import type { KnownBlob } from '../../catalog/scrub-steps.ts'
import { HOUR_MS } from '../../platform/durations.ts'
import { inParallel } from '../in-parallel.ts'
import type { OnProgress } from '../service.ts'
import { BLOB_KINDS } from './finding.ts'
import type { BlobKind, Finding } from './finding.ts'

export interface CheckBlobsOptions {
  readonly catalog: Pick<Catalog, 'scrub' | 'sweep' | 'processes'>
  readonly rows: RowCatalog
  readonly blobs: BlobStore
  readonly nowMs: number
  /** Read every byte, not only sizes. */
  readonly hashes: boolean
  readonly repair: boolean
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
}

const PAGE = 500
const AT_ONCE = 8

export async function checkBlobs(options: CheckBlobsOptions): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for await (const finding of knownBlobs(options)) found.push(finding)
  for await (const finding of unknownBlobs(options)) found.push(finding)
  if (options.hashes) for await (const finding of inlineBytes(options)) found.push(finding)
  return withPaths(options.rows, found)
}

async function* everyBlob({ catalog }: CheckBlobsOptions): AsyncGenerator<KnownBlob> {
  for (let after = -1; ;) {
    const page = await catalog.scrub.blobs(after, PAGE)
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last.position
  }
}

async function* knownBlobs(options: CheckBlobsOptions): AsyncGenerator<Finding> {
  let done = 0
  const looked = inParallel(everyBlob(options), AT_ONCE, async (blob) => {
    options.signal.throwIfAborted()
    return lookAt(options, blob)
  })
  for await (const finding of looked) {
    done += 1
    options.onProgress({ what: 'blobs', done, of: null })
    if (finding !== null) yield finding
  }
}

async function lookAt(options: CheckBlobsOptions, blob: KnownBlob): Promise<Finding | null> {
  const { catalog, blobs } = options
  const { contentId, size } = blob
  const stat = await blobs.stat(contentId)
  const kind = stat?.size === size ? await compareBytes(options, blob) : kindOf(stat)
  if (kind === null) return null
  // Deleted meanwhile, and rightly so.
  if ((await catalog.scrub.find(contentId)) === null) return null
  const about = stat === null ? 'nothing there' : `${stat.size} of ${size} bytes`
  return fault(kind, {
    subject: contentId,
    about,
    isRepaired: await mark(options, contentId, kind),
  })
}

function kindOf(stat: BlobStat | null): BlobKind {
  return stat === null ? 'blob-missing' : 'blob-size'
}

async function compareBytes(
  { blobs, hashes, signal }: CheckBlobsOptions,
  { contentId, size, sha256 }: KnownBlob,
): Promise<BlobKind | null> {
  if (!hashes || sha256 === null) return null
  const hashed = await hashBlobOrNull(blobs, contentId, { signal })
  return hashed?.size === size && hashed.sha256 === sha256 ? null : 'blob-changed'
}

/** Nobody can bring the bytes back; what can be done is to serve no others in their place. */
async function mark(
  { catalog, repair, nowMs }: CheckBlobsOptions,
  contentId: string,
  kind: BlobKind,
): Promise<false> {
  if (repair) {
    const what = kind === 'blob-missing' ? 'missing' : 'changed'
    await catalog.scrub.markDamaged({ contentId, fault: what, foundAt: nowMs })
  }
  return false
}

/** Those that were written an hour ago or later may be about to become a file's. */
async function* unknownBlobs(options: CheckBlobsOptions): AsyncGenerator<Finding> {
  const { blobs, catalog, nowMs, repair, signal } = options
  for await (const { blobId, size, writtenAtMs } of blobs.list()) {
    signal.throwIfAborted()
    if (writtenAtMs >= nowMs - HOUR_MS || (await catalog.sweep.isKnown(blobId))) continue
    const isOurs = !(await isCopied(catalog.processes, nowMs))
    const isRepaired = repair && isOurs
    if (isRepaired) await blobs.delete(blobId)
    const about = isOurs ? `${size} bytes` : `${size} bytes, maybe of the catalog of a copy`
    yield fault('blob-unknown', { subject: blobId, about, isRepaired })
  }
}

/** Asked each time: another catalog, in which the blob has its file, may share the folder from then on. */
async function isCopied(
  processes: CheckBlobsOptions['catalog']['processes'],
  nowMs: number,
): Promise<boolean> {
  return (await processes.isKept(nowMs)) || (await processes.standing(FILLING)) !== null
}

/** Small files lie in the catalog, and their row says what they hash to. */
async function* inlineBytes({ rows }: CheckBlobsOptions): AsyncGenerator<Finding> {
  const changed = await rows.read(async (session) => {
    const wrong: Finding[] = []
    const stored = session.stream(`
      SELECT files.bucket || '/' || files.key AS path, files.checksums, contents.bytes
      FROM files JOIN contents ON contents.id = files.content_id WHERE contents.kind = 'inline'`)
    for await (const page of stored) {
      for (const [path, checksums, bytes] of page) {
        const said = /(?:^| )sha256=(\S+)/.exec(String(checksums))?.[1]
        if (said === undefined || !(bytes instanceof Uint8Array)) continue
        if (createHash('sha256').update(bytes).digest('base64') === said) continue
        const subject = String(path)
        wrong.push(
          fault('inline-changed', { subject, about: `${bytes.length} bytes`, isRepaired: false }),
        )
      }
    }
    return wrong
  })
  yield* changed
}

function fault(kind: BlobKind, found: Pick<Finding, 'subject' | 'about' | 'isRepaired'>): Finding {
  return { kind, says: BLOB_KINDS[kind], ...found, paths: [] }
}

const IDS_AT_ONCE = 200

/** Which files cannot be read whole: asked last, because nothing leads from a content to its files but a look at all. */
async function withPaths(rows: RowCatalog, found: readonly Finding[]): Promise<readonly Finding[]> {
  const ids = found
    .filter(({ kind }) => kind.startsWith('blob-') && kind !== 'blob-unknown')
    .map(({ subject }) => subject)
  const paths = new Map<string, string[]>()
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const some = ids.slice(at, at + IDS_AT_ONCE)
    const places = some.map(() => '?').join(', ')
    const holders = await rows.read((session) =>
      session.ask(
        `SELECT content_id, bucket || '/' || key AS path FROM files WHERE content_id IN (${places})
         UNION ALL SELECT segments.part_id, bucket || '/' || key
           FROM segments JOIN files ON files.content_id = segments.content_id WHERE segments.part_id IN (${places})`,
        [...some, ...some],
      ),
    )
    for (const [id, path] of holders) {
      const known = paths.get(String(id)) ?? []
      paths.set(String(id), [...known, String(path)])
    }
  }
  return found.map((finding) => ({ ...finding, paths: paths.get(finding.subject) ?? [] }))
}
