/**
 * Reads the policy document of a browser upload and holds the form against it, for both V4 schemes, which differ in one
 * field's name. The document is trusted for who wrote it, its signature having been checked, and for nothing else: what is
 * not understood is refused.
 *
 * @module
 */
import { SigningError } from '../errors.ts'
import { fromBase64, toBase64 } from './bytes.ts'

/** A condition on a field, whose name is in lower case. */
export interface V4FieldCondition {
  readonly kind: 'eq' | 'starts-with'
  readonly field: string
  readonly value: string
}

/** The sizes a file may have, both ends included. */
export interface ContentLengthRange {
  readonly minBytes: number
  readonly maxBytes: number
}

export interface V4Policy {
  readonly expiresAt: Date
  readonly conditions: readonly V4FieldCondition[]
  /** To be enforced while the file arrives; `null` if the policy leaves the size open. */
  readonly contentLengthRange: ContentLengthRange | null
}

/** Fields by their names in lower case: to a policy, names have no case. */
export type FormFields = ReadonlyMap<string, string>

/** The fields of a form, of which two spellings of one name are a repeat. */
export function collectFormFields(pairs: readonly (readonly [string, string])[]): FormFields {
  const fields = new Map<string, string>()
  for (const [name, value] of pairs) {
    const lower = name.toLowerCase()
    if (fields.has(lower)) {
      throw new SigningError('parameter-duplicate', 'a field of the form came more than once', {
        parameter: name,
      })
    }
    fields.set(lower, value)
  }
  return fields
}

/** The value of a field that must be there. */
export function requireFormField(fields: FormFields, name: string): string {
  const value = fields.get(name)
  if (value !== undefined && value !== '') return value
  throw new SigningError('parameter-missing', `the form lacks the field ${name}`, {
    parameter: name,
  })
}

/**
 * The fields with `${filename}` replaced, before conditions are looked at, by the last part of the file's name: what stands
 * before a slash or backslash is the sender's own folder, or an attempt to reach another.
 */
export function fillFileName(fields: FormFields, fileName: string): Map<string, string> {
  const name = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1)
  const filled = new Map<string, string>()
  for (const [field, value] of fields) {
    // Joined, not replaced: a dollar in the file's name has no meaning.
    filled.set(field, field === 'policy' ? value : value.split('${filename}').join(name))
  }
  return filled
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The document behind the base64 text of a `policy` field, whose signature has been checked. */
export function readV4Policy(encoded: string): V4Policy {
  const document = parseJson(encoded)
  if (!isRecord(document)) return refuse('Invalid JSON.')
  const { conditions, expiration, ...others } = document
  const [unexpected] = Object.keys(others)
  if (unexpected !== undefined) return refuse(`Unexpected: '${unexpected.slice(0, 64)}'.`)
  const expiresAt = typeof expiration === 'string' ? parseExpiration(expiration) : null
  if (expiresAt === null) return refuse("Invalid 'expiration' value.")
  if (!Array.isArray(conditions)) return refuse('Policy missing conditions.')
  const fields: V4FieldCondition[] = []
  let range: ContentLengthRange | null = null
  for (const condition of conditions as readonly unknown[]) {
    if (isRange(condition)) range = intersect(range, readRange(condition))
    else fields.push(readCondition(condition))
  }
  return { expiresAt, conditions: fields, contentLengthRange: range }
}

