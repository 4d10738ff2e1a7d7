/** What a link may be bound to: how each term is asked for, and how it is shown. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { GrantTerms } from '../../../catalog/records.ts'
import { refusal } from '../../../core/errors.ts'
import { MAX_PUT_BYTES } from '../../../platform/s3-limits.ts'
import { Cidrs, Time, formatTimeOrNull, strictObject } from '../schemas.ts'
import { TypeRange } from '../../../policy-lines/type-ranges.ts'

export const AskedTerms = {
  reason: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Why the link exists; kept with its record. Needed for more than 24 hours.',
    }),
  ),
  label: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: 'What you call it.' }),
  ),
  notBefore: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'It does nothing before. Its life is counted from now all the same.',
    }),
  ),
  ip: Type.Optional(
    Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Cidrs], {
      description: 'An address or range, or several, from which alone the link works.',
    }),
  ),
  maxBytes: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_PUT_BYTES,
      description: 'Uploads: a larger body is stopped on the way.',
    }),
  ),
  contentTypes: Type.Optional(
    Type.Array(TypeRange, {
      minItems: 1,
      maxItems: 32,
      description: 'Uploads: one of these must be sent; `image/*` takes a family.',
    }),
  ),
  sha256: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'Uploads: of the only body it takes, in hex as sha256sum writes it.',
    }),
  ),
  overwrite: Type.Optional(
    Type.Boolean({
      description:
        'Uploads: whether the link may replace a file. False unless said otherwise, or for several uses.',
    }),
  ),
}

/** Terms that mean something for uploads alone. */
export const UPLOAD_TERMS = ['maxBytes', 'contentTypes', 'sha256', 'overwrite'] as const

const KeptSchema = strictObject({
  reason: AskedTerms.reason,
  label: AskedTerms.label,
  notBefore: AskedTerms.notBefore,
  maxBytes: AskedTerms.maxBytes,
  contentTypes: AskedTerms.contentTypes,
  sha256: AskedTerms.sha256,
})

/** Milliseconds; throws `field-invalid` for a day or a second that there is not. */
export function parseTime(field: string, text: string): number {
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return time
  throw refusal('field-invalid', { field, reason: 'there is no such time' })
}

/** The terms that are kept as they are asked for, and everything else. */
export function splitTerms<Asked extends Static<typeof KeptSchema>>(
  asked: Asked,
): { readonly terms: GrantTerms; readonly rest: Omit<Asked, keyof Static<typeof KeptSchema>> } {
  const { reason, label, notBefore, maxBytes, contentTypes, sha256, ...rest } = asked
  const terms = {
    ...(reason !== undefined && { reason }),
    ...(label !== undefined && { label }),
    ...(notBefore !== undefined && { notBefore: parseTime('notBefore', notBefore) }),
    ...(sha256 !== undefined && { sha256 }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(contentTypes !== undefined && { contentTypes }),
  }
  return { terms, rest }
}

export const ShownTerms = {
  reason: Type.Union([Type.String(), Type.Null()]),
  label: Type.Union([Type.String(), Type.Null()]),
  notBefore: Type.Union([Time, Type.Null()], { description: 'It does nothing before.' }),
  networks: Type.Array(Type.String(), {
    description: 'The addresses it works from; empty for any.',
  }),
  maxBytes: Type.Union([Type.Integer(), Type.Null()]),
  contentTypes: Type.Array(Type.String()),
  sha256: Type.Union([Type.String(), Type.Null()]),
  overwrite: Type.Boolean({ description: 'Uploads: whether it may replace a file.' }),
}

const ShownSchema = strictObject(ShownTerms)

export function viewTerms(terms: GrantTerms): Static<typeof ShownSchema> {
  const { reason = null, label = null, notBefore = null, networks = [] } = terms
  const { maxBytes = null, contentTypes = [], sha256 = null } = terms
  return {
    reason,
    label,
    notBefore: formatTimeOrNull(notBefore),
    networks: [...networks],
    maxBytes,
    contentTypes: [...contentTypes],
    sha256,
    overwrite: terms.mayOverwrite === true,
  }
}
