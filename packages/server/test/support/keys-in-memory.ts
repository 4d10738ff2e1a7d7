/** Master keys that a test can rotate, at the moment at which a test's core begins. */
import type { MasterKeys, MasterKeyset } from '../../src/core/keys/master-keys.ts'
import { systemRandom } from '../../src/platform/random.ts'

/** When a core of a test begins. */
export const TEST_BEGIN: number = Date.UTC(2026, 2, 14, 9, 26, 53)

export function keysInMemory(): MasterKeys {
  let keyset: MasterKeyset = { keys: [systemRandom.bytes(32)], since: 0 }
  return {
    current: () => keyset,
    change: {
      rotate: () => {
        keyset = { keys: [systemRandom.bytes(32), ...keyset.keys], since: TEST_BEGIN }
        return true
      },
      dropPrevious: () => {
        keyset = { ...keyset, keys: [keyset.keys[0]] }
        return true
      },
    },
  }
}
