/**
 * Reads the error a provider answered with: S3's and Google's XML, Azure's XML and header, JSON.
 * A reader of flat elements, not an XML parser: errors have one level, and hostile bodies may have anything.
 *
 * @module
 */
import type { ExplainContext, ObservedResponse } from '../facts/dialect-facts.ts'
import { headerValue } from '../facts/detection.ts'

/** The provider's error, taken apart. */
export interface ProviderError {
  readonly status: number | null
  /** Empty if none was found. */
  readonly code: string
  readonly message: string
  /** Further elements by name: `StringToSign`, `CanonicalRequest`, `ServerTime`, `Region` … */
  readonly elements: ReadonlyMap<string, string>
  /** The server's clock: from the error, else from the `Date` header. */
  readonly serverTime: Date | null
}

const MAX_BODY = 262_144
const MAX_ELEMENTS = 100
const OPEN_TAG = /<([A-Za-z][A-Za-z0-9-]{0,60})>/g

/** The error in a response; `null` without a response. */
export function readProviderError(response: ObservedResponse | null): ProviderError | null {
  if (response === null) return null
  const body = response.body.slice(0, MAX_BODY)
  const elements = /^\s*\{/.test(body) ? readJson(body) : readXml(body)
  const code =
    elements.get('Code') ??
    headerValue(response, 'x-ms-error-code') ??
    headerValue(response, 'x-amz-error-code') ??
    ''
  return {
    status: response.status,
    code: code.slice(0, 100),
    message: (elements.get('Message') ?? elements.get('Details') ?? '').slice(0, 2000),
    elements,
    serverTime: readServerTime(elements, response),
  }
}

function readXml(body: string): Map<string, string> {
  const elements = new Map<string, string>()
  for (const match of body.matchAll(OPEN_TAG)) {
    const name = match[1] ?? ''
    const from = match.index + match[0].length
    const next = body.indexOf('<', from)
    if (next === -1 || elements.size >= MAX_ELEMENTS) break
    if (body.startsWith(`</${name}>`, next) && !elements.has(name)) {
      elements.set(name, unescapeXml(body.slice(from, next)))
    }
  }
  return elements
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#34': '"',
  '#39': "'",
  '#13': '\r',
  '#10': '\n',
  '#xA': '\n',
}

function unescapeXml(text: string): string {
  return text.replace(/&(#?\w{1,6});/g, (entity, name: string) => ENTITIES[name] ?? entity)
}

function readJson(body: string): Map<string, string> {
  const elements = new Map<string, string>()
  try {
    const parsed: unknown = JSON.parse(body)
    const inner = isRecord(parsed) && isRecord(parsed['error']) ? parsed['error'] : parsed
    if (!isRecord(inner)) return elements
    for (const [name, value] of Object.entries(inner).slice(0, MAX_ELEMENTS)) {
      const isText = typeof value === 'string' || typeof value === 'number'
      if (isText) elements.set(name.charAt(0).toUpperCase() + name.slice(1), String(value))
    }
  } catch {
    return elements
  }
  return elements
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function readServerTime(
  elements: ReadonlyMap<string, string>,
  response: ObservedResponse,
): Date | null {
  for (const text of [elements.get('ServerTime'), headerValue(response, 'date')]) {
    const time = text === undefined || text === null ? Number.NaN : Date.parse(text)
    if (!Number.isNaN(time)) return new Date(time)
  }
  return null
}

/** The server's clock where its answer shows it, else the one given. */
export function serverNow({ response, now }: Pick<ExplainContext, 'response' | 'now'>): Date {
  return readProviderError(response)?.serverTime ?? now
}

/** True if the provider says that the signatures differ. */
export function saysSignatureMismatch(error: ProviderError | null): boolean {
  if (error === null) return false
  return (
    error.code === 'SignatureDoesNotMatch' ||
    (error.code === 'AuthenticationFailed' &&
      /signature did not match/i.test(
        `${error.message} ${error.elements.get('AuthenticationErrorDetail') ?? ''}`,
      ))
  )
}

/** True if the provider took the signature and went on: the object is missing, or all is well. */
export function saysSignatureAccepted(error: ProviderError | null): boolean {
  if (error?.status === null || error === null) return false
  if (error.status >= 200 && error.status < 300) return true
  return /^(NoSuchKey|NoSuchBucket|NoSuchUpload|BlobNotFound|ContainerNotFound|NoSuchVersion)$/.test(
    error.code,
  )
}
