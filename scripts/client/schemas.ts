/** Schemas of the OpenAPI document as TypeScript. */
import type { OpenApi, Schema } from './open-api.ts'

/** A declaration for each named schema. */
export function writeSchemas({ components }: OpenApi): string[] {
  const named = Object.entries(components.schemas).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const declared = named.map(([name, schema]) =>
    schema.type === 'object' && schema.properties !== undefined
      ? `${comment(schema.description)}export interface ${name} ${typeOf(schema)}`
      : `${comment(schema.description)}export type ${name} = ${typeOf(schema)}`,
  )
  const code = components.schemas['Problem']?.properties?.['code']?.enum ?? []
  if (code.length === 0) throw new Error('The document does not say which codes there are.')
  return [
    ...declared,
    `/** The codes of docs/errors.md. */\nexport type ProblemCode = Problem['code']`,
  ]
}

export function typeOf(schema: Schema): string {
  const { $ref, enum: values, anyOf, items, properties } = schema
  if ($ref !== undefined) return $ref.slice($ref.lastIndexOf('/') + 1)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(' | ')
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' | ')
  if (items !== undefined) return `readonly (${typeOf(items)})[]`
  if (properties !== undefined && Object.keys(properties).length > 0) return objectOf(schema)
  return plainTypeOf(schema)
}

function plainTypeOf(schema: Schema): string {
  const { additionalProperties } = schema
  if (typeof additionalProperties === 'object') {
    return `Readonly<Record<string, ${typeOf(additionalProperties)}>>`
  }
  const [entry] = Object.values(schema.patternProperties ?? {})
  if (entry !== undefined) return `Readonly<Record<string, ${typeOf(entry)}>>`
  const isAnything = Object.keys(schema).every((key) => key === 'description')
  const type = isAnything ? 'unknown' : PLAIN[schema.type ?? '']
  if (type === undefined) throw new Error(`Nothing is known of ${JSON.stringify(schema)}.`)
  return type
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'boolean',
  null: 'null',
  integer: 'number',
  number: 'number',
  object: 'Readonly<Record<string, unknown>>',
}

function objectOf({ properties = {}, required = [] }: Schema): string {
  const lines = Object.entries(properties).map(([name, property]) =>
    propertyOf(name, property, required.includes(name)),
  )
  return `{ ${lines.join('\n')} }`
}

/** What may be left out may be `undefined` as well: it is left out of what is sent. */
export function propertyOf(name: string, schema: Schema, isRequired: boolean): string {
  const type = typeOf(schema)
  const spelled = /^\w+$/.test(name) ? name : JSON.stringify(name)
  const line = isRequired ? `${spelled}: ${type}` : `${spelled}?: ${type} | undefined`
  return `${comment(schema.description)}readonly ${line}\n`
}

export function comment(text = ''): string {
  return text === ''
    ? ''
    : `\n/** ${text.replaceAll('*/', '*\\/').replaceAll(/\s*\n\s*/g, '\n * ')} */\n`
}
