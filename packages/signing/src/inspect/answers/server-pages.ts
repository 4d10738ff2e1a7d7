/**
 * Answers without a code of their own: the pages web servers, proxies and CDNs send, and bare statuses.
 *
 * @module
 */
import type { CauseCode } from '../causes.ts'
import type { ExplainContext, Finding } from '../facts/dialect-facts.ts'
import { headerValue, showText } from '../facts/detection.ts'
import type { ProviderError } from '../rules/provider-error.ts'

interface PageRule {
  readonly status: number | null
  readonly body?: RegExp
  readonly code: CauseCode
  readonly advice: string
  readonly confidence?: number
}

const RULES: readonly PageRule[] = [
  {
    status: null,
    body: /request could not be satisfied[\s\S]{0,2000}(?:blocked access from your country|distribution is configured to block)/i,
    code: 'network-refused',
    advice: 'the distribution is closed to the country of the client',
  },
  {
    status: 403,
    body: /request blocked\.|Attention Required! \| Cloudflare|Sorry, you have been blocked|error code: 10(?:06|07|08|09|10|20)|Reference\s*&?#?(?:32;|35;)?#?\d{2}\.[0-9a-f]{4,}/i,
    code: 'network-refused',
    advice: 'a firewall in front of the store refused the client before anything was checked',
  },
  {
    status: 400,
    body: /Request Header Or Cookie Too Large/i,
    code: 'url-too-long',
    advice: 'raise large_client_header_buffers, or send fewer cookies',
  },
  {
    status: 400,
    body: /plain HTTP request was sent to HTTPS port|SSL certificate/i,
    code: 'scheme-changed',
    advice: 'use https for this port',
  },
  { status: 404, code: 'object-missing', advice: 'there is nothing at this path', confidence: 0.8 },
  { status: 405, code: 'operation-unsupported', advice: 'this method is not allowed here' },
  { status: 409, code: 'state-conflict', advice: 'the state of the resource forbids it' },
  {
    status: 410,
    code: 'url-expired',
    advice: 'servers with secure links answer 410 when the time of a link is over',
    confidence: 0.9,
  },
  { status: 411, code: 'body-incomplete', advice: 'Content-Length is missing' },
  { status: 412, code: 'condition-failed', advice: 'a condition of the request does not hold' },
  {
    status: 413,
    code: 'entity-too-large',
    advice: 'in nginx client_max_body_size is 1 MB unless it is raised',
  },
  {
    status: 414,
    code: 'url-too-long',
    advice: 'in nginx large_client_header_buffers bounds the request line, 8 KB by default',
  },
  { status: 416, code: 'range-wrong', advice: 'the range lies behind the end' },
  { status: 429, code: 'provider-busy', advice: 'too many requests: wait and try again' },
  { status: 431, code: 'url-too-long', advice: 'the headers are too large' },
  { status: 499, code: 'body-incomplete', advice: 'the client went away before the answer' },
  { status: 501, code: 'operation-unsupported', advice: 'the store does not have this operation' },
  { status: 500, code: 'provider-busy', advice: 'a fault of the server: look into its log' },
  {
    status: 502,
    code: 'provider-busy',
    advice: 'the proxy got no answer from the store behind it',
  },
  { status: 503, code: 'provider-busy', advice: 'the server is overloaded or not ready' },
  {
    status: 504,
    code: 'provider-busy',
    advice: 'the store behind the proxy did not answer in time',
  },
  { status: 507, code: 'account-problem', advice: 'the store is full' },
  {
    status: 304,
    code: 'condition-failed',
    advice: 'the object has not changed: use the copy you have',
  },
]

/** What the status and the page say; empty where they say nothing. */
export function serverPageFindings({ response }: ExplainContext, error: ProviderError): Finding[] {
  if (response === null || error.code !== '') return []
  const body = response.body.slice(0, 16_384)
  const rule = RULES.find(
    ({ status, body: pattern }) =>
      (status === null || status === response.status) &&
      (pattern === undefined || pattern.test(body)),
  )
  if (rule === undefined) return []
  const { code, advice, confidence = 0.9 } = rule
  const server = headerValue(response, 'server')
  const by = server === null ? 'the server' : showText(server, 40)
  const facts = { expiredAt: 'its end', ago: 'some time', signed: 'https', sent: 'http' }
  const evidence = `${by} answered ${response.status ?? ''}; ${advice}`
  return [{ code, confidence, facts, source: 'answer', evidence }]
}
