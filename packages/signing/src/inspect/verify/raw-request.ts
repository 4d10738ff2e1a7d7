/**
 * Takes a URL that somebody wrote down apart into the raw request a server would have seen. Nothing is decoded or
 * folded: the signature covers the text as it is.
 *
 * @module
 */
import type { RawRequest } from '../../types.ts'

const URL_PARTS = /^(https?):\/\/([^/?#\s]+)([^#\s]*)/i

/** What is known of a request beside its URL. */
export interface RawRequestFacts {
  readonly method?: string | undefined
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined
  readonly clientIp?: string | undefined
}

/** The request, `Host` taken from the URL unless a header gives it; `null` for a text that is no URL and no target. */
export function rawRequestOf(url: string, facts: RawRequestFacts): RawRequest | null {
  const parts = URL_PARTS.exec(url)
  const [, scheme = 'https', host = '', rest = ''] = parts ?? [null, 'https', '', url]
  if (parts === null && !url.startsWith('/')) return null
  const headers = (facts.headers ?? []).flat()
  const hasHost = headers.some((text, at) => at % 2 === 0 && text.toLowerCase() === 'host')
  return {
    method: facts.method ?? 'GET',
    target: rest.startsWith('/') ? rest : `/${rest}`,
    headers: hasHost || host === '' ? headers : ['Host', host, ...headers],
    scheme: scheme.toLowerCase() === 'http' ? 'http' : 'https',
    ...(facts.clientIp === undefined ? {} : { clientIp: facts.clientIp }),
  }
}
