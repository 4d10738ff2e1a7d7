/**
 * Reads the query of a REST call strictly: one value a name, escapes that are whole, integers that look like integers.
 * What breaks a rule becomes a value no schema takes, so that the schema's refusal names the parameter.
 */
import type { TSchema } from 'typebox'

const BROKEN = null
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,15})$/

/** Names to values; a repeated name has an array, a broken escape has `null`. */
export function parseQueryText(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals)) ?? pair
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1))
    query[name] = name in query ? [query[name], value] : value
  }
  return query
}

/** The same query with whole numbers and booleans in place of their text where `schema` wants them. */
export function convertQuery(
  query: Readonly<Record<string, unknown>>,
  schema: TSchema,
): Record<string, unknown> {
  const properties = (schema as { properties?: Record<string, { type?: string }> }).properties ?? {}
  const converted = Object.entries(query).map(([name, value]) => [
    name,
    Object.hasOwn(properties, name) ? convert(value, properties[name]?.type) : value,
  ])
  return Object.fromEntries(converted) as Record<string, unknown>
}

function convert(value: unknown, type: string | undefined): unknown {
  if (typeof value !== 'string') return value
  if (type === 'integer') return WHOLE_NUMBER.test(value) ? Number(value) : value
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value
  return value
}

/** A plus is a space, as forms and URLSearchParams write it. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return BROKEN
  }
}
