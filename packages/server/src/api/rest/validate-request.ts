/** Checks what was asked against the schemas of its operation. */
import type { FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import type { Operation } from './operation.ts'
import { toFieldError } from './validation.ts'

/**
 * Throws `field-invalid`. A schema is compiled by the first request that needs it: to compile all of them was a third of what a start took
 * of the processor.
 */
export function validateRequest(
  request: FastifyRequest,
  { params, query, body, takesRest }: Operation,
): void {
  // A parameter that takes the rest of the path is left to the canonicaliser.
  if (params !== null && takesRest !== true) validate(request, 'params', params)
  if (body !== null) validate(request, 'body', body)
  if (query !== null) validate(request, 'query', query)
}

function validate(
  request: FastifyRequest,
  part: 'params' | 'body' | 'query',
  schema: TSchema,
): void {
  const isValid = request.compileValidationSchema(schema)
  if (!isValid(request[part] ?? null)) throw toFieldError(isValid.errors ?? [], part)
}
