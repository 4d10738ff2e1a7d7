/** Turns what PostgreSQL says into the four faults a driver may throw. */
import { DatabaseError } from 'pg'
import {
  StoreError,
  storeConflict,
  storeCorrupt,
  storeFull,
  storeUnavailable,
} from '../../platform/store-errors.ts'

/** Classes and codes of SQLSTATE. */
const FULL = '53100'
/**
 * What is over by and by, or by an operator's hand. Connections, a transaction that was rolled back or is in no state to go on, names
 * that a pooler gave to another session, a snapshot that is too old, resources, locks, a server that stops, starts or follows another,
 * a disk that fails, passwords and databases that are not there yet; and XX000, which poolers say of whatever is wrong with them.
 */
const UNAVAILABLE: readonly (readonly [codes: RegExp, sentence: string])[] = [
  [/^25006$/, 'The database takes no writes now: it is read-only'],
  [/^28/, 'The database refuses the user or the password'],
  [/^3D000$/, 'There is no database of that name'],
  [/^55P03$/, 'Somebody else holds a lock in the database for too long'],
  [/^(?:08|25|26|34|3D|40|53|55|57|58|72|XX000)/, 'The database cannot answer now'],
]
const CONFLICT = '23505'
const CORRUPT = /^XX00[12]$/
/** Of a transaction that got into another's way: it changed nothing, and may be run again. */
const IN_THE_WAY = /^40(?:001|P01)$/
const ENDS_TRANSACTION = /^40/
const ENDS_CONNECTION = /^(?:08|57P|25P0[34])/

/** A StoreError for what a store may meet; anything else comes back as it is, being a bug. */
export function toStoreError(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error
  const code = error.code ?? ''
  if (code === FULL) return storeFull('There is no room left for the catalog.', error)
  const told = UNAVAILABLE.find(([codes]) => codes.test(code))
  if (told !== undefined) return storeUnavailable(`${told[1]} (${code}).`, error)
  if (code === CONFLICT) {
    return storeConflict(`The catalog holds such a row already (${code}).`, error)
  }
  if (CORRUPT.test(code)) return storeCorrupt(`The database is damaged (${code}).`, error)
  return error
}

export function isInTheWay(error: unknown): boolean {
  return error instanceof StoreError
    ? isInTheWay(error.cause)
    : error instanceof DatabaseError && IN_THE_WAY.test(error.code ?? '')
}

/** The connection is of no use any more. What the client itself has to say is about the connection, and a StoreError already. */
export function endsConnection(error: unknown): boolean {
  if (error instanceof DatabaseError) return ENDS_CONNECTION.test(error.code ?? '')
  return error instanceof StoreError
}

/** There is nothing to go back to within the transaction. */
export function endsTransaction(error: unknown): boolean {
  const isEnd = error instanceof DatabaseError && ENDS_TRANSACTION.test(error.code ?? '')
  return isEnd || endsConnection(error)
}
