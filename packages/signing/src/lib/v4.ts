/**
 * What Amazon's and Google's fourth signature versions share: the canonical request and the credential scope. A
 * {@link V4Scheme} says how the two differ in names.
 *
 * ```
 * METHOD LF path LF query LF header lines LF signed header names LF payload hash     (the canonical request)
 * ALGORITHM LF yyyyMMdd'T'HHmmss'Z' LF scope LF hex of its SHA-256                    (the string to sign)
 * ```
 *
 * @module
 */
import { hashHex } from './hash.ts'
import { percentEncode } from './percent-encode.ts'
import { sha256 } from './sha256.ts'

/** The names in which the two schemes differ. */
export interface V4Scheme {
  /** What stands before the secret at the start of the key chain: `AWS4`, `GOOG4`. */
  readonly keyPrefix: string
  /** The last part of a credential scope: `aws4_request`, `goog4_request`. */
  readonly terminal: string
  /** What every authentication parameter begins with, in its exact case: `X-Amz-`, `X-Goog-`. */
  readonly parameterPrefix: string
  /** What headers with a meaning to the service begin with: `x-amz-`, `x-goog-`. */
  readonly headerPrefix: string
}

/** Where and on which day a signature counts. */
export interface V4Scope {
  /** `yyyyMMdd` in UTC. */
  readonly day: string
  /** Google calls it location. */
  readonly region: string
  readonly service: string
  /** The last part as written: a verifier compares it with the scheme's. */
  readonly terminal: string
  /** `day/region/service/terminal`. */
  readonly text: string
}

/** A credential taken apart: `keyId/day/region/service/terminal`. Nothing in it is verified. */
export interface V4Credential {
  readonly keyId: string
  readonly scope: V4Scope
}

/** The scope of a day, region and service. */
export function createV4Scope(
  scheme: V4Scheme,
  day: string,
  region: string,
  service: string,
): V4Scope {
  const { terminal } = scheme
  return { day, region, service, terminal, text: `${day}/${region}/${service}/${terminal}` }
}

/** The five parts of a decoded credential, or `null` if there are not five, or the key id or day is empty. */
export function parseV4Credential(credential: string): V4Credential | null {
  const [keyId, day, region, service, terminal, ...others] = credential.split('/')
  if (others.length > 0 || terminal === undefined || !keyId || !day) return null
  if (region === undefined || service === undefined) return null
  const text = credential.slice(keyId.length + 1)
  return { keyId, scope: { day, region, service, terminal, text } }
}

/** The string to sign of a canonical request. */
export function formatV4StringToSign(
  algorithm: string,
  timestamp: string,
  scope: V4Scope,
  canonicalRequest: string,
): string {
  return joinV4StringToSign(algorithm, timestamp, scope, hashHex(sha256, canonicalRequest))
}

/** The string to sign of a canonical request whose hash is known. */
export function joinV4StringToSign(
  algorithm: string,
  timestamp: string,
  scope: Pick<V4Scope, 'text'>,
  canonicalRequestHash: string,
): string {
  return `${algorithm}\n${timestamp}\n${scope.text}\n${canonicalRequestHash}`
}

/** The parts of a canonical request, each in its canonical form. */
export interface V4CanonicalParts {
  readonly method: string
  readonly path: string
  /** See {@link formatV4Query}. */
  readonly query: string
  /** `name:value` lines, each ended by LF: see {@link formatV4HeaderLines}. */
  readonly headerLines: string
  /** Names in lower case, sorted, joined by `;`. */
  readonly signedHeaders: string
  readonly payloadHash: string
}

/** The canonical request: six parts, LF between them. */
export function formatV4CanonicalRequest(parts: V4CanonicalParts): string {
  const head = `${parts.method}\n${parts.path}\n${parts.query}\n${parts.headerLines}`
  return `${head}\n${parts.signedHeaders}\n${parts.payloadHash}`
}

/** The canonical query: names and values encoded, sorted by encoded name and then by encoded value. */
export function formatV4Query(pairs: readonly (readonly [string, string])[]): string {
  const encoded = pairs.map(([name, value]): readonly [string, string] => [
    percentEncode(name),
    percentEncode(value),
  ])
  return joinEncodedV4Query(encoded)
}

/** The canonical query of names and values that are encoded already. */
export function joinEncodedV4Query(encoded: (readonly [name: string, value: string])[]): string {
  return encoded
    .toSorted(comparePairs)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

// Encoded text is ASCII, so the order of UTF-16 units is the order of bytes.
function comparePairs(a: readonly [string, string], b: readonly [string, string]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1
  if (a[1] === b[1]) return 0
  return a[1] < b[1] ? -1 : 1
}

/** A header value as it is signed: ends trimmed, every run of blanks and tabs one blank, also inside quotes. */
export function canonicalV4HeaderValue(value: string): string {
  if (!UNFOLDED.test(value)) return value
  return value.replace(BLANKS, ' ').replace(OUTER_BLANK, '')
}

const BLANKS = /[ \t\r\n]+/g
const OUTER_BLANK = /^ | $/g

/** A blank at an end, two in a row, or one that is not a space. */
const UNFOLDED = /^ | $|[\t\r\n]| {2}/

/** The headers of a request to be signed: the lines, and their names. */
export interface V4SignedHeaders {
  readonly headerLines: string
  readonly signedHeaders: string
}

/**
 * The canonical header lines of the headers given: names in lower case and sorted, values folded,
 * repeats joined by a comma in the order given.
 */
export function formatV4HeaderLines(
  headers: readonly (readonly [name: string, value: string])[],
): V4SignedHeaders {
  const values = new Map<string, string>()
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    const folded = canonicalV4HeaderValue(value)
    const before = values.get(lower)
    values.set(lower, before === undefined ? folded : `${before},${folded}`)
  }
  const names = [...values.keys()].toSorted()
  return {
    headerLines: names.map((name) => `${name}:${values.get(name) ?? ''}\n`).join(''),
    signedHeaders: names.join(';'),
  }
}
