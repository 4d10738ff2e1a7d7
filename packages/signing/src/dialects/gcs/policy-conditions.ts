/**
 * Reads the policy document of a form and holds the form against it. The document is trusted for who wrote it, its
 * signature having been checked, and for nothing else: what is not understood is refused.
 *
 * @module
 */

import { SigningError } from '../../errors.ts'

/** A policy document taken apart. */
export interface GcsPolicyDocument {
  readonly expiresAt: Date
  readonly conditions: readonly GcsFieldCondition[]
  /** Smallest and largest size of the file; `null` without a bound. */
  readonly sizeRange: readonly [min: number, max: number] | null
}

/** A condition on a field; `field` in lower case. */
export interface GcsFieldCondition {
  readonly kind: 'eq' | 'starts-with'
  readonly field: string
  readonly value: string
}

const EXPIRATION = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/

/** The policy behind its JSON text. @throws {SigningError} `policy-malformed` */
export function parsePolicyDocument(text: string): GcsPolicyDocument {
  const document = parseJson(text)
  const known = Object.keys(document).every((key) => key === 'expiration' || key === 'conditions')
  const { expiration, conditions } = document
  if (!known) throw malformed('a member is not known')
  if (typeof expiration !== 'string' || !EXPIRATION.test(expiration)) {
    throw malformed('expiration must be a time in UTC that ends with Z')
  }
  const end = Date.parse(expiration)
  if (Number.isNaN(end)) throw malformed('expiration must be a time that exists')
  if (!Array.isArray(conditions)) throw malformed('conditions must be a list')
  const fields: GcsFieldCondition[] = []
  let sizeRange: readonly [number, number] | null = null
  for (const condition of conditions as readonly unknown[]) {
    if (Array.isArray(condition) && condition[0] === 'content-length-range') {
      sizeRange = intersect(sizeRange, readRange(condition))
    } else {
      fields.push(readCondition(condition))
    }
  }
  return { expiresAt: new Date(end), conditions: fields, sizeRange }
}

/** Passes, or throws for the first condition that does not hold and the first field that none covers. */
export function assertConditions(
  document: GcsPolicyDocument,
  fields: ReadonlyMap<string, string>,
): void {
  for (const condition of document.conditions) {
    const value = fields.get(condition.field)
    if (value === undefined || !isMet(condition, value)) throw conditionFailed(condition)
  }
  for (const field of fields.keys()) {
    if (EXEMPT.has(field) || field.startsWith('x-ignore-')) continue
    if (!document.conditions.some((condition) => condition.field === field)) {
      throw new SigningError('policy-extra-field', 'a field of the form is in no condition', {
        field,
      })
    }
  }
}

/** Passes if the size is within the policy's bounds. */
export function assertSize({ sizeRange }: GcsPolicyDocument, size: number): void {
  if (sizeRange === null) return
  const [minBytes, maxBytes] = sizeRange
  if (size > maxBytes) {
    throw new SigningError('entity-too-large', 'the file is larger than the policy allows', {
      size,
      maxBytes,
    })
  }
  if (size < minBytes) {
    throw new SigningError('entity-too-small', 'the file is smaller than the policy allows', {
      size,
      minBytes,
    })
  }
}

const EXEMPT: ReadonlySet<string> = new Set(['policy', 'x-goog-signature', 'file'])

function isMet({ kind, field, value }: GcsFieldCondition, given: string): boolean {
  if (kind === 'eq') return given === value
  // A list of types must hold one by one, or `image/png,text/html` would pass for an image.
  if (field === 'content-type') {
    return given.split(',').every((type) => type.trim().startsWith(value))
  }
  return given.startsWith(value)
}

function parseJson(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed('the policy is not JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('the policy must be an object')
  }
  return value as Record<string, unknown>
}

function readCondition(condition: unknown): GcsFieldCondition {
  if (Array.isArray(condition)) {
    const [kind, field, value, ...more] = condition as readonly unknown[]
    const isKnown = kind === 'eq' || kind === 'starts-with'
    if (!isKnown || typeof field !== 'string' || typeof value !== 'string' || more.length > 0) {
      throw malformed('a condition must be eq or starts-with, a field and a value')
    }
    if (!/^\$./s.test(field)) throw malformed('the field of a condition must begin with $')
    return { kind, field: field.slice(1).toLowerCase(), value }
  }
  if (typeof condition !== 'object' || condition === null) {
    throw malformed('a condition must be an object or a list')
  }
  const [entry, ...more] = Object.entries(condition as Record<string, unknown>)
  if (entry === undefined || more.length > 0 || typeof entry[1] !== 'string') {
    throw malformed('a simple condition must have one field with a text')
  }
  return { kind: 'eq', field: entry[0].toLowerCase(), value: entry[1] }
}

function readRange(condition: readonly unknown[]): readonly [number, number] {
  const [, min, max] = condition
  if (condition.length !== 3) throw malformed('content-length-range must have two sizes')
  const range = [readSize(min), readSize(max)] as const
  if (range[0] > range[1]) throw malformed('content-length-range must have its sizes in order')
  return range
}

function readSize(value: unknown): number {
  const isDigits = typeof value === 'string' && /^\d{1,15}$/.test(value)
  const size = isDigits ? Number(value) : value
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw malformed('content-length-range must have whole sizes')
  }
  return size
}

function intersect(
  a: readonly [number, number] | null,
  b: readonly [number, number],
): readonly [number, number] {
  return a === null ? b : [Math.max(a[0], b[0]), Math.min(a[1], b[1])]
}

function conditionFailed({
  kind,
  field,
}: GcsFieldCondition): SigningError<'policy-condition-failed'> {
  return new SigningError('policy-condition-failed', `the form breaks a condition on ${field}`, {
    condition: `["${kind}", "$${field}"]`,
  })
}

function malformed(reason: string): SigningError<'policy-malformed'> {
  return new SigningError('policy-malformed', `the policy cannot be used: ${reason}`, { reason })
}
