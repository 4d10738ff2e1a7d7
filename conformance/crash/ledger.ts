/**
 * The client's own memory of what the server promised. A key holds what the last answered request left; a request
 * that was cut off may have happened or not, so both are allowed until somebody looks.
 */

/** What a key holds: the SHA-256 of its object, or nothing. */
export type Content = string | null

export interface Ledger {
  readonly keys: () => readonly string[]
  /** Call before the request is sent. */
  begin(key: string, next: Content): void
  /** The server answered that it is done. */
  acknowledge(key: string): void
  /** The server answered that it is not done. */
  refuse(key: string): void
  /** Every content the key may have. More than one only after a crash. */
  allowed(key: string): readonly Content[]
  /** What was found is what the key holds from then on. */
  settle(key: string, found: Content): void
}

interface Entry {
  held: Content
  pending: Content | undefined
}

export function createLedger(): Ledger {
  const entries = new Map<string, Entry>()
  function entryOf(key: string): Entry {
    const entry = entries.get(key) ?? { held: null, pending: undefined }
    entries.set(key, entry)
    return entry
  }
  return {
    keys: () => [...entries.keys()],
    begin(key, next) {
      entryOf(key).pending = next
    },
    acknowledge(key) {
      const entry = entryOf(key)
      if (entry.pending !== undefined) entry.held = entry.pending
      entry.pending = undefined
    },
    refuse(key) {
      entryOf(key).pending = undefined
    },
    allowed(key) {
      const { held, pending } = entryOf(key)
      return pending === undefined || pending === held ? [held] : [held, pending]
    },
    settle(key, found) {
      entries.set(key, { held: found, pending: undefined })
    },
  }
}
