/**
 * Reads the keys that an issuer of tokens publishes. The address is the operator's own choice; what comes from there may be anything:
 * redirects are not followed, and no more is read than a set of keys has.
 */

/** As `fetch`: rejects where there is no answer. */
export type FetchKeys = (
  url: string,
  options: { readonly headers: Headers; readonly signal: AbortSignal },
) => Promise<Response>

const MAX_BYTES: number = 256 * 1024
/** Whoever could not be reached is not asked again for this long. */
const REST_MS = 3000

/** `now` in milliseconds. */
export function createKeyFetch(now: () => number): FetchKeys {
  let restUntil = Number.NEGATIVE_INFINITY

  async function read(url: string, options: Parameters<FetchKeys>[1]): Promise<Response> {
    const answer = await fetch(url, { ...options, redirect: 'manual' })
    if (answer.status !== 200 || answer.body === null) {
      await answer.body?.cancel()
      throw new Error(`The address of the keys answered with the status ${answer.status}.`)
    }
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of answer.body) {
      bytes += chunk.length
      if (bytes > MAX_BYTES) throw new Error(`The keys have more than ${MAX_BYTES} bytes.`)
      chunks.push(chunk)
    }
    return new Response(Buffer.concat(chunks))
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
