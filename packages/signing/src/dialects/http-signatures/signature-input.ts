/**
 * Reads and writes Signature-Input and Signature [RFC9421 4]: the members of two dictionaries with the same labels.
 * Only the one spelling that a serializer gives is read, so that the text that came is the text that was signed.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromBase64, toBase64 } from '../../lib/bytes.ts'
import { headerValues } from '../../lib/raw-headers.ts'
import type { RawHeaders } from '../../types.ts'

/** What a member of Signature-Input says. */
export interface SignatureInput {
  readonly label: string
  /** Behind the label, byte for byte. */
  readonly text: string
  readonly components: readonly string[]
  readonly parameters: ReadonlyMap<string, string | number>
}

const LABEL = '[a-z*][a-z0-9_.*-]*'
const COMPONENT = '"[a-z0-9@!#$%&\'*+.^_`|~-]+"'
const STRING = '"[ !#-\\[\\]-~]*"'
const INPUT = new RegExp(
  `^(${LABEL})=(\\((?:${COMPONENT}(?: ${COMPONENT})*)?\\)((?:;[a-z]+=(?:\\d{1,15}|${STRING}))*))$`,
)
const PARAMETER = new RegExp(`;([a-z]+)=(?:(\\d{1,15})|(${STRING}))`, 'g')
const SIGNATURE = new RegExp(`^(${LABEL})=:([A-Za-z0-9+/]+={0,2}):$`)
/** Signers put at most a few on a message. */
const MAX_MEMBERS = 20

/** Every member of Signature-Input. @throws {SigningError} `signature-missing`, `parameter-malformed` */
export function readSignatureInputs(headers: RawHeaders): SignatureInput[] {
  const members = membersOf(headers, 'signature-input').map(readInput)
  if (new Set(members.map(({ label }) => label)).size < members.length) {
    throw malformed('signature-input', 'expected each label once')
  }
  return members
}

function readInput(member: string): SignatureInput {
  const match = INPUT.exec(member)
  if (match === null) {
    throw malformed(
      'signature-input',
      'expected label=("component" …);name=value as a serializer writes it, components without parameters',
    )
  }
  const [, label = '', text = '', tail = ''] = match
  const list = text.slice(1, text.indexOf(')'))
  const components = list === '' ? [] : list.split(' ').map((name) => name.slice(1, -1))
  if (new Set(components).size < components.length) {
    throw malformed('signature-input', 'expected each component once')
  }
  const parameters = new Map<string, string | number>()
  for (const [, name = '', number, string] of tail.matchAll(PARAMETER)) {
    if (parameters.has(name)) throw malformed('signature-input', `expected ${name} once`)
    parameters.set(name, number === undefined ? (string ?? '').slice(1, -1) : Number(number))
  }
  return { label, text, components, parameters }
}

/** The signature of a label. @throws {SigningError} `signature-missing`, `signature-malformed`, `parameter-duplicate` */
export function readSignature(headers: RawHeaders, label: string): Uint8Array {
  const own = membersOf(headers, 'signature').filter((member) => member.startsWith(`${label}=`))
  const [member] = own
  if (member === undefined) {
    const details = { dialect: 'http-signatures' }
    throw new SigningError('signature-missing', `there is no signature of ${label}`, details)
  }
  if (own.length > 1) {
    throw new SigningError('parameter-duplicate', `${label} came more than once`, {
      parameter: label,
    })
  }
  const bytes = fromBase64(SIGNATURE.exec(member)?.[2] ?? '!')
  if (bytes === null) {
    throw new SigningError('signature-malformed', 'the signature is not :base64:', {
      parameter: 'signature',
    })
  }
  return bytes
}

/** The members of a dictionary over all its header lines, split at commas outside of strings. */
function membersOf(headers: RawHeaders, name: string): string[] {
  const text = headerValues(headers, name).join(',')
  if (text.trim() === '') {
    const details = { dialect: 'http-signatures' }
    throw new SigningError('signature-missing', `the request has no ${name}`, details)
  }
  const members = (text.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map((member) => member.trim())
  if (members.length > MAX_MEMBERS) throw malformed(name, `expected at most ${MAX_MEMBERS} members`)
  return members.filter((member) => member !== '')
}

/** A member of Signature-Input, behind its label. @throws {TypeError} for text that no string can hold */
export function formatSignatureInput(
  components: readonly string[],
  parameters: readonly (readonly [name: string, value: string | number])[],
): string {
  const list = components.map((name) => `"${name}"`).join(' ')
  const tail = parameters.map(([name, value]) => {
    if (typeof value === 'number') return `;${name}=${value}`
    if (!/^[ !#-[\]-~]*$/.test(value)) {
      throw new TypeError(`${name} must be plain ASCII without quotes and backslashes`)
    }
    return `;${name}="${value}"`
  })
  return `(${list})${tail.join('')}`
}

/** A member of Signature, with its label. */
export function formatSignature(label: string, signature: Uint8Array): string {
  return `${label}=:${toBase64(signature)}:`
}

function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} is malformed: ${reason}`, {
    parameter,
    reason,
  })
}
