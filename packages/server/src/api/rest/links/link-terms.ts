/** What a link may be bound to: how each term is asked for, and how it is shown. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { GrantTerms } from '../../../catalog/records.ts'
import { MAX_PUT_BYTES } from '../../../core/limits.ts'
import { Cidrs, TypeRange, strictObject } from '../schemas.ts'

export const AskedTerms = {
  reason: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Why the link exists; kept with its record. Needed for more than 24 hours.',
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
  overwrite: Type.Optional(
    Type.Boolean({
      description:
        'Uploads: whether the link may replace a file. False unless said otherwise, or for several uses.',
    }),
  ),
}

/** Terms that mean something for uploads alone. */
export const UPLOAD_TERMS = ['maxBytes', 'contentTypes', 'overwrite'] as const

const KeptSchema = strictObject({
  reason: AskedTerms.reason,
  maxBytes: AskedTerms.maxBytes,
  contentTypes: AskedTerms.contentTypes,
})

/** The terms that are kept as they are asked for, and everything else. */
export function splitTerms<Asked extends Static<typeof KeptSchema>>(
  asked: Asked,
): { readonly terms: GrantTerms; readonly rest: Omit<Asked, keyof Static<typeof KeptSchema>> } {
  const { reason, maxBytes, contentTypes, ...rest } = asked
  const terms = {
    ...(reason !== undefined && { reason }),
    ...(maxBytes !== undefined && { maxBytes }),
    ...(contentTypes !== undefined && { contentTypes }),
  }
  return { terms, rest }
}

export const ShownTerms = {
  reason: Type.Union([Type.String(), Type.Null()]),
  networks: Type.Array(Type.String(), {
    description: 'The addresses it works from; empty for any.',
  }),
  maxBytes: Type.Union([Type.Integer(), Type.Null()]),
  contentTypes: Type.Array(Type.String()),
  overwrite: Type.Boolean({ description: 'Uploads: whether it may replace a file.' }),
}

const ShownSchema = strictObject(ShownTerms)

export function viewTerms(terms: GrantTerms): Static<typeof ShownSchema> {
  const { reason = null, networks = [], maxBytes = null, contentTypes = [] } = terms
  return {
    reason,
    networks: [...networks],
    maxBytes,
    contentTypes: [...contentTypes],
    overwrite: terms.mayOverwrite === true,
  }
}
