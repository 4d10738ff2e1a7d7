/**
 * Reads public and private keys out of PEM and DER, and brings every form to the two that all runtimes
 * import: PKCS#8 for private keys, SubjectPublicKeyInfo for public ones. Nothing here computes with a key.
 *
 * @module
 */

import { fromBase64, toHex } from './bytes.ts'

/** The kinds of key the dialects sign with. */
export type PublicKeyAlgorithm = 'rsa' | 'ecdsa-p256' | 'ed25519'

/** A key in the form runtimes import. `modulusBits` is 0 for anything but RSA. */
export interface KeyDer {
  readonly algorithm: PublicKeyAlgorithm
  readonly der: Uint8Array
  readonly modulusBits: number
}

interface Element {
  readonly tag: number
  /** First byte of the contents. */
  readonly start: number
  /** First byte after the contents. */
  readonly end: number
}

// The AlgorithmIdentifier of each kind, whole: object identifier and parameters [RFC3279 2.3] [RFC8410 3].
const ALGORITHM_IDENTIFIERS: Readonly<Record<PublicKeyAlgorithm, string>> = {
  rsa: '300d06092a864886f70d0101010500',
  'ecdsa-p256': '301306072a8648ce3d020106082a8648ce3d030107',
  ed25519: '300506032b6570',
}
const P256_PARAMETERS = '06082a8648ce3d030107'
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const SEQUENCE = 0x30
const CONTEXT_0 = 0xa0

const ESCAPED_LINE_END = /(?:\\{1,4}r)?\\{1,4}n/g
const BLOCK =
  /-----BEGIN ([A-Z0-9 ]{1,40})-----[ \t]*[\r\n]([A-Za-z0-9+/=\s]{1,20000}?)-----END \1-----/g
const BORDER = /-----BEGIN /g
/** The longest text that is looked at: a chain of certificates is shorter. */
const MAX_TEXT = 65_536
/** The name of the curve, which OpenSSL writes in front of a key on it. */
const IGNORED_LABEL = 'EC PARAMETERS'

/**
 * Label and bytes of a text with one PEM block [RFC7468 2], or `null`. What stands around the block is not looked at, nor is the name
 * of a curve in front of it; two keys or certificates are none, because which is meant nobody can tell. Line ends may be
 * written as `\n`, as in a variable of the environment that was copied out of JSON, and lines may be indented.
 */
export function readPem(text: string): { label: string; der: Uint8Array } | null {
  if (text.length > MAX_TEXT) return null
  const plain = text.replace(ESCAPED_LINE_END, '\n')
  const blocks = [...plain.matchAll(BLOCK)]
  const [block, ...others] = blocks.filter(([, label]) => label !== IGNORED_LABEL)
  const isWhole = (plain.match(BORDER)?.length ?? 0) === blocks.length
  if (block === undefined || others.length > 0 || !isWhole) return null
  const [, label = '', lines = ''] = block
  const der = fromBase64(lines.replace(/\s/g, ''))
  return der === null ? null : { label, der }
}

/** The private key behind a PEM label and its bytes, as PKCS#8; `null` for anything unknown or broken. */
export function readPrivateKey(label: string, der: Uint8Array): KeyDer | null {
  if (label === 'PRIVATE KEY') return readPkcs8(der)
  if (label === 'RSA PRIVATE KEY') return readPkcs8(wrapPkcs8('rsa', der))
  if (label === 'EC PRIVATE KEY' && isP256PrivateKey(der)) {
    return readPkcs8(wrapPkcs8('ecdsa-p256', der))
  }
  return null
}

/** The public key behind a PEM label and its bytes, as SubjectPublicKeyInfo; `null` as above. */
export function readPublicKey(label: string, der: Uint8Array): KeyDer | null {
  if (label === 'PUBLIC KEY') return readSpki(der)
  if (label === 'RSA PUBLIC KEY') return readSpki(wrapSpki('rsa', der))
  if (label === 'CERTIFICATE') {
    const spki = spkiOfCertificate(der)
    return spki === null ? null : readSpki(spki)
  }
  return null
}

/** PKCS#8 around the 32 bytes of an Ed25519 private key [RFC8410 7]. */
export function wrapEd25519Seed(seed: Uint8Array): Uint8Array {
  return wrapPkcs8('ed25519', encode(OCTET_STRING, seed))
}

/** SubjectPublicKeyInfo around the 32 bytes of an Ed25519 public key [RFC8410 4]. */
export function wrapEd25519Point(point: Uint8Array): Uint8Array {
  return wrapSpki('ed25519', point)
}

