/** Turns the validator's first complaint into a refusal that names the field. */
import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import { refusal } from '../../core/errors.ts'
import type { DomainError } from '../../core/errors.ts'

/** `body`, `querystring` or `params` stands for the whole where no field is to blame. */
export function toFieldError(
  errors: readonly FastifySchemaValidationError[],
  part: string,
): DomainError<'field-invalid'> {
  const [first] = errors
  const within = fieldPath(first?.instancePath ?? '')
  const extra = first?.params['additionalProperty'] ?? first?.params['missingProperty']
  const field = [within, extra].filter((name) => name !== '' && name !== undefined).join('.')
  const reason = first === undefined ? 'it is not valid' : explain(first)
  const named = field === '' ? part : field
  return refusal('field-invalid', { field: named, reason })
}

function explain({ keyword, params, message }: FastifySchemaValidationError): string {
  switch (keyword) {
    case 'additionalProperties':
      return 'it is not known here'
    case 'required':
      return 'it is missing'
    case 'type':
      return `it must be ${JSON.stringify(params['type'])
        .replaceAll(/["[\]]/g, '')
        .replaceAll(',', ' or ')}`
    case 'format':
      return `it must be a valid ${String(params['format'])}`
    case 'const':
    case 'enum':
    case 'anyOf':
      return 'it is not one of the values allowed'
    default:
      return `it ${message ?? 'is not valid'}`
  }
}

/** `/policy/maxBytes` → `policy.maxBytes`. */
function fieldPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')
}
