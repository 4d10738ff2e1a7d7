/**
 * Reads every blob again, all of them within a month, and compares it with what it was written with: bytes rot unseen. How far a round
 * is stands in the catalog, so that a restart goes on there. What is damaged is marked, which ends its being served, and looked at
 * again every hour: whoever puts the bytes back needs to do nothing else.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BlobStore } from '../blobs/blob-store.ts'
import { hashBlob } from '../blobs/hash-blob.ts'
import type { HashedBlob } from '../blobs/hash-blob.ts'
import type { BlobFault, KnownBlob, ScrubCatalog, ScrubRound } from '../catalog/scrub-steps.ts'
import type { Clock } from '../platform/clock.ts'
import { DAY_MS, SECOND_MS } from '../platform/durations.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { isOutOfReach, StoreError } from '../platform/store-errors.ts'

export interface ScrubOptions {
  readonly catalog: { readonly scrub: ScrubCatalog }
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
  readonly metrics: Pick<Metrics, 'countScrubbed'>
  /** Every blob is read once in so many days; 0: never. */
  readonly scrubDays: number
  /** Reads no faster than so many bytes a second; unless said otherwise, 32 MiB. */
  readonly bytesPerSecond?: number
}

const BYTES_PER_SECOND = 32 * 1024 * 1024
/** Opening a blob costs a disk about as much as reading so much of one. */
const OPENING_BYTES = 64 * 1024
const BATCH = 50
/** When a round begins, everything is added up, so many at a time. */
const PAGE = 1000
/** Of one batch. More than these are no single places of a disk: the store itself has a fault, which nothing is marked for. */
const MOST_UNREAD = 5
/** A round is to be through before its time is over. */
const SHARE_OF_TIME = 0.9
const SHORTEST_PAUSE_MS = 20

/** Reads what is due by now; resolves to how many blobs were damaged or have healed. */
export async function scrubBlobs(options: ScrubOptions, signal: AbortSignal): Promise<number> {
  const { catalog, scrubDays } = options
  if (scrubDays === 0) return 0
  let round = await currentRound(options)
  let found = 0
  while (!signal.aborted && round.done < dueOf(options, round)) {
    const batch = await catalog.scrub.blobs(round.position, BATCH)
    const read = await readBatch(options, { batch, signal })
    found += read.found
    const last = read.last
    if (last !== undefined) {
      round = { ...round, position: last.position, done: round.done + read.done }
      await catalog.scrub.advance(round, read.learnt)
    }
    if (signal.aborted || batch.length === BATCH || last !== batch.at(-1)) continue
    // Whatever is written from now on belongs to the next round.
    if (dueOf(options, round) < round.whole) break
    round = await beginRound(options)
    if (round.whole === 0) break
  }
  return found
}

/** Looks again at what is damaged; resolves to how many blobs have healed. */
export async function recheckDamaged(options: ScrubOptions, signal: AbortSignal): Promise<number> {
  const { catalog } = options
  const read = createPace(options)
  let healed = 0
  for (const { contentId } of await catalog.scrub.damaged()) {
    if (signal.aborted) break
    const known = await catalog.scrub.find(contentId)
    // What nobody holds any more goes with the sweep.
    if (known === null) continue
    const looked = await lookOnce(options, known, { signal, onRead: read })
    if (looked === null || looked === UNREAD || looked.fault !== null) continue
    if (await catalog.scrub.markGood(contentId)) healed += 1
  }
  return healed
}

async function currentRound(options: ScrubOptions): Promise<ScrubRound> {
  return (await options.catalog.scrub.round()) ?? beginRound(options)
}

async function beginRound({ catalog, clock }: ScrubOptions): Promise<ScrubRound> {
  let whole = 0
  for (let after = 0; ;) {
    const page = await catalog.scrub.blobs(after, PAGE)
    for (const { size } of page) whole += size + OPENING_BYTES
    const last = page.at(-1)
    if (last === undefined) break
    after = last.position
  }
  const round = { beganAt: clock.now(), position: 0, done: 0, whole }
  await catalog.scrub.advance(round, [])
  return round
}

/** How much of the round is to be read by now. */
function dueOf({ clock, scrubDays }: ScrubOptions, { beganAt, whole }: ScrubRound): number {
  const share = (clock.now() - beganAt) / (scrubDays * DAY_MS * SHARE_OF_TIME)
  // More may have been written meanwhile than there was.
  return share >= 1 ? Number.POSITIVE_INFINITY : Math.floor(share * whole)
}

interface ReadBatch {
  readonly last: KnownBlob | undefined
  readonly done: number
  readonly found: number
  readonly learnt: readonly Pick<KnownBlob, 'contentId' | 'sha256'>[]
}

