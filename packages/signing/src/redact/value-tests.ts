/**
 * Whether a value looks like the secret its name announces.
 *
 * @module
 */
import type { SecretKind } from './names.ts'
import { DECISIVE_LENGTH, looksRandom } from './value.ts'

/** How sure it is that the value belongs to the name. */
export type Tie =
  /** A parameter of a query, a form body or a cookie. */
  | 'parameter'
  /** A member of a list of names and values: what a program says are parameters, headers or fields. */
  | 'member'
  /** `name: value`, `"name": "value"`, `name = value`. */
  | 'assigned'
  /** The value stands behind the name, and no sign says that it is its value. */
  | 'weak'

export interface Candidate {
  /** The value, or its first 64 characters. */
  readonly value: string
  readonly tie: Tie
}

type ValueTest = (candidate: Candidate) => boolean

function isParameter({ tie }: Candidate): boolean {
  return tie === 'parameter' || tie === 'member'
}

function isLongOrRandom(value: string): boolean {
  return value.length >= DECISIVE_LENGTH || looksRandom(value)
}

const HEX = /^[0-9A-Fa-f]+$/
/** Issue time, dash, MAC, as Cloudflare's is_timed_hmac_valid has it. */
const TIMED_MAC = /^\d{10}(?:-|%(?:25){0,3}2[Dd])[A-Za-z0-9+/_%-]{9}/

const isTimedMac: ValueTest = ({ value }) => value.length >= 20 && TIMED_MAC.test(value)

/** A hash in hex digits, or in base64 with or without padding. */
function isHash(value: string, hexLengths: readonly number[]): boolean {
  if (HEX.test(value)) return hexLengths.includes(value.length)
  const length = value.replace(/(?:=|%(?:25){0,3}3[Dd])+$/, '').length
  return length >= 27 && length <= DECISIVE_LENGTH && looksRandom(value)
}

/** Whether a value of this kind of name is the secret it announces. */
export function isSecretValue(kind: SecretKind, candidate: Candidate): boolean {
  // What only stands near the name must at least be no identifier.
  if (candidate.tie === 'weak' && !/[0-9+/=%]/.test(candidate.value)) return false
  return VALUE_TESTS[kind](candidate)
}

const VALUE_TESTS: Readonly<Record<SecretKind, ValueTest>> = {
  // In source code a signature is often assigned from a call: only a parameter's value is taken unseen.
  signature: (candidate) => {
    const { value, tie } = candidate
    return (
      value.length >= (tie === 'weak' ? 20 : 16) &&
      !isStructured(value) &&
      (isParameter(candidate) ? !isPlaceholder(value) : looksRandom(value) && !isAlgorithm(value))
    )
  },
  token: (candidate) => {
    const { value, tie } = candidate
    const shortest = { parameter: 8, member: 8, assigned: 16, weak: 20 }[tie]
    if (value.length < shortest || isStructured(value) || isPlaceholder(value)) return false
    return tie === 'parameter' || isLongOrRandom(value)
  },
  parameter: (candidate) => {
    const { value } = candidate
    if (isStructured(value)) return false
    if (isParameter(candidate)) return value.length >= 4 && !isWord(value) && !isPlaceholder(value)
    return value.length >= 20 && looksRandom(value) && !isChecksum(value)
  },
  password: (candidate) => {
    const { value } = candidate
    if (isParameter(candidate)) return value.length >= 4 && !isPlaceholder(value)
    return candidate.tie === 'assigned' && value.length >= 20 && looksRandom(value)
  },
  key: (candidate) =>
    candidate.value.length >= 20 &&
    looksRandom(candidate.value) &&
    !isStructured(candidate.value) &&
    (isParameter(candidate) || candidate.value.length >= 32),
  'long-key': ({ value }) => value.length >= 32 && looksRandom(value) && !isStructured(value),
  code: (candidate) =>
    isParameter(candidate) && candidate.value.length >= 40 && looksRandom(candidate.value),
  policy: ({ value }) => value.length >= 40 && /^e[wy]/.test(value),
  hmac: ({ value, tie }) =>
    /^[0-9a-fA-F]{32}/.test(value) || (tie !== 'weak' && isHash(value, [64])),
  // Hex digits under this name are a file's checksum, unless a URL carries them.
  md5: ({ value, tie }) =>
    tie === 'parameter'
      ? [22, 24, 32].includes(value.length)
      : value.length === 22 && looksRandom(value) && !HEX.test(value),
  'timed-mac': isTimedMac,
  // A network card's address has twelve hex digits.
  mac: (candidate) => isTimedMac(candidate) || isHash(candidate.value, [32, 40, 64]),
  'short-hash': (candidate) => isParameter(candidate) && isHash(candidate.value, [32, 40, 64]),
  scheme: ({ value }) => value.length >= 8 && isLongOrRandom(value) && !isPlaceholder(value),
  // Read by judgeAuthorization: its value has parts.
  authorization: () => false,
}