function readPkcs8(der: Uint8Array): KeyDer | null {
  const parts = childrenOf(der, readElement(der, 0), SEQUENCE)
  const [version, identifier, key] = parts ?? []
  if (version?.tag !== INTEGER || identifier === undefined || key?.tag !== OCTET_STRING) return null
  const algorithm = algorithmOf(der, identifier)
  if (algorithm === null) return null
  if (algorithm !== 'rsa') return { algorithm, der, modulusBits: 0 }
  const numbers = childrenOf(der, readElement(der, key.start), SEQUENCE)
  return withModulus(der, numbers?.[1])
}

function readSpki(der: Uint8Array): KeyDer | null {
  const [identifier, key] = childrenOf(der, readElement(der, 0), SEQUENCE) ?? []
  if (identifier === undefined || key?.tag !== BIT_STRING || der[key.start] !== 0) return null
  const algorithm = algorithmOf(der, identifier)
  if (algorithm === null) return null
  if (algorithm !== 'rsa') return { algorithm, der, modulusBits: 0 }
  const numbers = childrenOf(der, readElement(der, key.start + 1), SEQUENCE)
  return withModulus(der, numbers?.[0])
}

function withModulus(der: Uint8Array, modulus: Element | undefined): KeyDer | null {
  if (modulus?.tag !== INTEGER) return null
  let { start } = modulus
  if (der[start] === 0) start += 1
  const bits = (modulus.end - start) * 8 - (Math.clz32(der[start] ?? 0) - 24)
  return { algorithm: 'rsa', der, modulusBits: bits }
}

function algorithmOf(der: Uint8Array, { start, end }: Element): PublicKeyAlgorithm | null {
  // The identifiers are short, so two bytes of tag and length stand before the contents.
  const text = toHex(der.subarray(start - 2, end))
  for (const algorithm of ['rsa', 'ecdsa-p256', 'ed25519'] as const) {
    if (ALGORITHM_IDENTIFIERS[algorithm] === text) return algorithm
  }
  return null
}

// ECPrivateKey [RFC5915 3]: the curve is named inside, and any other than P-256 is refused.
function isP256PrivateKey(der: Uint8Array): boolean {
  const parts = childrenOf(der, readElement(der, 0), SEQUENCE)
  const curve = parts?.find((part) => part.tag === CONTEXT_0)
  return curve !== undefined && toHex(der.subarray(curve.start, curve.end)) === P256_PARAMETERS
}

// Certificate → tbsCertificate → subjectPublicKeyInfo [RFC5280 4.1]; the version, tagged [0], is optional.
function spkiOfCertificate(der: Uint8Array): Uint8Array | null {
  const [body] = childrenOf(der, readElement(der, 0), SEQUENCE) ?? []
  const fields = childrenOf(der, body ?? null, SEQUENCE)
  const index = fields?.[0]?.tag === CONTEXT_0 ? 6 : 5
  const before = fields?.[index - 1]
  const spki = fields?.[index]
  if (before === undefined || spki === undefined) return null
  return der.slice(before.end, spki.end)
}

function readElement(bytes: Uint8Array, offset: number): Element | null {
  const tag = bytes[offset]
  const first = bytes[offset + 1]
  if (tag === undefined || first === undefined) return null
  let start = offset + 2
  let length = first
  if (first >= 0x80) {
    const count = first - 0x80
    if (count < 1 || count > 3) return null
    length = 0
    for (let index = 0; index < count; index += 1)
      length = length * 256 + (bytes[start + index] ?? 0)
    start += count
  }
  const end = start + length
  return end > bytes.length ? null : { tag, start, end }
}

function childrenOf(bytes: Uint8Array, parent: Element | null, tag: number): Element[] | null {
  if (parent === null || parent.tag !== tag) return null
  const children: Element[] = []
  let offset = parent.start
  while (offset < parent.end) {
    const child = readElement(bytes, offset)
    if (child === null || child.end > parent.end) return null
    children.push(child)
    offset = child.end
  }
  return children
}

function wrapPkcs8(algorithm: PublicKeyAlgorithm, key: Uint8Array): Uint8Array {
  return encode(
    SEQUENCE,
    Uint8Array.of(INTEGER, 1, 0),
    identifierOf(algorithm),
    encode(OCTET_STRING, key),
  )
}

function wrapSpki(algorithm: PublicKeyAlgorithm, key: Uint8Array): Uint8Array {
  return encode(SEQUENCE, identifierOf(algorithm), encode(BIT_STRING, Uint8Array.of(0), key))
}

function identifierOf(algorithm: PublicKeyAlgorithm): Uint8Array {
  const hex = ALGORITHM_IDENTIFIERS[algorithm]
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  )
}

function encode(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, part) => sum + part.length, 0)
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff]
  const bytes = new Uint8Array(header.length + length)
  bytes.set(header)
  let offset = header.length
  for (const part of contents) {
    bytes.set(part, offset)
    offset += part.length
  }
  return bytes
}
