/**
 * Requests whose bodies pass as they are: `fetch` would unpack what was stored packed.
 *
 * @module
 */
import { request as requestHttp } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'

/** Nothing moved for so long: the connection is as good as lost. */
const STANDSTILL_MS = 60_000

export interface RequestOptions {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}

/** A request that fails when nothing moves for a minute. The caller ends it. */
export function beginRequest(url: string, options: RequestOptions): ClientRequest {
  const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, options)
  return request.setTimeout(STANDSTILL_MS, () =>
    request.destroy(new Error('nothing moved for a minute')),
  )
}

/** Resolves to the head of the answer, whatever it says; redirects are not followed. */
export function openUrl(url: string, headers: RequestOptions['headers']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    beginRequest(url, { method: 'GET', headers })
      .once('error', reject)
      .once('response', resolve)
      .end()
  })
}
