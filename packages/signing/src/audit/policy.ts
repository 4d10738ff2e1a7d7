/**
 * What an audit demands of a signed URL. The same policy checks URLs found in text, calls found in source
 * code, and the settings of a folder that issues links.
 *
 * @module
 */
import { readFolderPolicy } from './folder-policy.ts'
import type { RuleId, Severity } from './rules.ts'
import { RULES, isRuleId } from './rules.ts'

export interface AuditPolicy {
  /** The longest life of a URL that reads. */
  readonly maxDownloadSeconds: number
  /** The longest life of a URL that writes. */
  readonly maxUploadSeconds: number
  /** The methods a URL may open. */
  readonly allowedMethods: readonly string[]
  /** URLs must be for https, and be refused on http where the dialect can say so. */
  readonly requireHttps: boolean
  /** URLs must be bound to an address range. */
  readonly requireIp: boolean
  /** Uploads must have their content type signed. */
  readonly requireContentType: boolean
  /** Uploads must have their size signed or limited. */
  readonly requireLengthBound: boolean
  /** One signature may open more than one file. */
  readonly allowWideScope: boolean
  /** Rules that are not applied. */
  readonly ignore: readonly RuleId[]
  /** Severities other than the rules' own. */
  readonly severities: Readonly<Partial<Record<RuleId, Severity>>>
}

/** An hour to read, 15 minutes to write, https, no DELETE, and uploads bound in type and size. */
export const DEFAULT_AUDIT_POLICY: AuditPolicy = {
  maxDownloadSeconds: 3600,
  maxUploadSeconds: 900,
  allowedMethods: ['GET', 'HEAD', 'PUT', 'POST'],
  requireHttps: true,
  requireIp: false,
  requireContentType: true,
  requireLengthBound: true,
  allowWideScope: false,
  ignore: [],
  severities: {},
}

const SEVERITIES: readonly string[] = ['error', 'warning', 'note'] satisfies Severity[]

type Check = (value: unknown, name: string) => void

const isSeconds: Check = (value, name) => {
  if (!Number.isInteger(value) || (value as number) < 1) {
    throw new RangeError(`${name} must be a whole number of seconds, 1 or more`)
  }
}
const isBoolean: Check = (value, name) => {
  if (typeof value !== 'boolean') throw new TypeError(`${name} must be true or false`)
}
const isMethods: Check = (value, name) => {
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
  if (!isList) throw new TypeError(`${name} must be a list of methods, such as ["GET", "PUT"]`)
}
const isRuleIds: Check = (value, name) => {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list of rules`)
  for (const item of value) checkRuleId(item, name)
}
const isSeverities: Check = (value, name) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${name} must be an object of rules and severities`)
  }
  for (const [id, severity] of Object.entries(value)) {
    checkRuleId(id, name)
    if (typeof severity !== 'string' || !SEVERITIES.includes(severity)) {
      throw new TypeError(`${name}.${id} must be one of ${SEVERITIES.join(', ')}`)
    }
  }
}

function checkRuleId(value: unknown, name: string): void {
  if (typeof value !== 'string' || !isRuleId(value)) {
    throw new RangeError(
      `${name} names an unknown rule; known are ${Object.keys(RULES).join(', ')}`,
    )
  }
}

const CHECKS: Readonly<Record<keyof AuditPolicy, Check>> = {
  maxDownloadSeconds: isSeconds,
  maxUploadSeconds: isSeconds,
  allowedMethods: isMethods,
  requireHttps: isBoolean,
  requireIp: isBoolean,
  requireContentType: isBoolean,
  requireLengthBound: isBoolean,
  allowWideScope: isBoolean,
  ignore: isRuleIds,
  severities: isSeverities,
}

/**
 * The policy a JSON document describes: a policy of this form, or what `GET /v1/folders/{path}/policy` of a server answers. What it
 * leaves out is {@link DEFAULT_AUDIT_POLICY}'s. Throws a `TypeError`
 * or `RangeError` that names the member for anything unknown or of the wrong form.
 */
export function parseAuditPolicy(document: unknown): AuditPolicy {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new TypeError('the policy must be an object')
  }
  const demands = readFolderPolicy(document) ?? document
  for (const [name, value] of Object.entries(demands)) {
    if (!Object.hasOwn(CHECKS, name)) {
      throw new RangeError(`${name} is unknown; a policy has ${Object.keys(CHECKS).join(', ')}`)
    }
    CHECKS[name as keyof AuditPolicy](value, name)
  }
  return { ...DEFAULT_AUDIT_POLICY, ...demands }
}
