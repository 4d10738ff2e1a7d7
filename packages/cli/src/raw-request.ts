/**
 * Takes a URL that somebody wrote down apart into the raw request a server would have seen. Nothing is decoded or
 * folded: the signature covers the text as it is.
 *
 * @module
 */
import type { RawRequest } from '@hallpass/signing'
import { CliError } from './io.ts'
import type { NamedValue } from './option-values.ts'

const URL_PARTS = /^(https?):\/\/([^/?#\s]+)([^#\s]*)/i

export interface RawRequestOptions {
  readonly method?: string | undefined
  readonly headers?: readonly NamedValue[] | undefined
  readonly clientIp?: string | undefined
}

/** The request, `Host` taken from the URL unless a header gives it. */
export function toRawRequest(url: string, options: RawRequestOptions): RawRequest {
  const parts = URL_PARTS.exec(url)
  const [, scheme = 'https', host = '', rest = ''] = parts ?? [null, 'https', '', url]
  if (parts === null && !url.startsWith('/')) {
    throw new CliError('the URL must begin with http://, https:// or, for a bare target, a slash.')
  }
  const headers = (options.headers ?? []).flat()
  const hasHost = headers.some((text, at) => at % 2 === 0 && text.toLowerCase() === 'host')
  return {
    method: options.method ?? 'GET',
    target: rest.startsWith('/') ? rest : `/${rest}`,
    headers: hasHost || host === '' ? headers : ['Host', host, ...headers],
    scheme: scheme.toLowerCase() === 'http' ? 'http' : 'https',
    ...(options.clientIp === undefined ? {} : { clientIp: options.clientIp }),
  }
}
