/** Where blobs lie, if that is not the data directory, and with what key. The drivers read the rest of the text. */
import { createSecret } from '../platform/secret.ts'
import type { Secret } from '../platform/secret.ts'

const SCHEMES = ['s3', 'azure'] as const

export type StoreScheme = (typeof SCHEMES)[number]

/** The text of the setting; throws an `Error` whose message goes on from the name of the setting. */
export function parseBlobsUrl(text: string): string {
  schemeOfStore(text)
  return text
}

/** Throws as `parseBlobsUrl`. */
export function schemeOfStore(text: string): StoreScheme {
  const scheme = URL.parse(text)?.protocol.slice(0, -1) ?? ''
  const found = SCHEMES.find((known) => known === scheme)
  if (found !== undefined) return found
  throw new Error(`must begin with ${SCHEMES.map((known) => `${known}://`).join(' or ')}`)
}

/** Of somebody else's store, which has rules of its own for it. */
export function parseKeyIdOfStore(text: string): string {
  if (/^[\u0021-\u007E]{1,256}$/.test(text)) return text
  throw new Error('is not a key id: it holds a blank or a letter outside ASCII')
}

export function parseSecretOfStore(text: string): Secret {
  if (/^[\u0021-\u007E]{1,1024}$/.test(text)) return createSecret(text)
  throw new Error('is not a secret: it holds a blank or a letter outside ASCII')
}
