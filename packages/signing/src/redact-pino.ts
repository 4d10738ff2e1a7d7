/**
 * The entry `@hallpass/signing/redact-pino`: redaction for pino, by the shape of its options only.
 *
 * @module
 */
import { redact } from './redact/redact.ts'
import { describeIncomingMessage } from './redact/describe-request.ts'
import type { DescribableIncomingMessage } from './redact/describe-request.ts'

/** The error as pino's own serializer shows it. */
export interface ErrorDescription {
  readonly type: string
  readonly message: string
  readonly stack: string
}

/** Any value a log can hold, its strings redacted; what JSON cannot hold becomes `[unserializable]`. */
export function redactSerializer(value: unknown): unknown {
  if (typeof value === 'string') return redact(value)
  if (typeof value !== 'object' || value === null) return value
  try {
    // Redacted JSON is JSON again: a secret ends where its string ends.
    return JSON.parse(redact(JSON.stringify(value)))
  } catch {
    return '[unserializable]'
  }
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return redactSerializer(error)
  const description: ErrorDescription = {
    type: error.name,
    message: redact(error.message),
    stack: redact(error.stack ?? ''),
  }
  return description
}

function serializeRequest(request: unknown): unknown {
  const isMessage = typeof request === 'object' && request !== null && 'rawHeaders' in request
  return isMessage
    ? describeIncomingMessage(request as DescribableIncomingMessage)
    : redactSerializer(request)
}

/** For pino's `serializers` option. */
export const redactSerializers: Readonly<Record<string, (value: unknown) => unknown>> = {
  req: serializeRequest,
  err: serializeError,
  error: serializeError,
  url: redactSerializer,
  headers: redactSerializer,
  body: redactSerializer,
}

/**
 * For pino's `hooks` option: every finished line passes through {@link redact}, so that no call can leak what
 * no serializer knew of.
 *
 * ```ts
 * const log = pino({ hooks: redactHooks, serializers: redactSerializers })
 * ```
 */
export const redactHooks: { readonly streamWrite: (line: string) => string } = {
  streamWrite: redact,
}
