/** A look-up of names for a socket, which leads to nothing but addresses that are allowed. */
import { lookup } from 'node:dns'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** None of the addresses of a name is allowed. */
export class AddressNotAllowed extends Error {
  override readonly name: string = 'AddressNotAllowed'
}

/** Of a name's addresses those that are allowed; none is an `AddressNotAllowed`. */
export function createCheckedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    const settle = (error: NodeJS.ErrnoException | null, found: LookupAddress[]): void => {
      if (error !== null) return callback(error, '')
      const allowed = found.filter(({ address }) => isAllowed(address))
      const [first] = allowed
      if (first === undefined) return callback(new AddressNotAllowed(), '')
      if (options.all === true) return callback(null, allowed)
      callback(null, first.address, first.family)
    }
    lookup(hostname, { ...options, all: true }, settle)
  }
}
