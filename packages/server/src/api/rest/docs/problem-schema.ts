/** Every refusal as the OpenAPI document has it: a problem document (RFC 9457) with one of the codes of docs/errors.md. */
import { Type } from 'typebox'
import { PROBLEMS } from '../render-error.ts'
import { named } from '../schemas.ts'

export const ProblemSchema = named(
  'Problem',
  Type.Object(
    {
      type: Type.String({ description: 'Its last segment is the code.' }),
      title: Type.String(),
      status: Type.Integer(),
      detail: Type.String(),
      code: Type.Unsafe<keyof typeof PROBLEMS>({ type: 'string', enum: Object.keys(PROBLEMS) }),
      remedy: Type.Optional(Type.String({ description: 'What to do about it.' })),
      field: Type.Optional(Type.String({ description: 'What is to blame, if one thing is.' })),
    },
    { description: 'A problem document (RFC 9457).' },
  ),
)
