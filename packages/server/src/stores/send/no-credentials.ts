/** What is said where this machine is allowed nothing at a store. */
import type { StoreError } from '../../platform/store-errors.ts'
import { storeRefused, storeUnavailable } from '../../platform/store-errors.ts'

interface Sentences {
  /** The library that would look for credentials is not there. */
  readonly notInstalled: string
  /** It found none; it is given the name of its fault. */
  readonly notFound: (name: string) => string
}

/** What a library says may quote files and answers: the name of its fault is all that is passed on. */
export function noCredentials(error: unknown, says: Sentences): StoreError {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
    return storeRefused(says.notInstalled)
  }
  return storeUnavailable(says.notFound(error instanceof Error ? error.name : 'no reason given'))
}
