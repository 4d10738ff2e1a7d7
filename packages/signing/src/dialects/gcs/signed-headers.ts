/**
 * The headers under a signature: the list the URL names, and what arrived under those names.
 *
 * @module
 */

import { requireHost, headerValues } from '../../lib/raw-headers.ts'
import { canonicalV4HeaderValue } from '../../lib/v4.ts'
import type { RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import { CONTENT_SHA256, UNSIGNED_PAYLOAD, malformed, withoutPort } from './params.ts'

/** The header part of a canonical request. */
export interface GcsHeaders {
  readonly names: readonly string[]
  readonly headerLines: string
  readonly payloadHash: string
}

// The one header Google's own clients add to requests that others signed.
const UNSIGNED_ALLOWED = 'x-goog-api-client'
const SIGNED_SCHEMES = /^(?:GOOG|AWS)/i

/**
 * The canonical headers of a request. @throws {SigningError} `parameter-malformed`, `header-missing`,
 * `headers-unsigned`, `header-conflict`, `credentials-ambiguous`, `parameter-duplicate`
 */
export function readGcsHeaders(
  request: RawRequest,
  signedHeaders: string,
  query: readonly (readonly [string, string])[],
): GcsHeaders {
  const names = parseNames(signedHeaders)
  checkHeaders(request, names, query)
  let headerLines = ''
  let payloadHash = UNSIGNED_PAYLOAD
  for (const name of names) {
    const value = valueOf(request, name)
    headerLines += `${name}:${value}\n`
    if (name === CONTENT_SHA256) payloadHash = value
  }
  return { names, headerLines, payloadHash }
}

function parseNames(text: string): readonly string[] {
  const names = text.split(';')
  const isOrdered = names.every((name, index) => index === 0 || (names[index - 1] ?? '') < name)
  const isSpelled = names.every((name) => /^[!-9<-~]+$/.test(name) && name === name.toLowerCase())
  if (!isOrdered || !isSpelled) {
    throw malformed('X-Goog-SignedHeaders', 'expected names in lower case, sorted, each once')
  }
  if (!names.includes('host')) {
    throw new SigningError('headers-unsigned', 'the host is not signed', { names: ['host'] })
  }
  return names
}

function valueOf(request: RawRequest, name: string): string {
  if (name === 'host') return withoutPort(requireHost(request))
  const values = headerValues(request.headers, name)
  const [first] = values
  if (first === undefined) {
    throw new SigningError('header-missing', `the signed header ${name} did not come`, { name })
  }
  return values.length === 1
    ? canonicalV4HeaderValue(first)
    : values.map(canonicalV4HeaderValue).join(',')
}

/** False for nearly every header, which spares its name a closer look. */
function mayMatter(name: string | undefined): boolean {
  const first = (name ?? '').charCodeAt(0) | 0x20
  return first === 0x61 || first === 0x78
}

/** A header that means something to the service must be under the signature, and the only word on its subject. */
function checkHeaders(
  { headers }: RawRequest,
  names: readonly string[],
  query: readonly (readonly [string, string])[],
): void {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (!mayMatter(headers[index])) continue
    const name = headers[index]?.toLowerCase() ?? ''
    if (name === 'authorization' && SIGNED_SCHEMES.test(headers[index + 1]?.trim() ?? '')) {
      throw new SigningError('credentials-ambiguous', 'the request is signed in two ways', {
        found: ['query', 'header'],
      })
    }
    if (!name.startsWith('x-goog-') || name === UNSIGNED_ALLOWED) continue
    if (!names.includes(name)) {
      throw new SigningError('headers-unsigned', 'a header with a meaning is not signed', {
        names: [name],
      })
    }
    const inQuery = query.find(([other]) => other.toLowerCase() === name)
    if (inQuery !== undefined && inQuery[1] !== headers[index + 1]) {
      throw new SigningError('header-conflict', `${name} came as header and as parameter`, { name })
    }
  }
}
