/** Where ClamAV's daemon listens, in the words of its own settings: `unix:/PATH` or `tcp://HOST:PORT`. */
import type { ClamavAddress } from '../scanners/clamav/clamav-scanner.ts'

/** The same text, checked. */
export function parseClamav(text: string): string {
  readClamavAddress(text)
  return text
}

/** Throws a plain `Error` whose message completes "HALLPASS_CLAMAV … ". */
export function readClamavAddress(text: string): ClamavAddress {
  const path = /^unix:(?:\/\/)?(\/.+)$/.exec(text)?.[1]
  if (path !== undefined) return { path }
  const url = text.startsWith('tcp://') ? URL.parse(text) : null
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? ''
  if (url === null || host === '' || url.port === '' || !/^\/?$/.test(url.pathname)) {
    throw new Error('must be unix:/PATH or tcp://HOST:PORT')
  }
  return { host, port: Number(url.port) }
}
