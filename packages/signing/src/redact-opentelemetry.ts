/**
 * The entry `@hallpass/signing/redact-opentelemetry`: redaction for the spans of OpenTelemetry, by their shape only.
 *
 * @module
 */
import { redact } from './redact/redact.ts'

/** What of a span that has ended says something; an SDK lets nobody but its processors change it. */
export interface RedactableSpan {
  name: string
  readonly attributes: Record<string, unknown>
  readonly events: readonly {
    name: string
    readonly attributes?: Record<string, unknown> | undefined
  }[]
  readonly status: { message?: string | undefined }
}

/** As the SDK calls it. */
export interface RedactSpanProcessor {
  onStart(): void
  onEnd(span: unknown): void
  forceFlush(): Promise<void>
  shutdown(): Promise<void>
}

/**
 * A span processor that takes secrets out of every span that ends, for those processors that stand behind it.
 *
 * ```ts
 * const provider = new NodeTracerProvider({
 *   spanProcessors: [createRedactSpanProcessor(), new BatchSpanProcessor(exporter)],
 * })
 * ```
 */
export function createRedactSpanProcessor(): RedactSpanProcessor {
  return {
    onStart: () => undefined,
    onEnd: (span) => redactSpan(span as RedactableSpan),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  }
}

/** Changes the span itself: its name, its attributes, its events and the message of its status. */
export function redactSpan(span: RedactableSpan): void {
  span.name = redact(span.name)
  redactAttributes(span.attributes)
  for (const event of span.events) {
    event.name = redact(event.name)
    redactAttributes(event.attributes ?? {})
  }
  const { status } = span
  if (status.message !== undefined) status.message = redact(status.message)
}

function redactAttributes(attributes: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') attributes[name] = redactValue(name, value)
    else if (Array.isArray(value)) {
      attributes[name] = value.map((one: unknown) =>
        typeof one === 'string' ? redactValue(name, one) : one,
      )
    }
  }
}

/** Judged by its name as well: a token looks like nothing by itself. */
function redactValue(name: string, value: string): string {
  const line = redact(`${name}=${value}`)
  return line.startsWith(`${name}=`) ? line.slice(name.length + 1) : '[redacted]'
}
