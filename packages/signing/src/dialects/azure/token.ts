/**
 * From a caller's options to the fields of a token, and from fields to its text. Shared by the three kinds.
 *
 * @module
 */

import { fromBase64 } from '../../lib/bytes.ts'
import type { DownloadOptions } from '../../lib/content-disposition.ts'
import { dispositionOf } from '../../lib/content-disposition.ts'
import type { OptionalExpiry } from '../../lib/expiry.ts'
import { resolveExpiry, toEpochSeconds } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import { parseIpAddress } from '../../lib/ip-address.ts'
import { checkOptions, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import type { ClockOptions } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type { AzureFields, AzureSasKind } from './params.ts'
import { DEFAULT_VERSION, FIRST_VERSIONS, hasControl, isKnownVersion } from './params.ts'
import { formatAzureTime } from './times.ts'
import { sha256 } from '../../lib/sha256.ts'

/** Where the tokens of a signer are good. */
export interface AzureAccountOptions extends ClockOptions {
  /** The storage account's name. */
  readonly account: string
  /** Where the account answers; `https://ACCOUNT.blob.core.windows.net` by default. */
  readonly endpoint?: string
  /**
   * Whether the account stands in the host of the endpoint, or has to be put in front of the path, as emulators want it:
   * `path` with `http://127.0.0.1:10000`. `virtual` by default.
   */
  readonly addressing?: 'path' | 'virtual'
  /** `sv`, a day: it picks the layout of the signed text. `2026-04-06` by default. */
  readonly version?: string
  /**
   * `spr`. `https` by default, or `https,http` if `endpoint` is an http one; `null` leaves the parameter out, which
   * allows both.
   */
  readonly protocol?: 'https' | 'https,http' | null
}

/** What tokens of all kinds may say. */
export type AzureGrantOptions = OptionalExpiry & {
  /** `st`. Leave it out to begin at once: a start of now fails wherever a clock is a minute behind. */
  readonly startsAt?: Date
  /** `sip`: one IPv4 address, or two with a dash between them, both included. */
  readonly ip?: string
  /** `ses`, an encryption scope. */
  readonly encryptionScope?: string
  /** A SAS binds no method: this one is only handed back. `GET` by default. */
  readonly method?: string
}

/** Where a token is good, and what it says. */
export type AzureTokenOptions = AzureAccountOptions & AzureGrantOptions

/** Response headers a token for a blob sets. */
export interface AzureResponseHeaders {
  readonly cacheControl?: string
  readonly contentDisposition?: string
  readonly contentEncoding?: string
  readonly contentLanguage?: string
  readonly contentType?: string
}

const RESPONSE_HEADERS: OptionTable<AzureResponseHeaders> = {
  cacheControl: TEXT,
  contentDisposition: TEXT,
  contentEncoding: TEXT,
  contentLanguage: TEXT,
  contentType: TEXT,
}

/** How the answer to a GET is to look. */
export interface AzureResponseOptions extends DownloadOptions {
  /** Response headers the token sets on GET. */
  readonly responseHeaders?: AzureResponseHeaders | undefined
}

const ACCOUNT = /^[a-z0-9]{3,24}$/
const ENDPOINT = /^(https?:\/\/[a-z0-9.\-[\]:]+(?:\/[a-z0-9]+)?)\/?$/
const HTTP = 'http://'

/** Where the account answers. @throws {TypeError} */
export function readEndpoint({
  account,
  addressing = 'virtual',
  endpoint,
}: AzureAccountOptions): string {
  if (typeof account !== 'string' || !ACCOUNT.test(account)) {
    throw new TypeError('account must be 3 to 24 lower-case letters and digits')
  }
  if (addressing !== 'path' && addressing !== 'virtual') {
    throw new TypeError("addressing must be 'path' or 'virtual'")
  }
  if (endpoint === undefined) {
    if (addressing === 'path') throw new TypeError('endpoint must be given with addressing path')
    return `https://${account}.blob.core.windows.net`
  }
  const base = ENDPOINT.exec(endpoint)?.[1]
  if (base === undefined) {
    throw new TypeError('endpoint must be an http or https URL of a host and at most the account')
  }
  return addressing === 'virtual' || base.endsWith(`/${account}`) ? base : `${base}/${account}`
}

/** The version to sign with. @throws {RangeError} */
export function readVersion(version: string | undefined, kind: AzureSasKind): string {
  if (version === undefined) return DEFAULT_VERSION
  if (!isKnownVersion(kind, version)) {
    throw new RangeError(`version must be a day, ${FIRST_VERSIONS[kind]} or later`)
  }
  return version
}

/** Puts what all kinds have in common into the fields, and gives back the end of life, if the options name one. */
export function fillCommon(fields: AzureFields, options: AzureTokenOptions): number | null {
  const { startsAt, ip, protocol, encryptionScope } = options
  const hasExpiry = options.expiresAt !== undefined || options.expiresInSeconds !== undefined
  const expires = hasExpiry ? resolveExpiry(options) : null
  if (expires !== null) fields.se = formatAzureTime(expires)
  if (startsAt !== undefined) fields.st = readStart(startsAt, expires)
  if (ip !== undefined) fields.sip = readIp(ip)
  if (protocol !== null) fields.spr = readProtocol(protocol, options.endpoint)
  if (encryptionScope !== undefined) {
    fields.ses = checkText(encryptionScope, 'encryptionScope')
    if ((fields.sv ?? '') < '2020-12-06') {
      throw new RangeError('encryptionScope needs version 2020-12-06 or later')
    }
  }
  return expires
}

/** Puts the response headers into the fields. */
export function fillResponseHeaders(fields: AzureFields, options: AzureResponseOptions): void {
  const { responseHeaders: headers = {} } = options
  checkOptions(headers, RESPONSE_HEADERS, 'responseHeaders')
  const { cacheControl, contentEncoding, contentLanguage, contentType } = headers
  const named = dispositionOf(options)
  if (named !== undefined && headers.contentDisposition !== undefined) {
    throw new TypeError('filename and responseHeaders.contentDisposition exclude each other')
  }
  const contentDisposition = named ?? headers.contentDisposition
  if (cacheControl !== undefined) fields.rscc = checkText(cacheControl, 'cacheControl')
  if (contentDisposition !== undefined) {
    fields.rscd = checkText(contentDisposition, 'contentDisposition')
  }
  if (contentEncoding !== undefined) fields.rsce = checkText(contentEncoding, 'contentEncoding')
  if (contentLanguage !== undefined) fields.rscl = checkText(contentLanguage, 'contentLanguage')
  if (contentType !== undefined) fields.rsct = checkText(contentType, 'contentType')
}

/** The text, if it is one without control characters. @throws {TypeError} */
export function checkText(text: string, parameter: string): string {
  if (typeof text !== 'string' || text === '' || hasControl(text) || !text.isWellFormed()) {
    throw new TypeError(`${parameter} must be a text without control characters`)
  }
  return text
}

/** The token up to its signature, which comes last: parameters in the order of the official SDKs. */
export function formatTokenHead(fields: AzureFields): string {
  return (
    // The version has been checked, and holds nothing to escape.
    `sv=${fields.sv ?? ''}&` +
    put('ss', fields.ss) +
    put('srt', fields.srt) +
    put('spr', fields.spr) +
    put('st', fields.st) +
    put('se', fields.se) +
    put('sip', fields.sip) +
    put('si', fields.si) +
    put('ses', fields.ses) +
    (fields.skoid === undefined ? '' : keyParameters(fields)) +
    put('sr', fields.sr) +
    put('sp', fields.sp) +
    overrideParameters(fields) +
    (fields.skoid === undefined ? '' : principalParameters(fields)) +
    put('sdd', fields.sdd) +
    'sig='
  )
}

function put(name: string, value: string | undefined): string {
  return value === undefined || value === '' ? '' : `${name}=${percentEncode(value)}&`
}

function keyParameters(fields: AzureFields): string {
  return (
    put('skoid', fields.skoid) +
    put('sktid', fields.sktid) +
    put('skt', fields.skt) +
    put('ske', fields.ske) +
    put('sks', fields.sks) +
    put('skv', fields.skv)
  )
}

function principalParameters(fields: AzureFields): string {
  return (
    put('saoid', fields.saoid) +
    put('suoid', fields.suoid) +
    put('scid', fields.scid) +
    put('sduoid', fields.sduoid) +
    put('skdutid', fields.skdutid) +
    put('srh', fields.srh) +
    put('srq', fields.srq)
  )
}

function overrideParameters(fields: AzureFields): string {
  return (
    put('rscc', fields.rscc) +
    put('rscd', fields.rscd) +
    put('rsce', fields.rsce) +
    put('rscl', fields.rscl) +
    put('rsct', fields.rsct)
  )
}

/** The key behind its base64. @throws {SigningError} `key-invalid` */
export function prepareAzureKey(base64: string, parameter: string): HmacKey {
  const bytes = typeof base64 === 'string' ? fromBase64(base64) : null
  // An empty key signs for everybody; Azure's have 64 bytes, those of a delegation 32.
  if (bytes === null || bytes.length < 16) {
    throw new SigningError('key-invalid', `${parameter} cannot be used: expected base64 of a key`, {
      parameter,
      reason: 'expected standard base64 of at least 16 bytes',
    })
  }
  return prepareHmacKey(sha256, bytes)
}

function readStart(startsAt: Date, expires: number | null): string {
  const starts = toEpochSeconds(startsAt, 'startsAt')
  if (expires !== null && starts >= expires) {
    throw new RangeError('startsAt must be before the end')
  }
  return formatAzureTime(starts)
}

function readIp(ip: string): string {
  const parts = typeof ip === 'string' ? ip.split('-') : []
  const isIpv4 = parts.every((part) => parseIpAddress(part)?.length === 4 && !part.includes(':'))
  if (parts.length < 1 || parts.length > 2 || !isIpv4) {
    throw new TypeError('ip must be an IPv4 address, or two with a dash between them')
  }
  return ip
}

function readProtocol(
  protocol: 'https' | 'https,http' | undefined,
  endpoint: string | undefined,
): string {
  if (protocol === undefined) return endpoint?.startsWith(HTTP) === true ? 'https,http' : 'https'
  if (protocol !== 'https' && protocol !== 'https,http') {
    throw new TypeError("protocol must be 'https', 'https,http' or null")
  }
  return protocol
}
