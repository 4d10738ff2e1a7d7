/** The rules about links: how many networks, how fast, how much, and whether they go on after the end. */
import type { EventRecord } from '../../catalog/event-steps.ts'
import { countDistinct, markDistinct } from './distinct.ts'
import type { Finding } from './finding.ts'
import { hashText } from './hash-text.ts'
import { wideNetworkOf } from './wide-network-of.ts'
import { createSketchTable } from './sketch-table.ts'
import type { SketchTable } from './sketch-table.ts'
import { WATCH_RULES } from './thresholds.ts'
import type { Threshold, Thresholds, WatchRule } from './thresholds.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../platform/durations.ts'

/** Where in an entry each word is. */
const AT = {
  /** The day, minute and hour that the words below are of. */
  day: 0,
  minute: 1,
  hour: 2,
  /** A bit for each rule that was told of this day. */
  told: 3,
  networks: 4,
  /** Of this minute and the one before; and of this one alone. */
  paceNetworks: 6,
  minuteNetworks: 8,
  endedNetworks: 10,
  endedRequests: 12,
  uses: 13,
  /** KiB, so that four TiB fit. */
  kib: 14,
  page: 15,
  pageAddresses: 16,
} as const
const WIDTH = 18
const BITS = 64

const ENDED: ReadonlySet<string> = new Set([
  'signature-expired',
  'link-shortened',
  'link-revoked',
  'link-used',
  'link-paused',
])

export interface LinkWatch {
  look(event: EventRecord, thresholds: Thresholds): readonly Finding[]
  readonly size: number
}

/** `isOwnPage`: whether links may be on pages of this host. */
export function createLinkWatch(entries: number, isOwnPage: (host: string) => boolean): LinkWatch {
  const table = createSketchTable(entries, WIDTH)
  return {
    size: table.size,
    look(event, thresholds) {
      const { linkId, address, kind, code } = event
      const network = address === null ? null : wideNetworkOf(address)
      if (linkId === null || network === null) return []
      const isEnded = kind === 'request.refused' && code !== null && ENDED.has(code)
      if (kind !== 'link.used' && !isEnded) return []
      const entry = openEntry(table, linkId, event.at)
      const measures = isEnded
        ? measureEnded(entry, event, { network, thresholds })
        : measureUse(entry, event, { network, thresholds, isOwnPage })
      return measures.flatMap((measure) => tell(entry, event, measure))
    },
  }
}

interface Entry {
  readonly words: Uint32Array
  readonly at: number
}

interface Measure {
  readonly rule: WatchRule
  readonly measured: number
  readonly threshold: Threshold
}

/** Of another day, minute or hour nothing is counted on. */
function openEntry({ words, find }: SketchTable, linkId: string, atMs: number): Entry {
  const at = find(linkId, atMs)
  const stamps = [
    [AT.day, DAY_MS, AT.told, WIDTH],
    [AT.hour, HOUR_MS, AT.uses, AT.page],
  ] as const
  for (const [stamp, length, from, end] of stamps) {
    const now = Math.floor(atMs / length) + 1
    if (words[at + stamp] === now) continue
    // What comes late counts with what is there.
    if ((words[at + stamp] ?? 0) > now) continue
    words.fill(0, at + from, at + end)
    words[at + stamp] = now
  }
  openMinute(words, at, Math.floor(atMs / MINUTE_MS) + 1)
  return { words, at }
}

/** Whoever is quick does not wait for a full minute to begin. */
function openMinute(words: Uint32Array, at: number, now: number): void {
  const last = words[at + AT.minute] ?? 0
  if (last >= now) return
  const [pace, own, end] = [at + AT.paceNetworks, at + AT.minuteNetworks, at + AT.endedNetworks]
  if (last === now - 1) words.copyWithin(pace, own, end)
  else words.fill(0, pace, own)
  words.fill(0, own, end)
  words[at + AT.minute] = now
}

function measureEnded(
  { words, at }: Entry,
  { count }: EventRecord,
  { network, thresholds }: { readonly network: string; readonly thresholds: Thresholds },
): readonly Measure[] {
  markDistinct(words, at + AT.endedNetworks, BITS, hashText(network, 1))
  const requests = add(words, at + AT.endedRequests, count)
  const networks = countDistinct(words, at + AT.endedNetworks, BITS)
  const rule = 'use-after-end'
  return [
    { rule, measured: networks, threshold: thresholds.networksAfterEnd },
    { rule, measured: requests, threshold: thresholds.requestsAfterEnd },
  ]
}

interface Use {
  readonly network: string
  readonly thresholds: Thresholds
  readonly isOwnPage: (host: string) => boolean
}

function measureUse(entry: Entry, event: EventRecord, use: Use): readonly Measure[] {
  const { words, at } = entry
  const { network, thresholds, isOwnPage } = use
  const hash = hashText(network, 1)
  markDistinct(words, at + AT.networks, BITS, hash)
  markDistinct(words, at + AT.paceNetworks, BITS, hash)
  markDistinct(words, at + AT.minuteNetworks, BITS, hash)
  const kib = add(words, at + AT.kib, Math.ceil(event.bytes / 1024))
  const measures: Measure[] = [
    {
      rule: 'many-networks',
      measured: countDistinct(words, at + AT.networks, BITS),
      threshold: thresholds.networksPerDay,
    },
    {
      rule: 'impossible-pace',
      measured: countDistinct(words, at + AT.paceNetworks, BITS),
      threshold: thresholds.networksPerMinute,
    },
    {
      rule: 'volume',
      measured: add(words, at + AT.uses, event.count),
      threshold: thresholds.usesPerHour,
    },
    { rule: 'volume', measured: kib * 1024, threshold: thresholds.bytesPerHour },
  ]
  if (event.referrer !== null && !isOwnPage(event.referrer)) {
    measures.push(measurePage(entry, event.referrer, { event, thresholds }))
  }
  return measures
}

/** Of one page, the one that sends most: another one takes its place while few came from it. */
function measurePage(
  { words, at }: Entry,
  page: string,
  { event, thresholds }: { readonly event: EventRecord; readonly thresholds: Thresholds },
): Measure {
  const hash = hashText(page, 2) || 1
  const known = countDistinct(words, at + AT.pageAddresses, BITS)
  if (words[at + AT.page] !== hash && known < FEW_ADDRESSES) {
    words[at + AT.page] = hash
    words.fill(0, at + AT.pageAddresses, at + WIDTH)
  }
  if (words[at + AT.page] === hash) {
    markDistinct(words, at + AT.pageAddresses, BITS, hashText(event.address ?? '', 3))
  }
  const measured = countDistinct(words, at + AT.pageAddresses, BITS)
  return { rule: 'hot-linking', measured, threshold: thresholds.hotLinkAddresses }
}

const FEW_ADDRESSES = 3

/** Once a day for each rule. */
function tell(
  { words, at }: Entry,
  { path, linkId, keyId, at: atMs }: EventRecord,
  { rule, measured, threshold }: Measure,
): readonly Finding[] {
  if (threshold === null || measured < threshold || linkId === null) return []
  const bit = 1 << WATCH_RULES.indexOf(rule)
  const told = words[at + AT.told] ?? 0
  if ((told & bit) !== 0) return []
  words[at + AT.told] = (told | bit) >>> 0
  const found = { rule, subject: linkId, path, linkId, keyId, at: atMs }
  return [{ ...found, measured: Math.round(measured), threshold }]
}

function add(words: Uint32Array, at: number, count: number): number {
  const sum = Math.min((words[at] ?? 0) + count, 0xffffffff)
  words[at] = sum
  return sum
}
