/**
 * The text that is signed [RFC9421 2.5]: one line a component, and the parameters of the signature at its end.
 *
 * ```text
 * "@method": GET
 * "@authority": example.test
 * "content-type": text/plain
 * "@signature-params": ("@method" "@authority" "content-type");created=1618884473;keyid="k1"
 * ```
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { headerValues, requireHost } from '../../lib/raw-headers.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import type { RawRequest } from '../../types.ts'

/** `parameters` is the member of Signature-Input behind its label, byte for byte. */
export function formatSignatureBase(
  request: RawRequest,
  components: readonly string[],
  parameters: string,
): string {
  const lines = components.map((name) => `"${name}": ${valueOf(request, name)}\n`).join('')
  return `${lines}"@signature-params": ${parameters}`
}

type Derive = (request: RawRequest) => string

/** [RFC9421 2.2] */
const DERIVED: Readonly<Record<string, Derive>> = {
  '@method': ({ method }) => method,
  '@authority': authorityOf,
  '@scheme': ({ scheme = 'https' }) => scheme,
  '@request-target': ({ target }) => target,
  '@target-uri': (request) =>
    `${request.scheme ?? 'https'}://${authorityOf(request)}${request.target}`,
  '@path': ({ target }) => splitTarget(target).path || '/',
  '@query': ({ target }) => `?${splitTarget(target).query ?? ''}`,
}

/** Can a component of this name be signed? */
export function isComponent(name: string): boolean {
  if (typeof name !== 'string') return false
  return name.startsWith('@')
    ? Object.hasOwn(DERIVED, name)
    : /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)
}

/** [RFC9421 2.2.3]: in lower case, without the port that the scheme has anyway. */
function authorityOf(request: RawRequest): string {
  const host = requireHost(request).toLowerCase()
  const port = request.scheme === 'http' ? ':80' : ':443'
  return host.endsWith(port) ? host.slice(0, -port.length) : host
}

function valueOf(request: RawRequest, name: string): string {
  const derive = DERIVED[name]
  if (derive !== undefined) return derive(request)
  const values = headerValues(request.headers, name)
  if (values.length === 0) {
    throw new SigningError('header-missing', `the signed header ${name} did not come`, { name })
  }
  // [RFC9421 2.1]
  const value = values.map((text) => text.trim()).join(', ')
  if (/[^\t\x20-\x7e]/.test(value)) {
    throw new SigningError('parameter-malformed', `the header ${name} is not plain ASCII`, {
      parameter: name,
      reason: 'expected visible ASCII on one line',
    })
  }
  return value
}
