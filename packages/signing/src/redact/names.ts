/**
 * The names whose values are secrets, and what each asks of its value. A name is compared without case, dashes,
 * underscores, dots and the blanks of a key's name in words, from its end: `X-Amz-Signature`, `x_amz_signature` and `chunk-signature` are all `signature`.
 *
 * @module
 */

/** What a name asks of its value. */
export type SecretKind =
  /** A signature: any long enough run. */
  | 'signature'
  /** A token, key or secret: long, and it looks random, unless it is a parameter of a URL or form. */
  | 'token'
  /** A short name that means a secret as a parameter of a URL, form or cookie; elsewhere only with a random value. */
  | 'parameter'
  /** A password: a secret as a parameter, whatever it looks like. */
  | 'password'
  /** Hashes that CDNs want under names of other use. */
  | 'key'
  /** A key of an account under a name that others give their ids: long, and it looks random. */
  | 'long-key'
  /** A long code in a URL, as Azure Functions has it. */
  | 'code'
  /** A base64 JSON document. */
  | 'policy'
  /** Hex digits or base64 of an HMAC. */
  | 'hmac'
  /** An MD5 value in a URL, as nginx's secure_link has it. */
  | 'md5'
  /** Issue time, dash and MAC, as Cloudflare's is_timed_hmac_valid has it. */
  | 'timed-mac'
  /** The same, or the MAC alone. */
  | 'mac'
  /** A name of one or two letters: only a hash is a secret there. */
  | 'short-hash'
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

function ending(kind: SecretKind, ...ends: readonly string[]): NameRule[] {
  return ends.map((end) => ({ ends: end, kind }))
}

function whole(kind: SecretKind, ...names: readonly string[]): NameRule[] {
  return names.map((name) => ({ ends: name, kind, isWhole: true }))
}

/** By the last three characters, as scan.ts finds them. */
const RULES: ReadonlyMap<string, readonly NameRule[]> = new Map<string, readonly NameRule[]>([
  ['ure', [...ending('signature', 'signature'), ...whole('md5', 'secure')]],
  ['ded', ending('signature', 'signatureprovided')],
  ['lob', ending('signature', 'signedblob')],
  ['256', [...ending('signature', 'signature256'), ...ending('hmac', 'hmacsha256')]],
  ['519', ending('signature', 'signatureed25519')],
  ['ken', ending('token', 'token')],
  ['ens', ending('token', 'downloadtokens')],
  ['jwt', ending('token', 'jwt')],
  ['ret', ending('token', 'secret')],
  [
    'key',
    [
      ...ending(
        'token',
        'secretaccesskey',
        'sharedaccesskey',
        'awssecretkey',
        'secretkey',
        'accountkey',
        'storagekey',
        'tokenkey',
        'rolekey',
        'privatekey',
        'masterkey',
        'hmackey',
        'applicationkey',
        'appkey',
        'saskey',
        'signingkey',
        'encryptionkey',
        'apikey',
        'functionskey',
        'functionkey',
        'subscriptionkey',
        'customerkey',
      ),
      ...ending('key', 'authkey'),
      ...ending('long-key', 'accesskey'),
    ],
  ],
  ['sig', [...ending('signature', 'urlsig'), ...whole('parameter', 'sig')]],
  ['ign', whole('key', 'sign')],
  ['ode', whole('code', 'code')],
  ['k-s', whole('short-hash', 'iks')],
  ['ord', ending('password', 'password')],
  ['icy', ending('policy', 'policy')],
  ['mac', [...ending('hmac', 'hmac'), ...whole('mac', 'mac')]],
  ['md5', whole('md5', 'md5')],
  ['ify', whole('timed-mac', 'verify')],
  ['ion', ending('authorization', 'authorization')],
  ['rer', whole('scheme', 'bearer')],
  ['sic', whole('scheme', 'basic')],
])

