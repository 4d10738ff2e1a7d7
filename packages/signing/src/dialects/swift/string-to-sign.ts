/**
 * The text Swift's TempURL middleware signs [SWIFT-TEMPURL].
 *
 * ```text
 * [ip=RANGE LF] METHOD LF EXPIRES LF PATH
 * ```
 *
 * `PATH` is decoded: `/v1/account/container/object`, or `prefix:/v1/account/container/prefix`.
 *
 * @module
 */

/** What goes into a signature. */
export interface SwiftMessage {
  readonly method: string
  readonly expiresSeconds: number
  readonly path: string
  readonly ipRange: string | null
}

/** The text of a message. */
export function formatSwiftText({ method, expiresSeconds, path, ipRange }: SwiftMessage): string {
  const range = ipRange === null ? '' : `ip=${ipRange}\n`
  return `${range}${method}\n${expiresSeconds}\n${path}`
}

/** A path `/v1/account/container/object`, decoded and taken apart. */
export interface SwiftPath {
  readonly account: string
  readonly container: string
  readonly object: string
}

/** The parts of a decoded path; `null` if it names no object. */
export function parseSwiftPath(decodedPath: string): SwiftPath | null {
  if (!decodedPath.startsWith('/v1/')) return null
  const first = decodedPath.indexOf('/', 4)
  const second = first === -1 ? -1 : decodedPath.indexOf('/', first + 1)
  if (second === -1 || first === 4 || second === first + 1) return null
  const object = decodedPath.slice(second + 1)
  // Slashes alone are no name.
  if ((object === '' || object.startsWith('/')) && !/[^/]/.test(object)) return null
  return {
    account: decodedPath.slice(4, first),
    container: decodedPath.slice(first + 1, second),
    object,
  }
}

/** The path that is signed: of one object, or of a prefix. */
export function formatSwiftPath(
  { account, container, object }: SwiftPath,
  prefix: string | null,
): string {
  const base = `/v1/${account}/${container}/`
  return prefix === null ? base + object : `prefix:${base}${prefix}`
}
