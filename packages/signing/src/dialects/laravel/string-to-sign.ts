/**
 * What Laravel signs [LARAVEL-SIGNED]: the URL as text, without its signature and without slashes at the end of its path.
 *
 * ```text
 * https://host/path?own=1&expires=1773484013      or, signed relative,      /path?own=1&expires=1773484013
 * ```
 *
 * @module
 */
import { withoutLastSlashes } from '../../lib/last-slashes.ts'

/** The parts of a URL as they are sent; `query` without the signature. */
export interface LaravelText {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly path: string
  readonly query: string
}

/** The text of a URL. */
export function formatLaravelText(
  { scheme, host, path, query }: LaravelText,
  isRelative: boolean,
): string {
  const url = isRelative ? relativePath(path) : absoluteUrl(scheme, host, path)
  return query === '' ? url : `${url}?${query}`
}

function relativePath(path: string): string {
  let start = 0
  while (path[start] === '/') start += 1
  return `/${withoutLastSlashes(path.slice(start))}`
}

function absoluteUrl(scheme: string, host: string, path: string): string {
  const port = scheme === 'https' ? ':443' : ':80'
  const lower = host.toLowerCase()
  const bare = lower.endsWith(port) ? lower.slice(0, -port.length) : lower
  return `${scheme}://${bare}${withoutLastSlashes(path)}`
}
