/** Where the word on end users comes from: the audiences, the issuer's keys, and the application that is asked. */
import { createSecret } from '../platform/secret.ts'
import type { Secret } from '../platform/secret.ts'

/** Each throws a plain `Error` whose message completes "HALLPASS_TOKEN_… ". */
export function parseAudiences(text: string): string[] {
  const audiences = text.split(',').map((item) => item.trim())
  if (audiences.includes('')) throw new Error('names an empty audience; one comma separates two')
  return audiences
}

/** As the provider writes itself: a slash at the end more or less is another one. */
export function parseIssuerUrl(text: string): string {
  const href = parseKeysUrl(text)
  if (/[?#]/.test(text)) throw new Error('has a query or a fragment')
  return text.endsWith('/') ? href : href.replace(/\/$/, '')
}

/** Whoever changes the keys on the way could sign any token: without TLS they come from this machine alone. */
export function parseKeysUrl(text: string): string {
  const url = URL.parse(text)
  const isHere = url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isHere))) {
    throw new Error('is not an https:// address, or an http:// address of this machine')
  }
  return withoutCredentials(url)
}

/** Whether it may be connected to, and without TLS, is looked at each time. */
export function parseAuthorizerUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error('is not an http:// or https:// address')
  }
  return withoutCredentials(url)
}

function withoutCredentials(url: URL): string {
  if (url.username !== '' || url.password !== '') throw new Error('holds a user name or password')
  return url.href
}

const MIN_KEY_BYTES = 24

/** As Standard Webhooks writes them. */
export function parseWebhookSecret(text: string): Secret {
  const [, base64 = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  if (Buffer.from(base64, 'base64').length < MIN_KEY_BYTES) {
    throw new Error(
      `is not whsec_ and at least ${MIN_KEY_BYTES} random bytes in base64: echo "whsec_$(openssl rand -base64 32)" makes one`,
    )
  }
  return createSecret(text)
}
