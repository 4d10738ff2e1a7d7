/** For web pages: a signed URL for a file, by leave of the application's own server. */
import { createSend } from './send.ts'

export interface FetchedLink {
  readonly url: string
  /** Seconds that it still lives, by the server's clock. */
  readonly expiresIn: number
}

export interface FetchLinkOptions {
  /** Where `createLinkHandler` answers. */
  readonly endpoint: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
}

/** Asks in the body of a POST, so that no path and no URL stands in a history or a log. Rejects with a `HallpassError`. */
export async function fetchLink(
  path: string,
  { endpoint, headers = {}, signal }: FetchLinkOptions,
): Promise<FetchedLink> {
  const common = { url: '', key: undefined, fetch: undefined, retries: 2, timeout: 30_000 }
  const send = createSend({ ...common, headers, isRepeatable: true })
  const response = await send(
    {
      method: 'POST',
      path: endpoint,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path }),
    },
    { signal },
  )
  return (await response.json()) as FetchedLink
}
