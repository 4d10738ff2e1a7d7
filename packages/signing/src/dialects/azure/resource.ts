/**
 * Which container and blob a request names, and which of them its token is for.
 *
 * @module
 */

import { singleHeader } from '../../lib/raw-headers.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import type { RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type { AzureFields } from './params.ts'
import { hasControl, malformed, missing } from './params.ts'
import type { AzureClaims } from './read-token.ts'
import { otherOf } from './read-token.ts'
import type { AzureResource } from './string-to-sign.ts'
import { formatHeaderBlock, formatQueryBlock } from './string-to-sign.ts'

/** What a request names, decoded. */
export interface AzureRequestPath {
  /** `null`: the request is for the account. */
  readonly container: string | null
  /** `null`: the request is for the container. */
  readonly blob: string | null
  /** Both, with a slash before each. */
  readonly text: string
}

/** The decoded path. Accounts addressed by path stand in front of the container, as Azurite's do. */
export function readRequestPath(
  request: RawRequest,
  account: string,
  isPathStyle: boolean,
): AzureRequestPath {
  const decoded = decodePath(request.target)
  const text = isPathStyle ? withoutAccount(decoded, account) : decoded
  const rest = text.slice(1)
  const slash = rest.indexOf('/')
  const container = slash === -1 ? rest : rest.slice(0, slash)
  const blob = slash === -1 ? '' : rest.slice(slash + 1)
  return { container: container === '' ? null : container, blob: blob === '' ? null : blob, text }
}

function decodePath(target: string): string {
  const { path } = splitTarget(target)
  if (!path.startsWith('/')) throw malformed('path', 'expected a path')
  if (isPlain(target, path.length)) return path
  if (hasDotSegment(path)) throw mismatch('the path has dot segments, which some servers fold')
  const decoded = percentDecode(path)
  if (decoded === null || hasControl(decoded)) {
    throw malformed('path', 'expected escapes of UTF-8 text without control characters')
  }
  return decoded
}

const PERCENT = 0x25
const DOT = 0x2e
const SLASH = 0x2f
const BACKSLASH = 0x5c
const DELETE = 0x7f

/** True if the first `length` characters need no closer look: no control, no escape, no segment with a dot ahead. */
function isPlain(text: string, length: number): boolean {
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index)
    if (code <= 0x20 || code >= DELETE || code === PERCENT || code === BACKSLASH) return false
    if (code === SLASH && text.charCodeAt(index + 1) === DOT) return false
  }
  return true
}

/** What the resource line of this request's token must be. @throws {SigningError} `resource-mismatch` and others */
export function resourceOfRequest(
  claims: AzureClaims,
  path: AzureRequestPath,
  account: string,
  request: RawRequest,
): AzureResource {
  const { fields } = claims
  return {
    path: resourcePath(fields, path, account),
    snapshot: momentOf(claims),
    headers: fields.srh === undefined ? '' : headerBlock(fields.srh, request),
    query: fields.srq === undefined ? '' : queryBlock(fields.srq, claims),
  }
}

function resourcePath(fields: AzureFields, path: AzureRequestPath, account: string): string {
  const { container, blob, text } = path
  if (container === null) throw mismatch('the request names no container')
  const root = `/blob/${account}/${container}`
  if (fields.sdd !== undefined && fields.sr !== 'd') {
    throw malformed('sdd', 'expected only with a directory')
  }
  switch (fields.sr) {
    case 'c':
      return root
    case 'b':
    case 'bs':
    case 'bv':
      if (blob === null) throw mismatch('the token is for a blob, the request for a container')
      return `/blob/${account}${text}`
    case 'd':
      return root + directoryOf(blob, fields.sdd)
    case undefined:
      throw missing('sr')
    default:
      throw malformed('sr', 'expected b, bs, bv, c or d')
  }
}

/** The first segments of the name: whole ones, so that a token for `docs` never opens `docs2`. */
function directoryOf(blob: string | null, depth: string | undefined): string {
  if (depth === undefined) throw missing('sdd')
  if (!/^(?:0|[1-9]\d{0,2})$/.test(depth))
    throw malformed('sdd', 'expected the depth of the directory')
  const segments = blob === null ? [] : blob.split('/')
  if (segments.length < Number(depth)) throw mismatch('the request is outside the directory')
  return segments
    .slice(0, Number(depth))
    .map((segment) => `/${segment}`)
    .join('')
}

// Only `bs` opens a snapshot and only `bv` a version; container and directory tokens open those of every blob.
function momentOf(claims: AzureClaims): string {
  const { sr } = claims.fields
  if (sr !== 'b' && sr !== 'bs' && sr !== 'bv') return ''
  const snapshot = otherOf(claims, 'snapshot')
  const versionId = otherOf(claims, 'versionid')
  const wanted = sr === 'bs' ? snapshot : sr === 'bv' ? versionId : ''
  const isOther = (sr !== 'bs' && snapshot !== null) || (sr !== 'bv' && versionId !== null)
  if (isOther) throw mismatch('the token is for another moment of the blob')
  if (wanted === null) throw missing(sr === 'bs' ? 'snapshot' : 'versionid')
  if (hasControl(wanted)) throw malformed('snapshot', 'expected no control characters')
  return wanted
}

function headerBlock(names: string, request: RawRequest): string {
  return formatHeaderBlock(
    namesOf(names, 'srh').map((name): readonly [string, string] => {
      const value = singleHeader(request.headers, name.toLowerCase())
      if (value === null) {
        throw new SigningError('header-missing', `the signed header ${name} did not come`, { name })
      }
      return [name, value]
    }),
  )
}

function queryBlock(names: string, claims: AzureClaims): string {
  return formatQueryBlock(
    namesOf(names, 'srq').map((name): readonly [string, string] => {
      const values = claims.others.filter(([other]) => other === name).map(([, value]) => value)
      const [value] = values
      if (value === undefined) throw missing(name)
      if (values.length > 1) {
        throw new SigningError('parameter-duplicate', `${name} came more than once`, {
          parameter: name,
        })
      }
      if (hasControl(value)) throw malformed(name, 'expected no control characters')
      return [name, value]
    }),
  )
}

function namesOf(text: string, parameter: string): string[] {
  const names = text.split(',')
  const isUnique = new Set(names.map((name) => name.toLowerCase())).size === names.length
  if (!isUnique || names.some((name) => !/^[!#$%&'*+.^_`|~A-Za-z0-9-]{1,256}$/.test(name))) {
    throw malformed(parameter, 'expected names with commas between them, each once')
  }
  return names
}

function withoutAccount(path: string, account: string): string {
  if (path !== `/${account}` && !path.startsWith(`/${account}/`)) {
    throw mismatch('the path names another account')
  }
  return path.slice(account.length + 1)
}

function mismatch(reason: string): SigningError<'resource-mismatch'> {
  return new SigningError('resource-mismatch', `the token does not open this: ${reason}`, {
    reason,
  })
}
