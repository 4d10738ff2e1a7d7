/** How long is waited for a library that looks for credentials, and what is said where this machine is allowed nothing at a store. */
import { SECOND_MS } from '../../platform/durations.ts'
import type { StoreError } from '../../platform/store-errors.ts'
import { storeRefused, storeUnavailable } from '../../platform/store-errors.ts'

/** Some ask the machine's metadata again and again for minutes, and do not stop when they are told to. */
const PATIENCE_MS = 15 * SECOND_MS

export interface CredentialSentences {
  /** The library that would look for credentials is not there. */
  readonly notInstalled: string
  /** It found none; it is given the name of its fault. */
  readonly notFound: (name: string) => string
}

/** Throws a StoreError in the given words if the library fails or takes too long; to load it may take as long as it takes. */
export async function lookForCredentials<Library, Found>(
  library: Promise<Library>,
  look: (library: Library) => Promise<Found>,
  says: CredentialSentences,
): Promise<Found> {
  try {
    return await withinPatience(look(await library))
  } catch (error) {
    throw noCredentials(error, says)
  }
}

async function withinPatience<Found>(looking: Promise<Found>): Promise<Found> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new NothingFound()), PATIENCE_MS)
  try {
    return await Promise.race([looking, late])
  } finally {
    clearTimeout(timer)
  }
}

class NothingFound extends Error {
  override readonly name: string = `nothing within ${PATIENCE_MS / SECOND_MS} seconds`
}

/** What a library says may quote files and answers: the name of its fault is all that is passed on. */
function noCredentials(error: unknown, says: CredentialSentences): StoreError {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') {
    return storeRefused(says.notInstalled)
  }
  return storeUnavailable(says.notFound(error instanceof Error ? error.name : 'no reason given'))
}
