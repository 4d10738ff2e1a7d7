/**
 * The names whose values are secrets, and how a value must look before it is taken out. A name is compared
 * without case, dashes, underscores and dots, from its end: `X-Amz-Signature`, `x_amz_signature` and
 * `chunk-signature` are all `signature`.
 *
 * @module
 */

/** What a name asks of its value. */
export type SecretKind =
  /** A signature: any long enough run. */
  | 'signature'
  /** A token, key or secret: long, and it looks random, unless it is a parameter of a URL or form. */
  | 'token'
  /** A short name that means a secret only as a parameter of a URL, form or cookie. */
  | 'parameter'
  /** A base64 JSON document. */
  | 'policy'
  /** Hex digits. */
  | 'hmac'
  /** An MD5 value in a URL, as nginx's secure_link has it. */
  | 'md5'
  /** Issue time, dash and MAC, as Cloudflare's is_timed_hmac_valid has it. */
  | 'timed-mac'
  /** An `Authorization` value: a scheme and credentials, or the credentials alone. */
  | 'authorization'
  /** What stands behind `Bearer` or `Basic`. */
  | 'scheme'

interface NameRule {
  readonly ends: string
  readonly kind: SecretKind
  /** The name must be this and no more. */
  readonly isWhole?: boolean
}

/** By the last three letters, as scan.ts finds them. */
const RULES: ReadonlyMap<string, readonly NameRule[]> = new Map([
  ['ure', [{ ends: 'signature', kind: 'signature' }]],
  ['ded', [{ ends: 'signatureprovided', kind: 'signature' }]],
  ['lob', [{ ends: 'signedblob', kind: 'signature' }]],
  ['ken', [{ ends: 'token', kind: 'token' }]],
  ['jwt', [{ ends: 'jwt', kind: 'token' }]],
  ['ret', [{ ends: 'secret', kind: 'token' }]],
  [
    'key',
    [
      'secretaccesskey',
      'sharedaccesskey',
      'awssecretkey',
      'secretkey',
      'accountkey',
      'signingkey',
      'encryptionkey',
      'apikey',
      'functionskey',
      'subscriptionkey',
      'customerkey',
    ].map((ends) => ({ ends, kind: 'token' as const })),
  ],
  [
    'sig',
    [
      { ends: 'urlsig', kind: 'signature' },
      { ends: 'sig', kind: 'parameter', isWhole: true },
    ],
  ],
  ['ord', [{ ends: 'password', kind: 'parameter' }]],
  ['icy', [{ ends: 'policy', kind: 'policy' }]],
  [
    'mac',
    [
      { ends: 'hmac', kind: 'hmac' },
      { ends: 'mac', kind: 'timed-mac', isWhole: true },
    ],
  ],
  ['md5', [{ ends: 'md5', kind: 'md5', isWhole: true }]],
  ['ify', [{ ends: 'verify', kind: 'timed-mac', isWhole: true }]],
  ['ion', [{ ends: 'authorization', kind: 'authorization' }]],
  ['rer', [{ ends: 'bearer', kind: 'scheme', isWhole: true }]],
  ['sic', [{ ends: 'basic', kind: 'scheme', isWhole: true }]],
] satisfies [string, NameRule[]][])

/** What stands before the last three letters in every name that counts, read backwards, dashes or not. */
const BEFORE_ENDS: ReadonlyMap<number, string> = new Map(
  Object.entries({
    ure: 'tangis',
    ded: 'ivorp',
    lob: 'bdengis',
    ken: 'ot',
    jwt: '',
    ret: 'ces',
    sig: '',
    ord: 'wssap',
    icy: 'lop',
    mac: '',
    md5: '',
    ify: 'rev',
    ion: 'tazirohtua',
    rer: 'aeb',
    sic: 'ab',
  }).map(([end, before]) => [packEnd(end, end.length), before]),
)

function packEnd(text: string, end: number): number {
  return (
    ((text.charCodeAt(end - 3) | 32) << 16) |
    ((text.charCodeAt(end - 2) | 32) << 8) |
    (text.charCodeAt(end - 1) | 32)
  )
}

const KEY_END = packEnd('key', 3)
const BEFORE_KEY = 'stginrSTGINR-_.'

/** Can the name that ends before `end` be one that counts? A quick no for the words of ordinary text. */
export function canBeName(text: string, end: number): boolean {
  const packed = packEnd(text, end)
  // `key` alone is a word; every name that counts has one of these before it.
  if (packed === KEY_END) return BEFORE_KEY.includes(text.charAt(end - 4))
  const before = BEFORE_ENDS.get(packed)
  if (before === undefined) return false
  for (let index = 0; index < before.length; index += 1) {
    if ((text.charCodeAt(end - 4 - index) | 32) !== before.charCodeAt(index)) return false
  }
  return true
}

/** Tokens that only say where a listing goes on. */
const HARMLESS_TOKENS = /(?:page|next|continuation|pagination|sync|cancellation|marker)token$/

/** The kind of secret a name announces, or `null`. */
export function classifyName(name: string): SecretKind | null {
  const rules = RULES.get(name.slice(-3).toLowerCase())
  if (rules === undefined) return null
  const bare = name.toLowerCase().replaceAll(/[-_.]/g, '')
  const rule = rules.find(({ ends, isWhole }) => (isWhole ? bare === ends : bare.endsWith(ends)))
  if (rule === undefined) return null
  return rule.kind === 'token' && HARMLESS_TOKENS.test(bare) ? null : rule.kind
}
