/** The rule about addresses: who asks in vain for many different things is trying names, or signatures. */
import type { EventRecord } from '../../catalog/event-steps.ts'
import { networkOf } from '../addresses.ts'
import { countDistinct, markDistinct } from './distinct.ts'
import type { Finding } from './finding.ts'
import { hashText } from './hash-text.ts'
import { createSketchTable } from './sketch-table.ts'
import type { Thresholds } from './thresholds.ts'
import { DAY_MS } from '../../platform/durations.ts'

const AT = { window: 0, toldOn: 1, things: 2 } as const
const WIDTH = 6
const BITS = 128
const WINDOW_MS = 600_000

/** What somebody is answered who tries. A link that has ended was one: those who come late with it try nothing. */
const IN_VAIN: ReadonlySet<string> = new Set([
  'signature-mismatch',
  'signature-malformed',
  'unauthenticated',
  'key-unknown',
  'token-invalid',
  'file-not-found',
  'bucket-not-found',
  'link-not-found',
  'share-not-found',
  'api-key-invalid',
  'forbidden',
])

export interface AddressWatch {
  look(event: EventRecord, thresholds: Thresholds): readonly Finding[]
  readonly size: number
}

export function createAddressWatch(entries: number): AddressWatch {
  const { words, find, size } = createSketchTable(entries, WIDTH)
  return {
    size,
    look(event, { probes }) {
      const { kind, code, address, path, linkId, keyId, target } = event
      if (kind !== 'request.refused' || code === null || address === null || !IN_VAIN.has(code)) {
        return []
      }
      // Whoever has one address of IPv6 has as many as they like.
      const at = find(networkOf(address), event.at)
      const window = Math.floor(event.at / WINDOW_MS) + 1
      if ((words[at + AT.window] ?? 0) < window) {
        words.fill(0, at + AT.things, at + WIDTH)
        words[at + AT.window] = window
      }
      const thing = `${path}\n${linkId}\n${keyId}\n${target}`
      markDistinct(words, at + AT.things, BITS, hashText(thing, 1))
      const measured = countDistinct(words, at + AT.things, BITS)
      const day = Math.floor(event.at / DAY_MS) + 1
      if (probes === null || measured < probes || words[at + AT.toldOn] === day) return []
      words[at + AT.toldOn] = day
      const found = { subject: address, path, linkId: null, keyId: null, at: event.at }
      return [{ ...found, rule: 'enumeration', measured: Math.round(measured), threshold: probes }]
    },
  }
}