function parseJson(encoded: string): unknown {
  const bytes = fromBase64(encoded)
  // Spare bits would give one document several texts.
  if (bytes === null || toBase64(bytes) !== encoded) return refuse('Invalid base64.')
  try {
    return JSON.parse(utf8Decoder.decode(bytes)) as unknown
  } catch (error) {
    return refuse('Invalid JSON.', error)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// In UTC and nothing else: an offset is refused.
const EXPIRATION = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

function parseExpiration(text: string): Date | null {
  if (!EXPIRATION.test(text)) return null
  const date = new Date(text)
  // `Date` rolls 30 February over to March.
  return Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(text.slice(8, 10))
    ? null
    : date
}

function isRange(condition: unknown): condition is readonly unknown[] {
  return Array.isArray(condition) && lowerText(condition[0]) === 'content-length-range'
}

function lowerText(value: unknown): string | null {
  return typeof value === 'string' ? value.toLowerCase() : null
}

function readRange(condition: readonly unknown[]): ContentLengthRange {
  const minBytes = readSize(condition[1])
  const maxBytes = readSize(condition[2])
  if (condition.length !== 3 || minBytes === null || maxBytes === null || minBytes > maxBytes) {
    return refuse('Invalid content-length-range.')
  }
  return { minBytes, maxBytes }
}

/** A size as a number or, as some clients write it, as text. */
function readSize(value: unknown): number | null {
  const size = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null
}

function intersect(a: ContentLengthRange | null, b: ContentLengthRange): ContentLengthRange {
  if (a === null) return b
  return {
    minBytes: Math.max(a.minBytes, b.minBytes),
    maxBytes: Math.min(a.maxBytes, b.maxBytes),
  }
}

function readCondition(condition: unknown): V4FieldCondition {
  if (Array.isArray(condition)) return readListCondition(condition)
  if (!isRecord(condition)) return refuse('Invalid condition: neither a list nor an object.')
  const entries = Object.entries(condition)
  const [field, value] = entries[0] ?? []
  if (entries.length !== 1 || field === undefined || typeof value !== 'string') {
    return refuse('Invalid Simple-Condition: one property with a string as its value is needed.')
  }
  return { kind: 'eq', field: field.toLowerCase(), value }
}

function readListCondition(condition: readonly unknown[]): V4FieldCondition {
  const [operator, field, value] = condition
  const kind = lowerText(operator)
  if (condition.length !== 3 || kind === null) {
    return refuse('Invalid condition: a list of three is needed.')
  }
  if (kind !== 'eq' && kind !== 'starts-with') return refuse('Invalid condition: unknown operator.')
  if (typeof field !== 'string' || !/^\$./s.test(field) || typeof value !== 'string') {
    return refuse('Invalid condition: a field with a dollar and a string are needed.')
  }
  return { kind, field: field.slice(1).toLowerCase(), value }
}

function refuse(reason: string, cause?: unknown): never {
  throw new SigningError('policy-malformed', 'the policy is not usable', { reason }, cause)
}

/**
 * Holds the fields of a form against every condition, and asks a condition of every field but the policy, its signature,
 * the file and what is to be ignored.
 */
export function checkForm(
  { conditions }: V4Policy,
  fields: FormFields,
  signatureField: string,
): void {
  const covered = new Set(['policy', signatureField, 'file'])
  for (const condition of conditions) {
    covered.add(condition.field)
    if (!fulfils(condition, fields.get(condition.field))) refuseCondition(condition)
  }
  for (const field of fields.keys()) {
    if (!covered.has(field) && !field.startsWith('x-ignore-')) {
      throw new SigningError('policy-extra-field', 'a field of the form is in no condition', {
        field,
      })
    }
  }
}

function fulfils(condition: V4FieldCondition, value: string | undefined): boolean {
  if (value === undefined) return false
  if (condition.kind === 'eq') return value === condition.value
  if (condition.field !== 'content-type') return value.startsWith(condition.value)
  // A list of types must be allowed in each of its parts, or `image/png,text/html` would pass for an image.
  return value.split(',').every((part) => part.trim().startsWith(condition.value))
}

/** A condition as a policy writes it. */
function formatCondition({ kind, field, value }: V4FieldCondition): string {
  return `[${[kind, `$${field}`, value].map((part) => JSON.stringify(part)).join(', ')}]`
}

function refuseCondition(condition: V4FieldCondition): never {
  throw new SigningError('policy-condition-failed', 'the form breaks a condition of its policy', {
    condition: formatCondition(condition),
  })
}

/** Refuses a size outside of the range; both ends are inside. */
export function checkContentLength(size: number, range: ContentLengthRange): void {
  const { maxBytes, minBytes } = range
  if (size > maxBytes) {
    throw new SigningError('entity-too-large', 'the file is larger than its policy allows', {
      size,
      maxBytes,
    })
  }
  if (size < minBytes) {
    throw new SigningError('entity-too-small', 'the file is smaller than its policy allows', {
      size,
      minBytes,
    })
  }
}
