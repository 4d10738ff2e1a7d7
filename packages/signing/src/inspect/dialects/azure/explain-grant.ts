/**
 * Whether a SAS grants what the request asks for: letters, kind of resource, container, directory.
 *
 * @module
 */
import type { ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { showText } from '../../facts/detection.ts'

const RESOURCE_ORDER = 'racwdxyltmeopif'
const ACCOUNT_ORDERS = ['rwdxylacuptfi', 'rwdxftlacupiy', 'rwdlacupx', 'rwdxltfacupiy']

/** Letters of which one is enough, by method, on a blob. */
const NEEDED: Readonly<Record<string, string>> = { GET: 'r', HEAD: 'r', PUT: 'cwa', DELETE: 'dx' }

/** What the token does not grant. */
export function azureGrantFindings(
  context: ExplainContext,
  values: ReadonlyMap<string, string>,
): Finding[] {
  const permissions = values.get('sp')
  return [
    ...(permissions === undefined ? [] : letterFindings(context, values, permissions)),
    ...(permissions === undefined ? [] : orderFindings(values, permissions)),
    ...azureTypeFindings(context, values),
    ...resourceFindings(context, values),
  ]
}

function letterFindings(
  { request }: ExplainContext,
  values: ReadonlyMap<string, string>,
  permissions: string,
): Finding[] {
  const { method } = request
  if (method === null) return []
  const needed = values.get('comp') === 'list' ? 'l' : neededFor(method, values)
  if (needed === undefined || needed.split('').some((letter) => permissions.includes(letter)))
    return []
  const facts = {
    granted: `the letters ${showText(permissions, 30)}`,
    needed: `${needed.split('').join(' or ')} for ${showText(method, 20)}`,
  }
  return [{ code: 'permission-missing', confidence: 0.94, facts }]
}

function neededFor(method: string, values: ReadonlyMap<string, string>): string | undefined {
  if (values.get('comp') === 'tags') return 't'
  // What other operations need depends on more than the method.
  return values.has('restype') ? undefined : NEEDED[method]
}

/** The service refuses letters in another order, although the signature holds. */
function orderFindings(values: ReadonlyMap<string, string>, permissions: string): Finding[] {
  const isAccount = values.has('ss') || values.has('srt')
  const orders = isAccount ? ACCOUNT_ORDERS : [RESOURCE_ORDER, 'racwdxltmeopiyf', 'racwdxltmeiyf']
  const isOrdered = orders.some((order) => isSubsequence(permissions, order))
  if (isOrdered || permissions.length > 20) return []
  return [
    { code: 'permission-order', confidence: 0.9, facts: { granted: showText(permissions, 30) } },
  ]
}

function isSubsequence(letters: string, order: string): boolean {
  let at = 0
  for (const letter of order) if (letters[at] === letter) at += 1
  return at === letters.length
}

/** What an account SAS is not for: the kind of resource, or the service. */
export function azureTypeFindings(
  { request }: ExplainContext,
  values: ReadonlyMap<string, string>,
): Finding[] {
  const types = values.get('srt')
  const services = values.get('ss')
  if (types === undefined || services === undefined) return []
  const depth = segmentsOf(request.url.path).length - (isPathStyle(request.url.host) ? 1 : 0)
  const needed = depth > 1 ? 'o' : depth === 1 ? 'c' : 's'
  const names = { o: 'objects (o)', c: 'containers (c)', s: 'the service (s)' }
  const facts = { granted: `srt=${showText(types, 10)}`, needed: names[needed] }
  if (!types.includes(needed)) return [{ code: 'resource-type-mismatch', confidence: 0.94, facts }]
  const service = /\.(blob|file|queue|table|dfs)\./.exec(request.url.host)?.[1]
  if (service === undefined) return []
  const letter = service === 'dfs' ? 'b' : (service[0] ?? '')
  if (services.includes(letter)) return []
  const wrong = { granted: `ss=${showText(services, 10)}`, needed: `the ${service} service` }
  return [{ code: 'resource-type-mismatch', confidence: 0.94, facts: wrong }]
}

/** A blob token on a container, a directory token outside its directory, a container operation by a blob token. */
function resourceFindings(
  { request, detection }: ExplainContext,
  values: ReadonlyMap<string, string>,
): Finding[] {
  const kind = values.get('sr')
  if (kind === undefined) return []
  const segments = segmentsOf(request.url.path)
  const depth = segments.length - (isPathStyle(request.url.host) ? 1 : 0)
  const facts = { granted: describe(kind, detection.resource.text) }
  const isList = values.get('comp') === 'list' || values.get('restype') === 'container'
  if (kind.startsWith('b') && (depth < 2 || isList)) {
    return [{ code: 'resource-mismatch', confidence: 0.94, facts }]
  }
  const levels = Number(values.get('sdd'))
  if (kind === 'd' && Number.isInteger(levels) && depth - 1 < levels) {
    return [{ code: 'resource-mismatch', confidence: 0.94, facts }]
  }
  return []
}

function describe(kind: string, text: string): string {
  const names: Readonly<Record<string, string>> = {
    b: 'one blob',
    bs: 'one snapshot',
    bv: 'one version',
    c: 'one container',
    d: 'one directory',
  }
  return `${names[kind] ?? 'one resource'} (${text})`
}

function segmentsOf(path: string): string[] {
  return path.split('/', 64).filter((segment) => segment !== '')
}

/** Emulators and custom endpoints have the account in front of the path. */
export function isPathStyle(host: string): boolean {
  return /^(?:127\.|localhost$|[\d.]+$|azurite$|host\.docker\.internal$)/.test(host)
}