interface Reading {
  readonly signal: AbortSignal
  readonly onRead: (bytes: number) => Promise<void>
}

async function readBatch(
  options: ScrubOptions,
  { batch, signal }: { readonly batch: readonly KnownBlob[]; readonly signal: AbortSignal },
): Promise<ReadBatch> {
  const reading = { signal, onRead: createPace(options) }
  const learnt: Pick<KnownBlob, 'contentId' | 'sha256'>[] = []
  const unread: KnownBlob[] = []
  let last: KnownBlob | undefined
  let done = 0
  let found = 0
  for (const blob of batch) {
    const looked = await lookOnce(options, blob, reading)
    if (looked === null) break
    if (looked === UNREAD) {
      unread.push(blob)
      if (unread.length > MOST_UNREAD) break
    } else if (looked.fault !== null) {
      if (await mark(options, blob, looked.fault)) found += 1
    } else if (blob.sha256 === null) {
      learnt.push({ contentId: blob.contentId, sha256: looked.sha256 })
    }
    last = blob
    done += blob.size + OPENING_BYTES
  }
  found += await settleUnread(options, unread, reading)
  // Stopped before all of them were settled: whoever goes on reads the batch again.
  const isCutOff = signal.aborted && unread.length > 0
  return { last: isCutOff ? undefined : last, done, found, learnt }
}

/** A store that answers and cannot give these bytes: nobody else can have them either. Throws what it throws if it does not answer. */
async function settleUnread(
  options: ScrubOptions,
  unread: readonly KnownBlob[],
  reading: Reading,
): Promise<number> {
  const [first] = unread
  if (first !== undefined && unread.length > MOST_UNREAD) await lookAt(options, first, reading)
  let found = 0
  for (const blob of unread) {
    if (reading.signal.aborted) break
    const isThere = (await options.blobs.stat(blob.contentId)) !== null
    const looked = await lookOnce(options, blob, reading)
    const fault = looked === UNREAD && isThere ? 'missing' : faultOf(looked)
    if (fault !== null && (await mark(options, blob, fault))) found += 1
  }
  return found
}

function faultOf(looked: Looked | null | typeof UNREAD): BlobFault | null {
  return looked === null || looked === UNREAD ? null : looked.fault
}

type Looked = { readonly fault: null; readonly sha256: string } | { readonly fault: BlobFault }

/** The store could not read it now. */
const UNREAD = 'unread'

/** `null` if it was stopped on the way. */
async function lookOnce(
  options: ScrubOptions,
  blob: KnownBlob,
  reading: Reading,
): Promise<Looked | null | typeof UNREAD> {
  try {
    return await lookAt(options, blob, reading)
  } catch (error) {
    if (isOutOfReach(error)) return UNREAD
    throw error
  }
}

/** The same. Throws what the store throws if it cannot answer now. */
async function lookAt(
  { blobs, metrics }: ScrubOptions,
  { contentId, size, sha256 }: KnownBlob,
  options: Reading,
): Promise<Looked | null> {
  let hashed: HashedBlob | null
  try {
    hashed = await hashBlob(blobs, contentId, options)
  } catch (error) {
    if (options.signal.aborted) return null
    if (error instanceof StoreError && error.fault === 'corrupt') return { fault: 'missing' }
    throw error
  }
  metrics.countScrubbed(hashed?.size ?? 0)
  if (hashed === null || hashed.size < size) return { fault: 'missing' }
  const isWhole = hashed.size === size && (sha256 === null || hashed.sha256 === sha256)
  return isWhole ? { fault: null, sha256: hashed.sha256 } : { fault: 'changed' }
}

async function mark(
  { catalog, clock, log }: ScrubOptions,
  { contentId }: KnownBlob,
  fault: BlobFault,
): Promise<boolean> {
  const isNew = await catalog.scrub.markDamaged({ contentId, fault, foundAt: clock.now() })
  if (isNew) log.warn({ blob: contentId, fault }, 'a blob is damaged; what it holds is not served')
  return isNew
}

/** Pauses as often as it takes to read no faster than was asked for. */
function createPace({
  bytesPerSecond = BYTES_PER_SECOND,
}: Pick<ScrubOptions, 'bytesPerSecond'>): (bytes: number) => Promise<void> {
  let owedMs = 0
  return async (bytes) => {
    owedMs += (bytes / bytesPerSecond) * SECOND_MS
    if (owedMs < SHORTEST_PAUSE_MS) return
    const pauseMs = owedMs
    owedMs = 0
    await sleep(pauseMs)
  }
}
