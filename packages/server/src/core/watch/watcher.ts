/**
 * Reads along what happens and says what looks wrong. What it finds follows from the events and their order alone, whichever process
 * answered each: their own times count, never a clock. Its memory has an end, however many links are out.
 */
import type { EventRecord } from '../../catalog/event-steps.ts'
import type { Finding } from './finding.ts'
import type { EffectiveWatch } from './thresholds.ts'
import { createAddressWatch } from './watch-addresses.ts'
import { createKeyWatch } from './watch-keys.ts'
import { watchBlobs } from './watch-blobs.ts'
import { watchScanners } from './watch-scanners.ts'
import { createLinkWatch } from './watch-links.ts'

export interface WatcherOptions {
  /** Links kept apart at once, a power of two. */
  readonly links?: number
  /** Addresses kept apart at once, a power of two. */
  readonly addresses?: number
  /** Whether pages of this host may show files. */
  readonly isOwnPage: (host: string) => boolean
}

export interface Watcher {
  look(event: EventRecord, watch: EffectiveWatch): readonly Finding[]
  /** Bytes of its tables, touched or not. */
  readonly size: number
}

/** 80 MiB for a million links, of which what was never touched takes none. */
const LINKS: number = 2 ** 20
const ADDRESSES: number = 2 ** 17

export function createWatcher(options: WatcherOptions): Watcher {
  const links = createLinkWatch(options.links ?? LINKS, options.isOwnPage)
  const addresses = createAddressWatch(options.addresses ?? ADDRESSES)
  const keys = createKeyWatch()
  return {
    size: links.size + addresses.size,
    look: (event, { thresholds }) => [
      ...links.look(event, thresholds),
      ...addresses.look(event, thresholds),
      ...keys.look(event, thresholds),
      ...watchScanners(event),
      ...watchBlobs(event),
    ],
  }
}
