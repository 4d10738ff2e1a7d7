/** Signs messages as Standard Webhooks does: HMAC-SHA256 over id, time and body, which a receiver checks with any of its libraries. */
import { createHmac } from 'node:crypto'
import type { Random } from '../../platform/random.ts'

const SECRET_PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** `whsec_` and 32 random bytes in base64: what receivers are given. */
export function createWebhookSecret(random: Random): string {
  return SECRET_PREFIX + Buffer.from(random.bytes(SECRET_BYTES)).toString('base64')
}

export interface Message {
  /** The same for every attempt. */
  readonly id: string
  readonly body: string
}

/** The three headers. `secrets` as `createWebhookSecret` made them: each signs, so that a receiver may hold either. */
export function signMessage(
  { id, body }: Message,
  secrets: readonly string[],
  nowMs: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
