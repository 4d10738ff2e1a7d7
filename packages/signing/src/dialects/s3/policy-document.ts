/**
 * Reads a policy document and holds a form against it [S3-POST].
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromBase64 } from '../../lib/bytes.ts'

/** One condition, names in lower case. */
export type PolicyCondition =
  | { readonly kind: 'eq' | 'starts-with'; readonly field: string; readonly value: string }
  | { readonly kind: 'range'; readonly minBytes: number; readonly maxBytes: number }

export interface PolicyDocument {
  readonly expiresAt: Date
  readonly conditions: readonly PolicyCondition[]
}

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The document behind the base64 text of a `policy` field, whose signature has been checked. */
export function readPolicyDocument(encoded: string): PolicyDocument {
  const parsed = parseJson(encoded)
  if (!isRecord(parsed)) return refuse('Invalid JSON.')
  const { conditions, expiration } = parsed
  const expiresAt = typeof expiration === 'string' ? parseExpiration(expiration) : null
  if (expiresAt === null) return refuse("Invalid 'expiration' value.")
  if (!Array.isArray(conditions)) return refuse('Policy missing conditions.')
  return { expiresAt, conditions: conditions.map(readCondition) }
}

function parseJson(encoded: string): unknown {
  const bytes = fromBase64(encoded)
  if (bytes === null) return refuse('Invalid base64.')
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

function readCondition(condition: unknown): PolicyCondition {
  if (Array.isArray(condition)) return readListCondition(condition)
  if (!isRecord(condition)) return refuse('Invalid condition: neither a list nor an object.')
  const entries = Object.entries(condition)
  const [field, value] = entries[0] ?? []
  if (entries.length !== 1 || field === undefined || typeof value !== 'string') {
    return refuse('Invalid Simple-Condition: one property with a string as its value is needed.')
  }
  return { kind: 'eq', field: field.toLowerCase(), value }
}

function readListCondition(condition: readonly unknown[]): PolicyCondition {
  const [operator, first, second] = condition
  if (condition.length !== 3 || typeof operator !== 'string') {
    return refuse('Invalid condition: a list of three is needed.')
  }
  const kind = operator.toLowerCase()
  if (kind === 'content-length-range') {
    const minBytes = readSize(first)
    const maxBytes = readSize(second)
    if (minBytes === null || maxBytes === null) return refuse('Invalid content-length-range.')
    return { kind: 'range', minBytes, maxBytes }
  }
  if (kind !== 'eq' && kind !== 'starts-with') return refuse('Invalid condition: unknown operator.')
  if (typeof first !== 'string' || !first.startsWith('$') || typeof second !== 'string') {
    return refuse('Invalid condition: a field with a dollar and a string are needed.')
  }
  return { kind, field: first.slice(1).toLowerCase(), value: second }
}

/** A size as a number or, as some clients write it, as text. */
function readSize(value: unknown): number | null {
  const size = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null
}

function refuse(reason: string, cause?: unknown): never {
  throw new SigningError('policy-malformed', 'the policy is not usable', { reason }, cause)
}

/** The sizes a file may have, both ends included. */
export interface ContentLengthRange {
  readonly minBytes: number
  readonly maxBytes: number
}

/**
 * Holds the fields of a form, by names in lower case, against every condition, and asks a condition of every field.
 * Gives the range of sizes that is left to check while the file arrives; `null` if the policy sets none.
 */
export function checkConditions(
  conditions: readonly PolicyCondition[],
  fields: ReadonlyMap<string, string>,
): ContentLengthRange | null {
  let range = null as ContentLengthRange | null
  const covered = new Set<string>()
  for (const condition of conditions) {
    if (condition.kind === 'range') {
      range = {
        minBytes: Math.max(condition.minBytes, range?.minBytes ?? 0),
        maxBytes: Math.min(condition.maxBytes, range?.maxBytes ?? Number.MAX_SAFE_INTEGER),
      }
      continue
    }
    covered.add(condition.field)
    if (!fulfils(condition, fields.get(condition.field))) refuseCondition(condition)
  }
  for (const field of fields.keys()) {
    if (!covered.has(field) && !isExempt(field)) {
      throw new SigningError('policy-extra-field', 'a field of the form is in no condition', {
        field,
      })
    }
  }
  return range
}

function isExempt(field: string): boolean {
  return (
    field === 'policy' ||
    field === 'x-amz-signature' ||
    field === 'file' ||
    field.startsWith('x-ignore-')
  )
}

type FieldCondition = Extract<PolicyCondition, { field: string }>

function fulfils(condition: FieldCondition, value: string | undefined): boolean {
  if (value === undefined) return false
  if (condition.kind === 'eq') return value === condition.value
  if (condition.field !== 'content-type') return value.startsWith(condition.value)
  // A list of types must be allowed in each of its parts [S3-POST] Condition matching.
  return value.split(',').every((part) => part.trim().startsWith(condition.value))
}

function refuseCondition({ field, kind, value }: FieldCondition): never {
  throw new SigningError('policy-condition-failed', 'the form breaks a condition of its policy', {
    condition: `[${[kind, `$${field}`, value].map((part) => JSON.stringify(part)).join(', ')}]`,
  })
}
