/**
 * Reads what an Azure shared access signature says of itself: account, service and user-delegation SAS.
 * Verifies nothing.
 *
 * @module
 */
import { createDetection, presentNames, showText, valuesByName } from '../../facts/detection.ts'
import { hostHeader } from '../../facts/observed-url.ts'
import type { Detection, ObservedRequest, ResourceScope } from '../../facts/dialect-facts.ts'
import type { ObservedUrl } from '../../facts/observed-url.ts'

/** What each permission letter lets a client send. */
const METHODS_OF_LETTER: Readonly<Record<string, readonly string[]>> = {
  r: ['GET', 'HEAD'],
  a: ['PUT'],
  c: ['PUT'],
  w: ['PUT'],
  d: ['DELETE'],
  x: ['DELETE'],
  l: ['GET'],
  t: ['PUT'],
  m: ['PUT'],
}

const SCOPE_OF_RESOURCE: Readonly<Record<string, ResourceScope>> = {
  b: 'object',
  bs: 'object',
  bv: 'object',
  c: 'bucket',
  d: 'prefix',
}

/** What the SAS of this request says of itself, or `null` if it has none. */
export function decodeAzure({ url }: ObservedRequest): Detection<'azure'> | null {
  const values = valuesByName(url.parameters)
  if (!isAzure(url, values)) return null
  const isAccount = values.has('ss') || values.has('srt')
  const isDelegation = values.has('skoid') || values.has('sktid')
  const permissions = values.get('sp') ?? ''
  const kind = kindOf(isAccount, isDelegation)
  const service = otherAzureService(url, values)
  return createDetection({
    dialect: 'azure',
    scheme: service === null ? kind : `${kind} for ${service}`,
    methods: service === null ? methodsOf(permissions) : [],
    resource: resourceOf(url, values, service),
    audience: {
      ip: showOrNull(values.get('sip')),
      protocol: protocolOf(values.get('spr')),
      principal: showOrNull(values.get('saoid') ?? values.get('suoid') ?? values.get('sduoid')),
    },
    startsAt: parseSasTime(values.get('st')),
    expiresAt: parseSasTime(values.get('se')),
    keyId: isDelegation ? showText(values.get('skoid') ?? '', 80) : null,
    signedHeaders: (values.get('srh') ?? '').split(',').filter((name) => name !== ''),
    secrets: presentNames(url, ['sig']),
  })
}

function kindOf(isAccount: boolean, isDelegation: boolean): string {
  if (isAccount) return 'account SAS'
  return isDelegation ? 'user-delegation SAS' : 'service SAS'
}

const OTHER_SERVICES: Readonly<Record<string, string>> = {
  queue: 'Azure queue',
  table: 'Azure table',
  file: 'Azure file',
}

/** The service of the storage account that is not the blobs, by its host or by what only its tokens have. */
function otherAzureService(url: ObservedUrl, values: ReadonlyMap<string, string>): string | null {
  const label = /^[^.]{1,80}\.(?:z\d{1,3}\.)?([a-z]{3,6})\./i.exec(url.host)?.[1] ?? ''
  const named = OTHER_SERVICES[label.toLowerCase()]
  if (named !== undefined) return named
  if (values.has('tn')) return OTHER_SERVICES['table'] ?? null
  const kind = values.get('sr')
  return kind === 's' || kind === 'f' ? (OTHER_SERVICES['file'] ?? null) : null
}

function isAzure(url: ObservedUrl, values: ReadonlyMap<string, string>): boolean {
  if (isOfOtherScheme(url, values)) return false
  const hasVersion = /^20\d\d-\d\d-\d\d$/.test(values.get('sv') ?? '')
  if (values.has('sig')) return hasVersion || values.has('se') || values.has('si')
  return (
    hasVersion && (values.has('sp') || values.has('si')) && (values.has('sr') || values.has('ss'))
  )
}

/** Service Bus and Logic Apps name their fields alike. */
function isOfOtherScheme(url: ObservedUrl, values: ReadonlyMap<string, string>): boolean {
  const isBus = values.has('skn') || /[.:/]/.test(values.get('sr') ?? '')
  return isBus || /\/triggers\/[^/]{1,200}\/paths\/invoke/.test(url.path)
}

function methodsOf(permissions: string): string[] {
  const methods = new Set<string>()
  for (const letter of permissions.slice(0, 30)) {
    for (const method of METHODS_OF_LETTER[letter] ?? []) methods.add(method)
  }
  return [...methods]
}

function resourceOf(
  url: ObservedUrl,
  values: ReadonlyMap<string, string>,
  service: string | null,
): Detection<'azure'>['resource'] {
  if (values.has('ss') || values.has('srt')) return accountResource(url)
  if (service === null) return serviceResource(url, values)
  return { scope: 'unknown', text: showText(hostHeader(url) + url.path) }
}

function accountResource(url: ObservedUrl): Detection<'azure'>['resource'] {
  return { scope: 'account', text: showText(hostHeader(url)) }
}

function serviceResource(
  url: ObservedUrl,
  values: ReadonlyMap<string, string>,
): Detection<'azure'>['resource'] {
  const kind = values.get('sr') ?? ''
  const segments = url.path.split('/', 64).filter((segment) => segment !== '')
  const depth = Number(values.get('sdd'))
  // A container or directory token opens more than the path it happens to stand on.
  const granted =
    kind === 'c'
      ? segments.slice(0, 1)
      : kind === 'd' && Number.isInteger(depth)
        ? segments.slice(0, depth + 1)
        : segments
  const scope = SCOPE_OF_RESOURCE[kind] ?? 'unknown'
  return { scope, text: showText([hostHeader(url), ...granted].join('/')) }
}

function protocolOf(text: string | undefined): 'https' | 'http,https' | null {
  if (text === 'https') return 'https'
  return text === 'https,http' || text === 'http,https' ? 'http,https' : null
}

function showOrNull(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : showText(text, 120)
}

const SAS_TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?Z)?$/

/** The moment of a SAS time: a day, or minutes, seconds or fractions in UTC; `null` for any other text. */
export function parseSasTime(text: string | undefined): Date | null {
  if (text === undefined || !SAS_TIME.test(text)) return null
  const date = new Date(text.length === 17 ? text.replace('Z', ':00Z') : text)
  return Number.isNaN(date.getTime()) ? null : date
}
