/**
 * Reads single headers and cookies out of the raw header list. A header that decides anything must have come once:
 * two parsers that pick differently among repeats are how one of them gets fooled.
 *
 * @module
 */
import { SigningError } from '../errors.ts'
import type { RawHeaders, RawRequest } from '../types.ts'

/** Every value of the header, in order of arrival; `name` in lower case. */
export function headerValues(headers: RawHeaders, name: string): string[] {
  const values: string[] = []
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (isNamed(headers[index], name)) values.push(headers[index + 1] ?? '')
  }
  return values
}

/** The one value of the header, or `null`; a repeated header is refused. `name` in lower case. */
export function singleHeader(headers: RawHeaders, name: string): string | null {
  let value: string | null = null
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (!isNamed(headers[index], name)) continue
    if (value !== null) {
      throw new SigningError('parameter-duplicate', `the header ${name} came more than once`, {
        parameter: name,
      })
    }
    value = headers[index + 1] ?? ''
  }
  return value
}

// Most names differ in length already, so most are never copied to lower case.
function isNamed(header: string | undefined, name: string): boolean {
  return header !== undefined && header.length === name.length && header.toLowerCase() === name
}

const HOST = /^[A-Za-z0-9._~\-[\]:]+$/

/** The `Host` of the request as sent; missing, repeated or odd ones are refused. */
export function requireHost(request: RawRequest): string {
  const host = singleHeader(request.headers, 'host')?.trim()
  if (host === undefined || host === '') {
    throw new SigningError('header-missing', 'the request has no Host header', { name: 'host' })
  }
  if (!HOST.test(host)) {
    throw new SigningError('parameter-malformed', 'the Host header is not a host and port', {
      parameter: 'host',
      reason: 'expected a host name or address with an optional port',
    })
  }
  return host
}

/** The values of every cookie of that exact name over all `Cookie` headers, in order, undecoded [RFC6265 5.4]. */
function cookieValues(headers: RawHeaders, name: string): string[] {
  const values: string[] = []
  for (const header of headerValues(headers, 'cookie')) {
    for (const piece of header.split(';')) {
      const equals = piece.indexOf('=')
      if (equals !== -1 && piece.slice(0, equals).trim() === name) {
        values.push(piece.slice(equals + 1).trim())
      }
    }
  }
  return values
}

/** The one cookie of that name, or `null`; a repeated cookie is refused. */
export function singleCookie(headers: RawHeaders, name: string): string | null {
  if (!hasHeader(headers, 'cookie')) return null
  const values = cookieValues(headers, name)
  if (values.length > 1) {
    throw new SigningError('parameter-duplicate', `the cookie ${name} came more than once`, {
      parameter: name,
    })
  }
  return values[0] ?? null
}

function hasHeader(headers: RawHeaders, name: string): boolean {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (isNamed(headers[index], name)) return true
  }
  return false
}
