/**
 * Makes of a descriptor what the tools read of a dialect.
 *
 * @module
 */
import {
  createDetection,
  presentNames,
  resourceText,
  showText,
  valuesByName,
} from '../facts/detection.ts'
import type { Detection, DetectionIssue, Dialect, ObservedRequest } from '../facts/dialect-facts.ts'
import type { Parts, Scheme } from './scheme.ts'

const NO_END: DetectionIssue = {
  code: 'no-end',
  what: 'The URL has no end: it works until its key or what it opens is gone.',
}
const MAX_PATH = 16_384

/** The scheme in the shape of a dialect. */
export function createSchemeDialect<Name extends string>(scheme: Scheme<Name>): Dialect<Name> {
  const { needed = [], secrets, signature, weakness } = scheme
  return {
    name: scheme.name,
    decode: (request) => decode(scheme, request),
    signsQuery: scheme.signsQuery === true,
    bindsAddress: false,
    signsHeaders: false,
    isTitled: true,
    parameters: {
      needed,
      single: [...needed, ...secrets],
      ...(signature === undefined ? {} : { signature }),
    },
    ...(weakness === undefined ? {} : { weakness }),
  }
}

function decode<Name extends string>(
  scheme: Scheme<Name>,
  request: ObservedRequest,
): Detection<Name> | null {
  const { url } = request
  if (url.path.length > MAX_PATH) return null
  const parts: Parts = { request, url, values: valuesByName(url.parameters) }
  if (!scheme.matches(parts)) return null
  const { startsAt = null, expiresAt = null, isEndless = false } = scheme.life(parts)
  const keyId = scheme.keyId?.(parts) ?? null
  return createDetection({
    dialect: scheme.name,
    scheme: scheme.title,
    form: formOf(scheme, parts),
    resource: { scope: 'unknown', text: resourceOf(scheme, parts) },
    startsAt,
    expiresAt,
    keyId: keyId === null ? null : showText(keyId, 120),
    secrets: secretsOf(scheme, parts),
    issues: isEndless ? [NO_END] : [],
  })
}

function formOf(scheme: Scheme, { url }: Parts): 'url' | 'header' {
  if (scheme.form !== undefined) return scheme.form
  const isInUrl = presentNames(url, scheme.secrets).length > 0 || isInPath(scheme, url.path)
  return isInUrl || scheme.secrets.length === 0 ? 'url' : 'header'
}

function isInPath({ secretInPath }: Scheme, path: string): boolean {
  return secretInPath !== undefined && path.search(secretInPath) !== -1
}

function secretsOf(scheme: Scheme, { url, request }: Parts): string[] {
  const headers = request.headers.map(([name]) => name)
  const inHeaders = scheme.secrets.filter((name) =>
    headers.some((header) => header.toLowerCase() === name.toLowerCase()),
  )
  const inUrl = presentNames(url, scheme.secrets)
  const inPath = isInPath(scheme, url.path) ? ['path'] : []
  return [...new Set([...inUrl, ...inHeaders, ...inPath])]
}

/** Host and path, without what opens the URL. */
function resourceOf({ secretInPath }: Scheme, { url }: Parts): string {
  if (secretInPath === undefined) return resourceText(url)
  return showText(url.host + url.path.replace(secretInPath, '[secret]'))
}
