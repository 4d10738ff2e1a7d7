/** Makes a request of a line of the generated table and what the caller gave. */
import { invalidArgument, requireNothingElse } from './arguments.ts'

export interface PlainRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** JSON; `undefined` for none. */
  readonly json?: string
}

/**
 * `line` is `METHOD /v1/path/{id}?query,names *`: `*` says that what is left of the input is the body, and `{path}` takes slashes.
 * Throws `argument-invalid`: an address never leads elsewhere than the line says.
 */
export function requestOf(line: string, input: Readonly<Record<string, unknown>>): PlainRequest {
  const [method = '', target = '', body] = line.split(' ')
  const [path = '', names = ''] = target.split('?')
  const rest = { ...input }
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name]
    delete rest[name]
    return encodeParameter(name, value)
  })
  const query = new URLSearchParams()
  for (const name of names.split(',')) {
    const value = rest[name]
    delete rest[name]
    if (isPlain(value)) query.set(name, `${value}`)
    else if (value !== undefined) throw invalidArgument(name, 'it must be a text or a number')
  }
  if (body === undefined) requireNothingElse(rest)
  return {
    method,
    path: query.size > 0 ? `${filled}?${query}` : filled,
    ...(body !== undefined && { json: JSON.stringify(rest) }),
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function encodeParameter(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : ''
  const segments = name === 'path' ? text.replace(/\/$/, '').split('/') : [text]
  // The URL parser would walk up along them.
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw invalidArgument(name, 'it is missing, or no name of anything')
  }
  return segments.map(encodeURIComponent).join('/')
}
