/** The operations of the OpenAPI document as the calls of the client: `createLink` is `links.create`. */
import type { Described, OpenApi, Schema } from './open-api.ts'
import { comment, propertyOf, typeOf } from './schemas.ts'

/** What the client does by hand, because it sends or gets something other than JSON. */
const BY_HAND = new Set([
  'putFile',
  'uploadFile',
  'listFiles',
  'getFileContent',
  'streamEvents',
  'exportEvents',
  'getDocs',
  'getErrorDocs',
])
/** Whose names do not follow from their ids. */
const NAMES: Readonly<Record<string, string>> = {
  createLinks: 'createMany',
  explainRequest: 'request',
}
/** Operations done by hand, whose parameters are the properties of a type all the same. */
const FILTERS: Readonly<Record<string, string>> = {
  listFiles: 'FileQuery',
  streamEvents: 'EventFilter',
}
/** What an id calls the things of a group, where that is not the group's own name without its `s`. */
const NOUNS: Readonly<Record<string, readonly string[]>> = {
  policy: ['InstancePolicy'],
  watch: ['WatchSettings', 'WatchSetting'],
  policies: ['Policies', 'Policy'],
}

export interface Call {
  readonly group: string
  readonly name: string
  readonly method: string
  readonly path: string
  readonly operation: Described
}

export function callsOf({ paths }: OpenApi): Call[] {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => !BY_HAND.has(operation.operationId))
      .map(([method, operation]) => ({
        ...nameOf(path, operation),
        method: method.toUpperCase(),
        path,
        operation,
      })),
  )
  const names = calls.map(({ group, name }) => `${group}.${name}`)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`Two operations would be called ${twice}.`)
  return calls
}

function nameOf(path: string, { operationId }: Described): Pick<Call, 'group' | 'name'> {
  const [, root = '', first = ''] = path.split('/')
  const group = root === 'v1' && !first.includes('.') ? camel(first) : 'service'
  const plural = group[0]?.toUpperCase() + group.slice(1)
  const nouns = NOUNS[group] ?? [plural, plural.replace(/s$/, '')]
  const noun = nouns.find((candidate) => operationId.includes(candidate)) ?? ''
  return { group, name: NAMES[operationId] ?? operationId.replace(noun, '') }
}

function camel(text: string): string {
  return text.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function byGroup(calls: readonly Call[]): [string, readonly Call[]][] {
  return Object.entries(Object.groupBy(calls, ({ group }) => group))
    .map(([group, of = []]): [string, readonly Call[]] => [group, of])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** What the operations that are done by hand are asked. */
export function writeFilters({ paths }: OpenApi): string[] {
  return Object.values(paths)
    .flatMap((methods) => Object.values(methods))
    .flatMap((operation) => {
      const name = FILTERS[operation.operationId]
      if (name === undefined) return []
      const lines = sentIn(operation).map((sent) => writeParameter(sent))
      return [`/** ${operation.summary}. */\nexport interface ${name} { ${lines.join('\n')} }`]
    })
}

/** What each call takes and gives. */
export function writeCalls(calls: readonly Call[]): string[] {
  const groups = byGroup(calls).map(
    ([group, of]) => `readonly ${group}: {\n${of.map(writeCall).join('\n')}\n}`,
  )
  return [
    `/** A call for each operation. */\nexport interface GeneratedCalls {\n${groups.join('\n')}\n}`,
  ]
}

function writeCall({ name, operation }: Call): string {
  const { summary, description, responses } = operation
  const input = inputOf(operation)
  const text = [summary, description].filter(Boolean).join('.\n\n')
  return `${comment(text)}readonly ${name}: (${input}, options?: CallOptions) => Promise<${answerOf(responses)}>`
}

function inputOf(operation: Described): string {
  const parameters = sentIn(operation)
  const body = bodyOf(operation)
  requireApart(operation, body)
  const own = parameters.map(writeParameter)
  const types = [
    ...(own.length > 0 ? [`{ ${own.join('\n')} }`] : []),
    ...(body === null ? [] : [typeOf(body)]),
  ]
  if (types.length === 0) return 'input?: Readonly<Record<string, never>>'
  const isNeeded =
    parameters.some(({ required }) => required === true) ||
    (body !== null && (body.$ref !== undefined || (body.required ?? []).length > 0))
  return `input${isNeeded ? '' : '?'}: ${types.join(' & ')}`
}

function sentIn({ parameters = [] }: Described): readonly Parameter[] {
  return parameters.filter((parameter) => parameter.in !== 'header')
}

type Parameter = NonNullable<Described['parameters']>[number]

function writeParameter({ name, schema, description, required }: Parameter): string {
  return propertyOf(name, { ...schema, ...(description && { description }) }, required === true)
}

function bodyOf({ requestBody }: Described): Schema | null {
  return requestBody?.content['application/json']?.schema ?? null
}

/** One object takes both: no name may mean two things. */
function requireApart(operation: Described, body: Schema | null): void {
  const names = Object.keys(body?.properties ?? {})
  const both = sentIn(operation).find(({ name }) => names.includes(name))
  if (both !== undefined) {
    throw new Error(`${operation.operationId} has ${both.name} in its address and in its body.`)
  }
}

function answerOf(responses: Described['responses']): string {
  const answers = Object.entries(responses).filter(([status]) => status !== 'default')
  const types = answers.map(([, { content = {} }]) => {
    const [[type, { schema }] = ['', { schema: null }]] = Object.entries(content)
    if (schema === null) return 'undefined'
    return type === 'application/json' ? typeOf(schema) : 'string'
  })
  return [...new Set(types)].join(' | ')
}

/** What is sent for each, in a line: see `requestOf`. */
export function writeTable(calls: readonly Call[]): string {
  const groups = byGroup(calls).map(([group, of]) => {
    const lines = of.map((call) => `${call.name}: '${lineOf(call)}',`)
    return `${group}: {\n${lines.join('\n')}\n},`
  })
  return `export const CALLS = {\n${groups.join('\n')}\n} as const\n`
}

function lineOf({ method, path, operation }: Call): string {
  const names = sentIn(operation)
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) => name)
  const query = names.length === 0 ? '' : `?${names.join(',')}`
  return `${method} ${path}${query}${bodyOf(operation) === null ? '' : ' *'}`
}
