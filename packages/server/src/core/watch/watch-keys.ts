/** The rule about keys: one that always came from the same few networks comes from another one. */
import type { EventRecord } from '../../catalog/event-steps.ts'
import type { Finding } from './finding.ts'
import { subjectOf } from '../users/user-id.ts'
import { wideNetworkOf } from './wide-network-of.ts'
import type { Thresholds } from './thresholds.ts'
import { DAY_MS } from '../../platform/durations.ts'
import { createRecentlyUsed } from '../../platform/recently-used.ts'

/** Keys that are remembered at once. */
const MAX_KEYS = 10_000
/** One that comes from more is at home everywhere, and says nothing by coming from another. */
const MAX_NETWORKS = 4

interface KeyHistory {
  readonly since: number
  requests: number
  readonly networks: Set<string>
}

export interface KeyWatch {
  look(event: EventRecord, thresholds: Thresholds): readonly Finding[]
}

const BY_KEY: ReadonlySet<string> = new Set(['key.used', 'key.issued', 'file.read'])

export function createKeyWatch(): KeyWatch {
  const keys = createRecentlyUsed<KeyHistory>(MAX_KEYS)
  return {
    look(event, { keyHistory }) {
      const { keyId, address, at } = event
      const network = address === null ? null : wideNetworkOf(address)
      if (keyId === null || network === null || !BY_KEY.has(event.kind)) return []
      // People change networks all day.
      if (subjectOf(keyId) !== null) return []
      const history = keys.get(keyId) ?? { since: at, requests: 0, networks: new Set<string>() }
      keys.set(keyId, history)
      history.requests += event.count
      if (history.networks.has(network)) return []
      const isSettled =
        keyHistory !== null && history.requests > keyHistory && at - history.since >= DAY_MS
      const isAtHome = history.networks.size < MAX_NETWORKS
      if (isAtHome) history.networks.add(network)
      if (!isSettled || !isAtHome) return []
      const found = { subject: keyId, path: event.path, linkId: null, keyId, at }
      return [{ ...found, rule: 'key-new-network', measured: history.networks.size, threshold: 1 }]
    },
  }
}