/** What stands before the last three characters in every name that counts, read backwards, dashes or not. */
const BEFORE_ENDS: ReadonlyMap<number, readonly string[]> = new Map(
  Object.entries({
    ure: ['tangis', 'ces'],
    ded: ['ivorp'],
    lob: ['bdengis'],
    519: ['52de'],
    ken: ['ot'],
    ens: ['kot'],
    jwt: [''],
    ret: ['ces'],
    sig: [''],
    'k-s': ['i'],
    ord: ['wssap'],
    icy: ['lop'],
    mac: [''],
    md5: [''],
    ify: ['rev'],
    ion: ['tazirohtua'],
    rer: ['aeb'],
    sic: ['ab'],
  }).map(([end, befores]) => [packEnd(end, end.length), befores]),
)

function packEnd(text: string, end: number): number {
  return (
    ((text.charCodeAt(end - 3) | 32) << 16) |
    ((text.charCodeAt(end - 2) | 32) << 8) |
    (text.charCodeAt(end - 1) | 32)
  )
}

const KEY_END = packEnd('key', 3)
const BEFORE_KEY = 'stginrhpecSTGINRHPEC-_.'
/** What stands before `s` and `hm` where they are names: a parameter's sign, a quote, or the end of an escape of one. */
const BEFORE_SHORT = '?&;"\'[6FfB'

/** Can the name that ends before `end` be one that counts? A quick no for the words of ordinary text. */
export function canBeName(text: string, end: number): boolean {
  const packed = packEnd(text, end)
  // `key` alone is a word; every name that counts has one of these before it, or before the blank.
  if (packed === KEY_END) {
    const before = text.charAt(end - 4)
    return BEFORE_KEY.includes(before === ' ' ? text.charAt(end - 5) : before)
  }
  const befores = BEFORE_ENDS.get(packed)
  if (befores === undefined) return isShortName(text, end)
  for (const before of befores) if (standsBefore(text, end, before)) return true
  return false
}

function standsBefore(text: string, end: number, before: string): boolean {
  for (let index = 0; index < before.length; index += 1) {
    if ((text.charCodeAt(end - 4 - index) | 32) !== (before.charCodeAt(index) | 32)) return false
  }
  return true
}

function isShortName(text: string, end: number): boolean {
  const last = text.charCodeAt(end - 1) | 32
  if (last === 115) return BEFORE_SHORT.includes(text.charAt(end - 2))
  return (
    last === 109 &&
    (text.charCodeAt(end - 2) | 32) === 104 &&
    BEFORE_SHORT.includes(text.charAt(end - 3))
  )
}

const IN_WORDS =
  /(?<![A-Za-z0-9])(?:secret(?: access)?|shared access|account|application|app|signing|encryption|api|subscription) key$/i
const MAX_WORDS = 20

/** Where the name of a key begins that is written in words, `secret access key`, and ends before `end`; -1 if it is none. */
export function findWords(text: string, end: number): number {
  if (packEnd(text, end) !== KEY_END || text.charCodeAt(end - 4) !== 32) return -1
  const from = Math.max(0, end - MAX_WORDS)
  const found = IN_WORDS.exec(text.slice(from, end))
  return found === null ? -1 : from + found.index
}

const SHORT_NAMES: ReadonlyMap<string, SecretKind> = new Map([
  ['s', 'short-hash'],
  ['hm', 'hmac'],
])

/** Tokens that only say where a listing goes on. */
const HARMLESS_TOKENS = /(?:page|next|continuation|pagination|sync|cancellation|marker)token$/

/** The kind of secret a name announces, or `null`. */
export function classifyName(name: string): SecretKind | null {
  const lower = name.toLowerCase()
  if (lower.length < 3) return SHORT_NAMES.get(lower) ?? null
  const rules = RULES.get(lower.slice(-3))
  if (rules === undefined) return null
  const bare = /[-_. ]/.test(lower) ? lower.replaceAll(/[-_. ]/g, '') : lower
  const rule = rules.find(({ ends, isWhole }) => (isWhole ? bare === ends : bare.endsWith(ends)))
  if (rule === undefined) return null
  return rule.kind === 'token' && HARMLESS_TOKENS.test(bare) ? null : rule.kind
}
