/** Memory for so many values by name, those that were asked for last. It grows as it is used: room for all of them, taken ahead, costs milliseconds. */
import { LRUCache } from 'lru-cache'

export type RecentlyUsed<Value extends object> = Pick<
  LRUCache<string, Value>,
  'get' | 'set' | 'delete' | 'clear' | 'size'
>

export function createRecentlyUsed<Value extends object>(most: number): RecentlyUsed<Value> {
  return new LRUCache<string, Value>({ maxSize: most, sizeCalculation: () => 1 })
}
