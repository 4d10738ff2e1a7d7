/**
 * How much of archives is in memory at once: what they hold is kept while they are sent, and whoever opens one may ask for many and take
 * none. Counted in each process for itself, of all of them and of one network.
 */
import { storeUnavailable } from '../../platform/store-errors.ts'
import { networkOf } from '../addresses.ts'
import { MAX_PACKED_AT_ONCE, MAX_PACKED_OF_NETWORK } from '../limits.ts'

export interface PackRoom {
  /** Room for an archive that goes to this address, of which nothing is taken yet. */
  open(address: string): PackedShare
}

export interface PackedShare {
  /** For so many files more; throws a `StoreError` where there is no room now. */
  take(files: number): void
  /** Gives back what was taken; once more is fine. */
  close(): void
}

export interface PackLimits {
  /** Files. */
  readonly inAll?: number
  readonly ofOneNetwork?: number
}

export function createPackRoom(limits: PackLimits = {}): PackRoom {
  const { inAll = MAX_PACKED_AT_ONCE, ofOneNetwork = MAX_PACKED_OF_NETWORK } = limits
  const taken = new Map<string, number>()
  let sum = 0

  function add(network: string, files: number): void {
    sum += files
    const left = (taken.get(network) ?? 0) + files
    if (left === 0) taken.delete(network)
    else taken.set(network, left)
  }

  return {
    open(address) {
      const network = networkOf(address)
      let own = 0
      return {
        take: (files) => {
          const isFull = sum + files > inAll || (taken.get(network) ?? 0) + files > ofOneNetwork
          if (isFull)
            throw storeUnavailable('So many archives are being sent that there is no room.')
          add(network, files)
          own += files
        },
        close: () => {
          add(network, -own)
          own = 0
        },
      }
    },
  }
}
