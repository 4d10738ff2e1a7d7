/** The lines of a policy in JSON. Which of them can hold at a place is for the domain to say. */
import { Type } from 'typebox'
import { POLICY_LINES } from '../../../policy-lines/policy-lines.ts'
import type { FolderPolicy } from '../../../policy-lines/policy-lines.ts'
import { named, strictObject } from '../schemas.ts'

const lines = Object.entries(POLICY_LINES).map(
  ([line, { schema }]) => [line, Type.Optional(schema)] as const,
)

export const PolicySchema = named(
  'Policy',
  Type.Unsafe<FolderPolicy>(
    strictObject(
      Object.fromEntries(lines),
      'What is said here. It can tighten what is said above, and loosen nothing.',
    ),
  ),
)

export const ReasonSchema = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'Why; kept with the change.',
})
