/**
 * A request of the fourth signature version as a server would canonicalise it, every part open to change.
 *
 * @module
 */
import type { ObservedRequest } from '../facts/dialect-facts.ts'
import { hostHeader } from '../facts/observed-url.ts'
import { percentDecode, percentEncode } from '../../lib/percent-encode.ts'
import {
  canonicalV4HeaderValue,
  formatV4CanonicalRequest,
  formatV4StringToSign,
  joinEncodedV4Query,
} from '../../lib/v4.ts'
import type { V4Scope } from '../../lib/v4.ts'
import { encodeLikePath } from './path-variants.ts'

/** The parts of a canonical request and of the string to sign. */
export interface V4View {
  readonly method: string
  /** Already in the form that is signed. */
  readonly path: string
  /** Names and values encoded as they are signed, the signature left out, in the order sent. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Values by lower-case name. */
  readonly headers: ReadonlyMap<string, string>
  readonly signedHeaders: readonly string[]
  readonly payloadHash: string
  readonly algorithm: string
  readonly timestamp: string
  readonly scope: V4Scope
  readonly secret: string
  /** The ways in which the signer built its texts otherwise than the scheme says. */
  readonly layout?: V4Layout
}

/** What a signer did otherwise; what is absent it did as the scheme says. */
export interface V4Layout {
  /** Names in the order of their lines, with the capitals they were written in. */
  readonly headerOrder?: readonly string[]
  readonly isQueryUnsorted?: boolean
  /** The blank line behind the header lines was left out. */
  readonly hasNoBlankLine?: boolean
  /** The canonical request stands in the string to sign itself, not its hash. */
  readonly isUnhashed?: boolean
  /** The secret went into the key without `AWS4` in front. */
  readonly hasBareSecret?: boolean
}

/** The canonical request of a view; a signed header that did not come counts as empty. */
export function canonicalRequestOf(view: V4View): string {
  const { layout = {} } = view
  const headerLines = (layout.headerOrder ?? view.signedHeaders)
    .map((name) => `${name}:${view.headers.get(name.toLowerCase()) ?? ''}\n`)
    .join('')
  const text = formatV4CanonicalRequest({
    method: view.method,
    path: view.path,
    query:
      layout.isQueryUnsorted === true
        ? view.query.map(([name, value]) => `${name}=${value}`).join('&')
        : joinEncodedV4Query([...view.query]),
    headerLines,
    signedHeaders: view.signedHeaders.join(';'),
    payloadHash: view.payloadHash,
  })
  return layout.hasNoBlankLine === true ? text.replace('\n\n', '\n') : text
}

/** The string to sign of a view. */
export function stringToSignOf(view: V4View): string {
  const request = canonicalRequestOf(view)
  if (view.layout?.isUnhashed === true) {
    return `${view.algorithm}\n${view.timestamp}\n${view.scope.text}\n${request}`
  }
  return formatV4StringToSign(view.algorithm, view.timestamp, view.scope, request)
}

/** A raw path as a server signs it: decoded once, encoded canonically. */
export function canonicalPath(path: string): string {
  const text = percentDecode(path)
  return text === null ? path : encodeLikePath(text) || '/'
}

/** The headers of a request by lower-case name, folded and joined; `host` comes from the URL if it was not sent. */
export function observedHeaders(request: ObservedRequest): Map<string, string> {
  const headers = new Map<string, string>()
  for (const [name, value] of request.headers) {
    const lower = name.toLowerCase()
    const folded = canonicalV4HeaderValue(value)
    const before = headers.get(lower)
    headers.set(lower, before === undefined ? folded : `${before},${folded}`)
  }
  if (!headers.has('host')) headers.set('host', hostHeader(request.url))
  return headers
}

/** The query as signed, without the signature parameter; names and values are encoded anew. */
export function observedQuery(
  request: ObservedRequest,
  signatureName: string,
): (readonly [name: string, value: string])[] {
  const left = signatureName.toLowerCase()
  return request.url.parameters
    .filter(({ name }) => name.toLowerCase() !== left)
    .map(({ name, value }) => [safeEncode(name), safeEncode(value)] as const)
}

/** Percent-encoding that never throws: lone surrogates stay as they are. */
export function safeEncode(text: string): string {
  try {
    return percentEncode(text)
  } catch {
    return text
  }
}