/** `SIGTERM`, `true`, `computeSignature`: letters alone, and no more than an identifier has. */
function isWord(value: string): boolean {
  return value.length <= 24 && /^(?:SIG[A-Z0-9+]{2,12}|[A-Za-z]+(?:[._-][A-Za-z]+)*)$/.test(value)
}

/** 32 hex digits behind `sig:` are the MD5 of a file; HMACs under this name are longer. */
function isChecksum(value: string): boolean {
  return value.length === 32 && HEX.test(value)
}

/** `SHA256withRSA/PSS-2048`: what kind of signature it is. */
function isAlgorithm(value: string): boolean {
  return (
    value.length < 32 &&
    /^(?:sha|hmac|rsa|rs|ps|es|hs|ecdsa|ed|md5|aws4|x509)-?\d*[-_/a-z]/i.test(value)
  )
}

/** Do these characters stand for a user name, a colon and a password? */
export function isBasicCredentials(value: string): boolean {
  const bare = value
    .replace(/(?:=|%(?:25){0,3}3[Dd])+$/, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/')
  if (
    !/^[A-Za-z0-9+/]{6,}$/.test(bare) ||
    (bare.length % 4 === 1 && bare.length < DECISIVE_LENGTH)
  ) {
    return false
  }
  const text = atob(bare.slice(0, bare.length - (bare.length % 4 === 1 ? 1 : 0)))
  const isText = Array.from(text, (character) => character.charCodeAt(0)).every(isPrinted)
  return isText && (text.includes(':') || bare.length >= DECISIVE_LENGTH - 4)
}

function isPrinted(code: number): boolean {
  return code >= 32 && code !== 127
}

const PLACEHOLDER =
  /^(?:\[?(?:redacted|masked|hidden|filtered|removed|secret|sanitized|censored|placeholder)\]?|x{3,}|\*{3,}|\.{3,}|-{3,}|change[-_ ]?me|(?:your|my|the|some|insert|example|dummy|fake|test)[-_].{0,50}|(?:todo|null|none|nil|true|false|undefined|empty|example|placeholder))$/i

/** What stands in documentation and in logs that somebody cleaned, where a secret would be. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) && !(value.length >= 20 && looksRandom(value))
}

/** `$PASSWORD`, `<password>`, `password`: what stands where a password would be. */
export function isTemplate(value: string): boolean {
  return (
    /^(?:[$<{[%*#]|\\\$)/.test(value) ||
    /^(?:pass(?:word|wd|phrase)?|pwd?|token|x-oauth-basic|(?:your|my)?[-_]?(?:access|secret)?[-_]?(?:access)?[-_]?key)$/i.test(
      value,
    ) ||
    isPlaceholder(value)
  )
}

/** The names a value of several fields begins with; their own secret field is found by its own name. */
const FIRST_FIELDS: ReadonlySet<string> = new Set(
  (
    'ip st exp acl id data url hmac expires urlprefix pathglobs starts keyname sessionid headers r ' +
    'ipranges signature sv sr ss srt spr se sp si sip skoid sig keyid credential q-sign-algorithm access username'
  ).split(' '),
)

/** Does the value consist of named fields, as `exp=1~acl=/*~hmac=…` and `sv=…&sig=…` do? */
export function isStructured(value: string): boolean {
  // Media CDN's flag FullPath is the one field without a value.
  if (/^FullPath~/i.test(value)) return true
  if (!/[=%\\]/.test(value)) return false
  const match = /^([A-Za-z-]{1,16})(?:=|%(?:25){0,3}3[Dd]|\\+u003[Dd])/.exec(value)
  return match !== null && FIRST_FIELDS.has((match[1] ?? '').toLowerCase())
}
