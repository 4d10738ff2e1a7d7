/**
 * The entry `@hallpass/signing/redact-sentry`: redaction for Sentry, by the shape of its events only.
 *
 * @module
 */
import { redact } from './redact/redact.ts'

/**
 * For Sentry's options `beforeSend`, `beforeSendTransaction`, `beforeSendLog` and `beforeBreadcrumb`. An event that cannot be looked through
 * is `null`, and not sent.
 *
 * ```ts
 * Sentry.init({ dsn, beforeSend: redactEvent, beforeSendTransaction: redactEvent, beforeBreadcrumb: redactEvent })
 * ```
 */
export function redactEvent<Event extends object>(event: Event): Event | null {
  // What the SDK keeps for itself with an event, never sends, and JSON cannot hold.
  const { sdkProcessingMetadata, ...sent } = event as Event & {
    readonly sdkProcessingMetadata?: unknown
  }
  try {
    // Redacted JSON is JSON again: a secret ends where its string ends.
    const clean = JSON.parse(redact(JSON.stringify(sent))) as Event
    return sdkProcessingMetadata === undefined ? clean : { ...clean, sdkProcessingMetadata }
  } catch {
    return null
  }
}
