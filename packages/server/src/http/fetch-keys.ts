/** Reads the keys that an issuer of tokens publishes. */
import { fetchSmall } from './fetch-small.ts'

/** As `fetch`: rejects where there is no answer. */
export type FetchKeys = (
  url: string,
  options: { readonly headers: Headers; readonly signal: AbortSignal },
) => Promise<Response>

/** Whoever could not be reached is not asked again for this long. */
const REST_MS = 3000

/** `now` in milliseconds. */
export function createKeyFetch(now: () => number): FetchKeys {
  let restUntil = Number.NEGATIVE_INFINITY

  async function read(url: string, options: Parameters<FetchKeys>[1]): Promise<Response> {
    const answer = await fetchSmall(url, options)
    if (answer.status !== 200) {
      throw new Error(`The address of the keys answered with the status ${answer.status}.`)
    }
    return answer
  }

  return async (url, options) => {
    if (now() < restUntil) throw new Error('The keys could not be read a moment ago.')
    try {
      return await read(url, options)
    } catch (error) {
      restUntil = now() + REST_MS
      throw error
    }
  }
}
