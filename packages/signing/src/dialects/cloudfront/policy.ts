/**
 * Reads a policy text and asks whether it covers a request. Every key that is not known is refused:
 * a condition nobody enforces is no condition.
 *
 * @module
 */

import { parseIpRange } from '../../lib/ip-address.ts'
import { hasDotSegment, matchesWildcard } from '../../lib/path-scope.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import { SigningError } from '../../errors.ts'
import type { CloudFrontPolicy } from './string-to-sign.ts'
import { MAX_EPOCH_SECONDS } from './params.ts'

const MAX_POLICY_LENGTH = 8192

/** The policy behind its JSON text. @throws {SigningError} `policy-malformed` */
export function parseCloudFrontPolicy(text: string): CloudFrontPolicy {
  if (text.length > MAX_POLICY_LENGTH) throw malformed('the policy is too long')
  const document = asRecord(parseJson(text), ['Statement'])
  const { Statement: statements } = document
  if (!Array.isArray(statements) || statements.length !== 1) {
    throw malformed('Statement must be a list of exactly one statement')
  }
  const statement = asRecord(statements[0], ['Resource', 'Condition'])
  const condition = asRecord(statement['Condition'], [
    'DateLessThan',
    'DateGreaterThan',
    'IpAddress',
  ])
  const resource = statement['Resource'] ?? null
  if (resource !== null && (typeof resource !== 'string' || resource === '')) {
    throw malformed('Resource must be a text')
  }
  const expires = readTime(condition['DateLessThan'])
  if (expires === null) throw malformed('DateLessThan is missing')
  return {
    resource,
    expires,
    starts: readTime(condition['DateGreaterThan']),
    ip: readSourceIp(condition['IpAddress']),
  }
}

/**
 * True if the policy's Resource covers a URL without its CloudFront parameters. `*` is any run of characters, `?` any
 * one, `\?` a question mark [CLOUDFRONT-CUSTOM] values in the policy statement. The match is over the encoded URL.
 */
export function coversUrl(resource: string | null, url: string): boolean {
  if (resource === null || resource === '*' || resource === url) return true
  if (!isPattern(resource)) return false
  // `/public/*` must not open `/public/..%2fsecret`, which an origin may fold to another file.
  if (hasDotSegment(splitTarget(url).path)) return false
  // The usual pattern is a folder with a star at its end.
  const star = resource.indexOf('*')
  if (star === resource.length - 1 && !resource.includes('?')) {
    return url.startsWith(resource.slice(0, star))
  }
  // NUL stands for a question mark that has to be one: no URL holds a NUL.
  return matchesWildcard(resource.replaceAll('\\?', '\0'), url.replaceAll('?', '\0'))
}

/** True if the Resource can stand for more than one URL. */
function isPattern(resource: string): boolean {
  return resource.includes('*') || resource.includes('?')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('the policy is not JSON')
  }
}

function asRecord(value: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('an object is missing where one is needed')
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) throw malformed(`${key.slice(0, 64)} is not known here`)
  }
  return value as Record<string, unknown>
}

function readTime(value: unknown): number | null {
  if (value === undefined) return null
  const { 'AWS:EpochTime': seconds } = asRecord(value, ['AWS:EpochTime'])
  if (
    !Number.isSafeInteger(seconds) ||
    Number(seconds) < 0 ||
    Number(seconds) > MAX_EPOCH_SECONDS
  ) {
    throw malformed('AWS:EpochTime must be whole seconds of 32 bits')
  }
  return Number(seconds)
}

function readSourceIp(value: unknown): string | null {
  if (value === undefined) return null
  const { 'AWS:SourceIp': range } = asRecord(value, ['AWS:SourceIp'])
  if (typeof range !== 'string' || parseIpRange(range)?.bytes.length !== 4) {
    throw malformed('AWS:SourceIp must be an IPv4 address or network')
  }
  return range
}

function malformed(reason: string): SigningError<'policy-malformed'> {
  return new SigningError('policy-malformed', `the policy cannot be used: ${reason}`, { reason })
}
