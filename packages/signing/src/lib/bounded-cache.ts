/**
 * A cache bounded in entries: two generations of a Map. A hit costs one lookup, and at most
 * twice the given number of entries is ever held. What has not been asked for in a whole generation goes.
 *
 * @module
 */

export interface BoundedCache<Key, Value> {
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  delete(key: Key): void
}

export function createBoundedCache<Key, Value>(maxEntries: number): BoundedCache<Key, Value> {
  let recent = new Map<Key, Value>()
  let older = new Map<Key, Value>()

  function set(key: Key, value: Value): void {
    if (recent.size >= maxEntries) {
      older = recent
      recent = new Map()
    }
    recent.set(key, value)
  }
  return {
    get(key) {
      const found = recent.get(key)
      if (found !== undefined || older.size === 0) return found
      const aged = older.get(key)
      if (aged !== undefined) set(key, aged)
      return aged
    },
    set,
    delete(key) {
      recent.delete(key)
      older.delete(key)
    },
  }
}
