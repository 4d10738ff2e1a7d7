/** The library as a runtime without `node:crypto` has it. */
import type { LoadEntry } from './family.ts'
import { isRecord } from './family.ts'

/** The entries with keys for which such a runtime has promises alone: RSA, Ed25519, AES. The families of these wait for each answer. */
const WAITING = new Set(['cloudfront', 'edgio', 'gcs', 'media-cdn'])

/** In place of each function of those entries its twin: `verifyGcsAsync` for `verifyGcs`. */
export function withAsyncTwins(loadEntry: LoadEntry): LoadEntry {
  return async (name) => {
    const entry = await loadEntry(name)
    if (!WAITING.has(name) || !isRecord(entry)) return entry
    return Object.fromEntries(
      Object.entries(entry).map(([own, value]) => [own, entry[`${own}Async`] ?? value]),
    )
  }
}
