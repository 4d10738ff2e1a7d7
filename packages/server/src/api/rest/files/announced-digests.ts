/** What a client says its body hashes to, in any of the headers that clients have for it: compared before the file exists. */
import type { ChecksumAlgorithm } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import type { ExpectedDigest } from '../../../core/files/checked-body.ts'
import { CHECKSUM_ALGORITHMS, readDigest } from '../../../core/files/checksums.ts'
import { headerValues, joinedHeader } from '../../../http/raw-headers.ts'
import type { RawHeaders } from '../../../http/raw-headers.ts'

/** By the header in lower case; each in base64. */
const SINGLE: ReadonlyMap<string, ChecksumAlgorithm> = new Map([
  ['content-md5', 'md5'],
  ...CHECKSUM_ALGORITHMS.map((algorithm) => [`x-amz-checksum-${algorithm}`, algorithm] as const),
])
const PAYLOAD = 'x-amz-content-sha256'
/** Dictionaries of digests; nothing is decoded here, so that content and representation are the same bytes. */
const FIELDS = ['content-digest', 'repr-digest']
const OF_FIELDS: ReadonlyMap<string, ChecksumAlgorithm> = new Map([
  ['sha-256', 'sha256'],
  ['sha-512', 'sha512'],
  ['md5', 'md5'],
])
const MEMBER = /^\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):\s*$/

/** The names, for whoever documents them or takes none of them. */
export const DIGEST_HEADERS: readonly string[] = [...SINGLE.keys(), PAYLOAD, ...FIELDS]

/** Throws `field-invalid` for one that cannot be a digest, or that cannot be compared. */
export function readAnnouncedDigests(headers: RawHeaders): ExpectedDigest[] {
  return [
    ...[...SINGLE].flatMap(([check, algorithm]) =>
      headerValues(headers, check).map((text) => toDigest(check, algorithm, text)),
    ),
    ...headerValues(headers, PAYLOAD).flatMap(readPayloadHash),
    ...FIELDS.flatMap((check) => readField(check, joinedHeader(headers, check))),
  ]
}

function toDigest(check: string, algorithm: ChecksumAlgorithm, base64: string): ExpectedDigest {
  const value = readDigest(algorithm, base64.trim())
  if (value !== null) return { algorithm, value, check }
  throw invalid(check, `it takes the ${algorithm.toUpperCase()} of the body in base64`)
}

/** What signers say of a body: its SHA-256 in hex, or that they did not hash it. */
function readPayloadHash(text: string): ExpectedDigest[] {
  if (text === 'UNSIGNED-PAYLOAD') return []
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw invalid(PAYLOAD, 'it takes the SHA-256 of the body in hex, or UNSIGNED-PAYLOAD')
  }
  return [{ algorithm: 'sha256', value: Buffer.from(text, 'hex'), check: PAYLOAD }]
}

/** Of several algorithms those are compared that are known here [RFC9530 2]; none of them, and nothing would be. */
function readField(check: string, text: string | null): ExpectedDigest[] {
  if (text === null) return []
  const members = text.split(',').map((member) => {
    const [, name = '', base64 = ''] = MEMBER.exec(member) ?? []
    if (name === '') throw invalid(check, 'it takes digests as in sha-256=:BASE64:')
    return { algorithm: OF_FIELDS.get(name), base64 }
  })
  const known = members.flatMap(({ algorithm, base64 }) =>
    algorithm === undefined ? [] : [toDigest(check, algorithm, base64)],
  )
  if (known.length === 0) throw invalid(check, 'of its digests one must be sha-256, sha-512 or md5')
  return known
}

function invalid(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}
