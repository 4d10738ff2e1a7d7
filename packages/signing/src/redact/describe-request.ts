/**
 * What may be logged of a request: everything but its secrets.
 *
 * @module
 */
import { redact } from './redact.ts'

/** A request as a log line wants it. */
export interface RequestDescription {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** What is read of a request: fetch's `Request` has this shape. */
export interface DescribableRequest {
  readonly method: string
  readonly url: string
  readonly headers: Iterable<readonly [name: string, value: string] | readonly string[]>
}

/** What is read of a request that Node's server received: `IncomingMessage` has this shape. */
export interface DescribableIncomingMessage {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly rawHeaders: readonly string[]
}

/** Method, URL and headers of a fetch `Request`, secrets taken out. The body is not touched. */
export function describeRequest(request: DescribableRequest): RequestDescription {
  const headers: Record<string, string> = {}
  for (const [name = '', value = ''] of request.headers) addHeader(headers, name, value)
  return { method: request.method, url: redact(request.url), headers }
}

/** The same of a request that Node's server received. */
export function describeIncomingMessage(message: DescribableIncomingMessage): RequestDescription {
  const headers: Record<string, string> = {}
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    addHeader(headers, message.rawHeaders[index] ?? '', message.rawHeaders[index + 1] ?? '')
  }
  return { method: message.method ?? 'GET', url: redact(message.url ?? ''), headers }
}

function addHeader(headers: Record<string, string>, name: string, value: string): void {
  const key = name.toLowerCase()
  // The value is read behind its name, because for many headers the name is what makes it a secret.
  const line = redact(`${key}: ${value}`).slice(key.length + 2)
  headers[key] = headers[key] === undefined ? line : `${headers[key]}, ${line}`
}
