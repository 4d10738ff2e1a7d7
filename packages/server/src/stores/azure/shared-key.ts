/** The `Authorization` header of a request that the key of the account signs: every header and parameter that says anything is in it. */
import { createHmac } from 'node:crypto'

export interface RequestToSign {
  readonly method: string
  /** Encoded, as it is sent. */
  readonly path: string
  /** Decoded, in any order. */
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly contentLength: number
}

/** In the order of the text to sign, behind the method; between language and MD5 stands the length. */
const BEFORE_LENGTH = ['content-encoding', 'content-language'] as const
const AFTER_LENGTH = [
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
] as const

/** `key` is in base64. */
export function signWithAccountKey(account: string, key: string, request: RequestToSign): string {
  const text = formatTextToSign(account, request)
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')
  return `SharedKey ${account}:${signature}`
}

export function formatTextToSign(account: string, request: RequestToSign): string {
  const { method, headers, contentLength } = request
  const valueOf = (name: string): string => headers[name] ?? ''
  return [
    method,
    ...BEFORE_LENGTH.map(valueOf),
    contentLength === 0 ? '' : `${contentLength}`,
    ...AFTER_LENGTH.map(valueOf),
    ...formatHeaders(headers),
    ...formatResource(account, request),
  ].join('\n')
}

function formatHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => name.startsWith('x-ms-'))
    .toSorted(([a], [b]) => (wordOf(a) < wordOf(b) ? -1 : 1))
    .map(([name, value]) => `${name}:${value.trim()}`)
}

/** Azure puts headers in the order of a dictionary: dashes do not count, and `_` stands before digits. */
function wordOf(name: string): string {
  return name.replaceAll('-', '').replaceAll('_', '!')
}

function formatResource(account: string, { path, query }: RequestToSign): string[] {
  const parameters = Object.entries(query)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}`)
  return [`/${account}${path}`, ...parameters]
}
