/** Turns the validator's first complaint into a refusal that names the field. */
import type { FastifySchemaValidationError } from 'fastify/types/schema.js'
import { refusal } from '../../core/errors.ts'
import type { DomainError } from '../../core/errors.ts'

/** `body`, `query` or `params` stands for the whole where no field is to blame. */
export function toFieldError(
  errors: readonly FastifySchemaValidationError[],
  part: string,
): DomainError<'field-invalid'> {
  const [first] = errors
  const within = fieldPath(first?.instancePath ?? '')
  const extra = first?.params['additionalProperty'] ?? first?.params['missingProperty']
  const field = [within, extra].filter((name) => name !== '' && name !== undefined).join('.')
  const reason = first === undefined ? 'it is not valid' : explain(first, errors)
  const named = field === '' ? part : field
  return refusal('field-invalid', { field: named, reason })
}

function explain(
  { keyword, instancePath, params, message }: FastifySchemaValidationError,
  errors: readonly FastifySchemaValidationError[],
): string {
  const allowed = valuesAt(instancePath, errors)
  if (allowed.length > 0) return `it must be ${allowed.join(' or ')}`
  switch (keyword) {
    case 'additionalProperties':
      return 'no field of this name is known here; /-/docs lists those that are'
    case 'required':
      return 'it is missing'
    case 'type':
      return `it must be ${typeNames(params['type']).join(' or ')}`
    case 'format':
      return `it must be a valid ${String(params['format'])}`
    default:
      return `it ${message ?? 'is not valid'}`
  }
}

/** The types of JSON Schema as people call them. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  integer: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  string: 'a text',
}

function typeNames(type: unknown): string[] {
  const types: readonly unknown[] = Array.isArray(type) ? type : String(type).split(',')
  return types.map((name) => TYPE_NAMES[String(name)] ?? String(name))
}

/** What any branch of a choice would have taken there; none where it would have taken more than values. */
function valuesAt(place: string, errors: readonly FastifySchemaValidationError[]): string[] {
  const branches = errors.filter(
    ({ instancePath, keyword }) => instancePath === place && keyword !== 'anyOf',
  )
  const values = branches.flatMap(({ keyword, params }) => {
    if (keyword === 'enum') return (params['allowedValues'] as readonly unknown[]).map(quote)
    if (keyword === 'const') return [quote(params['allowedValue'])]
    return keyword === 'type' && params['type'] === 'null' ? ['null'] : []
  })
  const isOnlyValues = branches.every(
    ({ keyword, params }) =>
      keyword === 'enum' ||
      keyword === 'const' ||
      (keyword === 'type' && params['type'] === 'null'),
  )
  return isOnlyValues ? [...new Set(values)] : []
}

function quote(value: unknown): string {
  return JSON.stringify(value)
}

/** `/policy/maxBytes` → `policy.maxBytes`. */
function fieldPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')
}
