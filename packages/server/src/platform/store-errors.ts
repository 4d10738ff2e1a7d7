/** The five faults a driver may throw, whatever it drives. Core and the faces know no others. */

export type StoreFault = 'unavailable' | 'refused' | 'full' | 'conflict' | 'corrupt'

/**
 * Each fault's anchor in docs/errors.md. A conflict that reaches a face is over when it is asked again; that a store refuses this server is
 * the operator's to know, and for clients it cannot answer.
 */
const CODES = {
  unavailable: 'store-unavailable',
  refused: 'store-unavailable',
  full: 'storage-full',
  conflict: 'store-unavailable',
  corrupt: 'store-corrupt',
} as const satisfies Record<StoreFault, string>

export type StoreErrorCode = (typeof CODES)[StoreFault]

export class StoreError extends Error {
  override readonly name: string = 'StoreError'
  readonly fault: StoreFault
  readonly code: StoreErrorCode

  constructor(fault: StoreFault, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.fault = fault
    this.code = CODES[fault]
  }
}

/** The store cannot answer right now (down, locked, out of descriptors): the same call may succeed later. */
export function storeUnavailable(message: string, cause?: unknown): StoreError {
  return new StoreError('unavailable', message, cause)
}

/** The store answers and lets this server do nothing, whatever it is asked again: somebody has to change credentials, rights or settings. */
export function storeRefused(message: string): StoreError {
  return new StoreError('refused', message)
}

/** The same call may succeed later. */
export function isUnavailable(error: unknown): error is StoreError {
  return error instanceof StoreError && error.fault === 'unavailable'
}

/** Nothing can be said of what is in the store, by one fault or the other. */
export function isOutOfReach(error: unknown): boolean {
  return isUnavailable(error) || (error instanceof StoreError && error.fault === 'refused')
}

/** There is no room for more bytes. What is there can still be read, and what needs no room can still be done. */
export function storeFull(message: string, cause?: unknown): StoreError {
  return new StoreError('full', message, cause)
}

/** Something is there already, or changed underneath. */
export function storeConflict(message: string, cause?: unknown): StoreError {
  return new StoreError('conflict', message, cause)
}

export function isConflict(error: unknown): boolean {
  return error instanceof StoreError && error.fault === 'conflict'
}

/** What the store promised to hold is missing or damaged. */
export function storeCorrupt(message: string, cause?: unknown): StoreError {
  return new StoreError('corrupt', message, cause)
}
