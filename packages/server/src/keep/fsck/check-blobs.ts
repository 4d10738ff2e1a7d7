/**
 * Compares what the catalog says of blobs with what lies in the store: the store is listed once, and asked about those alone that the
 * listing does not show as they must be. A server may go on meanwhile: what is gone by the time it is looked at a second time was no fault.
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
import { tellWithPaths } from './holders.ts'
import type { Report } from './report.ts'
import { createSeenPositions } from './seen-positions.ts'
import type { SeenPositions } from './seen-positions.ts'

export interface CheckBlobsOptions {
  readonly catalog: Pick<Catalog, 'scrub' | 'sweep' | 'processes'>
  readonly rows: RowCatalog
  readonly blobs: BlobStore
  readonly nowMs: number
  /** Read every byte, not only sizes. */
  readonly hashes: boolean
  readonly repair: boolean
  readonly report: Report
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
}

const PAGE = 500
const AT_ONCE = 8

export async function checkBlobs(options: CheckBlobsOptions): Promise<void> {
  const { rows, report } = options
  const seen = createSeenPositions()
  for await (const finding of unknownBlobs(options, seen)) await report.tell(finding)
  await tellWithPaths(rows, report, knownBlobs(options, seen))
  if (options.hashes) await tellInlineBytes(options)
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

async function* knownBlobs(
  options: CheckBlobsOptions,
  seen: SeenPositions,
): AsyncGenerator<Finding> {
  let done = 0
  const looked = inParallel(everyBlob(options), AT_ONCE, async (blob) => {
    options.signal.throwIfAborted()
    return !options.hashes && seen.has(blob.position) ? null : lookAt(options, blob)
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

type ListedBlob = { readonly blobId: string } & BlobStat

async function* unknownBlobs(
  options: CheckBlobsOptions,
  seen: SeenPositions,
): AsyncGenerator<Finding> {
  for await (const page of pagesOf(options.blobs.list())) {
    options.signal.throwIfAborted()
    const known = await knownAmong(options.rows, page)
    for (const listed of page) {
      const blob = known.get(listed.blobId)
      if (blob?.size === listed.size) seen.add(blob.position)
      const finding = blob === undefined ? await judgeUnknown(options, listed) : null
      if (finding !== null) yield finding
    }
  }
}

async function* pagesOf<Item>(items: AsyncIterable<Item>): AsyncGenerator<readonly Item[]> {
  let page: Item[] = []
  for await (const item of items) {
    page.push(item)
    if (page.length < PAGE) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

type Positions = ReadonlyMap<string, Pick<KnownBlob, 'size' | 'position'>>

async function knownAmong(rows: RowCatalog, page: readonly ListedBlob[]): Promise<Positions> {
  const places = page.map(() => '?').join(', ')
  const found = await rows.read((session) =>
    session.ask(
      `SELECT id, size, position FROM contents WHERE kind = 'blob' AND id IN (${places})`,
      page.map(({ blobId }) => blobId),
    ),
  )
  return new Map(
    found.map(([id, size, position]) => [
      String(id),
      { size: Number(size), position: Number(position) },
    ]),
  )
}

/** One that was written an hour ago or later may be about to become a file's. */
async function judgeUnknown(
  { blobs, catalog, nowMs, repair }: CheckBlobsOptions,
  { blobId, size, writtenAtMs }: ListedBlob,
): Promise<Finding | null> {
  if (writtenAtMs >= nowMs - HOUR_MS || (await catalog.sweep.isKnown(blobId))) return null
  const isOurs = !(await isCopied(catalog.processes, nowMs))
  const isRepaired = repair && isOurs
  if (isRepaired) await blobs.delete(blobId)
  const about = isOurs ? `${size} bytes` : `${size} bytes, maybe of the catalog of a copy`
  return fault('blob-unknown', { subject: blobId, about, isRepaired })
}

/** Asked each time: another catalog, in which the blob has its file, may share the folder from then on. */
async function isCopied(
  processes: CheckBlobsOptions['catalog']['processes'],
  nowMs: number,
): Promise<boolean> {
  return (await processes.isKept(nowMs)) || (await processes.standing(FILLING)) !== null
}

/** Small files lie in the catalog, and their row says what they hash to. */
async function tellInlineBytes({ rows, report }: CheckBlobsOptions): Promise<void> {
  await rows.read(async (session) => {
    const stored = session.stream(`
      SELECT files.bucket || '/' || files.key AS path, files.checksums, contents.bytes
      FROM files JOIN contents ON contents.id = files.content_id WHERE contents.kind = 'inline'`)
    for await (const page of stored) {
      for (const [path, checksums, bytes] of page) {
        const said = /(?:^| )sha256=(\S+)/.exec(String(checksums))?.[1]
        if (said === undefined || !(bytes instanceof Uint8Array)) continue
        if (createHash('sha256').update(bytes).digest('base64') === said) continue
        const about = `${bytes.length} bytes`
        await report.tell(
          fault('inline-changed', { subject: String(path), about, isRepaired: false }),
        )
      }
    }
  })
}

function fault(kind: BlobKind, found: Pick<Finding, 'subject' | 'about' | 'isRepaired'>): Finding {
  return { kind, says: BLOB_KINDS[kind], ...found, paths: [] }
}
