/**
 * Whether a key that was given under the right id is of the kind that the signature needs, and whether id and secret of one were
 * swapped.
 *
 * @module
 */
import type { DialectName } from '../dialects.ts'
import type { ExplainContext, ExplainKey, Finding } from '../facts/dialect-facts.ts'
import { valuesByName } from '../facts/detection.ts'
import { isVerifiable } from '../judges.ts'

type Kind = 'secret' | 'publicKey'

/** The keys of this id, or all where the request names none, have what the scheme cannot use. */
export function keyKindFindings(
  context: Pick<ExplainContext, 'keys' | 'detection' | 'request'>,
  dialect: DialectName,
): Finding[] {
  const needed = neededKind(context, dialect)
  if (needed === null) return []
  const { keyId } = context.detection
  const own = context.keys.filter(
    (key) =>
      (key.dialect === undefined || key.dialect === dialect) &&
      (keyId === null || key.id === keyId || (key.id === undefined && key.dialect === dialect)),
  )
  if (own.length === 0 || own.some((key) => isOfKind(key, needed))) return []
  return [{ code: 'key-invalid', confidence: 0.9, facts: { reason: REASONS[needed] } }]
}

/** The names services give to their access keys. */
const ACCESS_KEY_ID = /^(?:A(?:KIA|SIA|KID)|LTAI|GOOG)[A-Za-z0-9]{8,}$/

/** No key has the id of the request, and one has it, or what can only be an id, for its secret. */
export function keySwapFindings(
  { keys, detection: { keyId } }: Pick<ExplainContext, 'keys' | 'detection'>,
  dialect: DialectName,
): Finding[] {
  const own = keys.filter((key) => key.dialect === undefined || key.dialect === dialect)
  if (keyId === null || own.some(({ id }) => id === keyId)) return []
  const isSwapped = own.some(
    ({ id = '', secret = '' }) =>
      id !== '' && (secret === keyId || (ACCESS_KEY_ID.test(secret) && !ACCESS_KEY_ID.test(id))),
  )
  return isSwapped ? [{ code: 'key-invalid', confidence: 0.9, facts: { reason: SWAPPED } }] : []
}

const SWAPPED =
  'its id and its secret stand in each other’s place, there or where the request was signed'

const REASONS: Readonly<Record<Kind, string>> = {
  secret:
    'this signature is an HMAC and needs the secret, and the key given is a public or private key, or has none',
  publicKey:
    'this signature is checked with a public key in PEM, and the key given is a secret or a private key',
}

function isOfKind(key: ExplainKey, kind: Kind): boolean {
  const text = key[kind] ?? ''
  const isPem = text.includes('-----BEGIN ')
  if (kind === 'secret') return text !== '' && !isPem
  return text !== '' && !text.includes('PRIVATE KEY-----')
}

/** `null`: either may be right. */
function neededKind(
  { request }: Pick<ExplainContext, 'request'>,
  dialect: DialectName,
): Kind | null {
  if (!isVerifiable(dialect)) return null
  if (dialect === 'cloudfront') return 'publicKey'
  if (dialect === 'gcs') {
    const algorithm = valuesByName(request.url.parameters).get('x-goog-algorithm') ?? ''
    return algorithm === 'GOOG4-HMAC-SHA256' ? 'secret' : algorithm === '' ? null : 'publicKey'
  }
  if (dialect === 's3') return isOfEcdsa(request) ? null : 'secret'
  return dialect === 'media-cdn' || dialect === 'http-signatures' ? null : 'secret'
}

function isOfEcdsa({ url, headers }: ExplainContext['request']): boolean {
  const texts = [...url.parameters.map(({ value }) => value), ...headers.map(([, value]) => value)]
  return texts.some((text) => text.startsWith('AWS4-ECDSA-'))
}
