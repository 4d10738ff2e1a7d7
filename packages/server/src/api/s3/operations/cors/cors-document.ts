/** The document in which the CORS rules of a bucket come and go [S3-CORS]. Whatever could split a header stays out. */
import { CORS_METHODS } from '../../../../core/buckets/cors-rules.ts'
import type { CorsMethod, CorsRule } from '../../../../core/buckets/cors-rules.ts'
import { isHeaderName, isHeaderValue } from '../../../../http/header-value.ts'
import { xmlAnswer } from '../../answers/answers.ts'
import type { XmlElement } from '../../answers/xml.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Face, S3Request } from '../../face.ts'
import { childOf } from '../../../../platform/xml.ts'
import type { XmlNode } from '../../../../platform/xml.ts'
import { SMALL_DOCUMENT, requireXmlBody } from '../../uploads/read-xml-body.ts'

const MAX_RULES = 100
const MAX_ID_LENGTH = 255
const MAX_AGE_DIGITS = /^\d{1,9}$/

/** Throws `xml-malformed`, `cors-rule-invalid`. */
export async function readCorsRules(
  face: S3Face,
  request: S3Request,
): Promise<readonly CorsRule[]> {
  const limits = { ...SMALL_DOCUMENT, root: 'CORSConfiguration' }
  const { children } = await requireXmlBody(face, request, limits)
  if (children.length === 0) throw malformed('there must be a CORSRule')
  if (children.length > MAX_RULES) throw malformed(`there are more than ${MAX_RULES} rules`)
  return children.map(toRule)
}

export function corsAnswer(rules: readonly CorsRule[]): S3Answer {
  return xmlAnswer(
    'CORSConfiguration',
    rules.map((rule): XmlElement => ['CORSRule', formatRule(rule)]),
  )
}

function formatRule(rule: CorsRule): XmlElement[] {
  return [
    ['ID', rule.id ?? null],
    ...rule.allowedHeaders.map((header): XmlElement => ['AllowedHeader', header]),
    ...rule.allowedMethods.map((method): XmlElement => ['AllowedMethod', method]),
    ...rule.allowedOrigins.map((origin): XmlElement => ['AllowedOrigin', origin]),
    ...rule.exposeHeaders.map((header): XmlElement => ['ExposeHeader', header]),
    ['MaxAgeSeconds', rule.maxAgeSeconds ?? null],
  ]
}

function toRule(node: XmlNode): CorsRule {
  if (node.name !== 'CORSRule') throw malformed('a CORSConfiguration holds CORSRules')
  const id = childOf(node, 'ID')?.text
  const maxAge = childOf(node, 'MaxAgeSeconds')?.text
  if ((id?.length ?? 0) > MAX_ID_LENGTH) throw malformed('an ID is too long')
  if (maxAge !== undefined && !MAX_AGE_DIGITS.test(maxAge)) {
    throw malformed('MaxAgeSeconds must be a number of seconds')
  }
  const rule = {
    allowedOrigins: textsOf(node, 'AllowedOrigin').map(requireOrigin),
    allowedMethods: textsOf(node, 'AllowedMethod').map(requireMethod),
    allowedHeaders: textsOf(node, 'AllowedHeader').map(requireHeaderPattern),
    exposeHeaders: textsOf(node, 'ExposeHeader').map(requireExposable),
    ...(id !== undefined && { id }),
    ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }),
  }
  if (rule.allowedOrigins.length === 0) throw malformed('a rule must have an AllowedOrigin')
  if (rule.allowedMethods.length === 0) throw malformed('a rule must have an AllowedMethod')
  return rule
}

function textsOf({ children }: XmlNode, name: string): string[] {
  return children.filter((child) => child.name === name).map(({ text }) => text)
}

function requireOrigin(origin: string): string {
  if (origin === '' || !isHeaderValue(origin)) throw malformed('an AllowedOrigin is none')
  return requireOneStar('AllowedOrigin', origin)
}

function requireMethod(text: string): CorsMethod {
  const method = CORS_METHODS.find((known) => known === text)
  if (method !== undefined) return method
  throw invalid(
    `Found unsupported HTTP method in CORS config. Unsupported method is ${text.slice(0, 32)}`,
  )
}

function requireHeaderPattern(pattern: string): string {
  if (!isHeaderName(pattern)) throw notAHeader('AllowedHeader', pattern)
  return requireOneStar('AllowedHeader', pattern)
}

function requireExposable(header: string): string {
  if (!isHeaderName(header)) throw notAHeader('ExposeHeader', header)
  if (!header.includes('*')) return header
  throw invalid(
    `ExposeHeader "${header}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
  )
}

function notAHeader(what: string, text: string): Error {
  const shown = isHeaderValue(text) ? ` "${text.slice(0, 128)}"` : ''
  return invalid(`${what}${shown} contains invalid character.`)
}

function requireOneStar(what: string, pattern: string): string {
  if (pattern.indexOf('*') === pattern.lastIndexOf('*')) return pattern
  throw invalid(`${what} "${pattern}" can not have more than one wildcard.`)
}

function malformed(reason: string): Error {
  return s3Refusal('xml-malformed', { reason })
}

function invalid(reason: string): Error {
  return s3Refusal('cors-rule-invalid', { reason })
}
