/**
 * Signature Version 4 once more, straight from its description and with every part open to abuse. The library under test
 * refuses to sign nonsense; attackers do not.
 */
import { createHash, createHmac } from 'node:crypto'
import type { RunningServer } from './start-server.ts'

export interface HandSigned {
  readonly method: string
  /** Encoded, as it will be sent. */
  readonly path: string
  /** Further parameters, signed. */
  readonly query?: readonly (readonly [string, string])[]
  /** Signed headers besides Host. Names in lower case. */
  readonly headers?: readonly (readonly [string, string])[]
  readonly accessKeyId?: string
  readonly secret?: string
  readonly algorithm?: string
  readonly date?: string
  readonly scopeDate?: string
  readonly region?: string
  readonly service?: string
  readonly terminal?: string
  readonly expires?: string
  readonly signedHeaders?: string
  readonly payload?: string
  /** Replaces the last step: what turns the string to sign into a signature. */
  readonly sign?: (stringToSign: string) => string
}

export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}

/** `yyyyMMdd'T'HHmmss'Z'` of a moment. */
export function basicTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

interface Prepared {
  readonly scope: string
  readonly date: string
  readonly algorithm: string
  readonly accessKeyId: string
  readonly signedHeaders: string
  readonly headerLines: string
  readonly signText: (canonicalRequest: string) => string
}

function prepare(server: RunningServer, request: HandSigned): Prepared {
  const date = request.date ?? basicTime(server.core.clock.now())
  const region = request.region ?? server.region
  const service = request.service ?? 's3'
  const terminal = request.terminal ?? 'aws4_request'
  const scopeDate = request.scopeDate ?? date.slice(0, 8)
  const scope = `${scopeDate}/${region}/${service}/${terminal}`
  const algorithm = request.algorithm ?? 'AWS4-HMAC-SHA256'
  const headers = [['host', `127.0.0.1:${server.port}`] as const, ...(request.headers ?? [])]
  const sorted = headers.toSorted(([a], [b]) => (a < b ? -1 : 1))
  const secret = request.secret ?? server.credentials.secretAccessKey
  const key = [scopeDate, region, service, terminal].reduce<Buffer>(
    (parent, part) => createHmac('sha256', parent).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  )
  const sign =
    request.sign ?? ((text: string) => createHmac('sha256', key).update(text).digest('hex'))
  return {
    scope,
    date,
    algorithm,
    accessKeyId: request.accessKeyId ?? server.credentials.accessKeyId,
    signedHeaders: request.signedHeaders ?? sorted.map(([name]) => name).join(';'),
    headerLines: sorted.map(([name, value]) => `${name}:${value.trim()}\n`).join(''),
    signText: (canonical) => sign(`${algorithm}\n${date}\n${scope}\n${sha256(canonical)}`),
  }
}

function canonicalQuery(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&')
}

/** The target of a presigned request. */
export function signQuery(server: RunningServer, request: HandSigned): string {
  const prepared = prepare(server, request)
  const pairs: (readonly [string, string])[] = [
    ['X-Amz-Algorithm', prepared.algorithm],
    ['X-Amz-Credential', `${prepared.accessKeyId}/${prepared.scope}`],
    ['X-Amz-Date', prepared.date],
    ['X-Amz-Expires', request.expires ?? '300'],
    ['X-Amz-SignedHeaders', prepared.signedHeaders],
    ...(request.query ?? []),
  ]
  const query = canonicalQuery(pairs)
  const canonical = `${request.method}\n${request.path}\n${query}\n${prepared.headerLines}\n${prepared.signedHeaders}\n${request.payload ?? 'UNSIGNED-PAYLOAD'}`
  return `${request.path}?${query}&X-Amz-Signature=${prepared.signText(canonical)}`
}

export interface SignedByHeader {
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  /** What chunk signatures build on. */
  readonly signature: string
}

/** The target and headers of a request signed in its Authorization header. */
export function signHeaders(server: RunningServer, request: HandSigned): SignedByHeader {
  const date = request.date ?? basicTime(server.core.clock.now())
  const payload = request.payload ?? 'UNSIGNED-PAYLOAD'
  const headers: (readonly [string, string])[] = [
    ['x-amz-content-sha256', payload],
    ['x-amz-date', date],
    ...(request.headers ?? []),
  ]
  const prepared = prepare(server, { ...request, date, headers })
  const query = canonicalQuery(request.query ?? [])
  const canonical = `${request.method}\n${request.path}\n${query}\n${prepared.headerLines}\n${prepared.signedHeaders}\n${payload}`
  const signature = prepared.signText(canonical)
  const authorization = `${prepared.algorithm} Credential=${prepared.accessKeyId}/${prepared.scope}, SignedHeaders=${prepared.signedHeaders}, Signature=${signature}`
  return {
    target: query === '' ? request.path : `${request.path}?${query}`,
    headers: [...headers, ['Authorization', authorization]],
    signature,
  }
}
