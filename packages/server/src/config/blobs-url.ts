/** Where blobs lie, if that is not the data directory, and with what key. The drivers read the rest of the text. */
import { createSecret } from '../platform/secret.ts'
import type { Secret } from '../platform/secret.ts'

const SCHEMES = ['s3'] as const

/** The text of the setting; throws an `Error` whose message goes on from the name of the setting. */
export function parseBlobsUrl(text: string): string {
  const url = URL.parse(text)
  const scheme = url?.protocol.slice(0, -1) ?? ''
  if (!SCHEMES.some((known) => known === scheme)) {
    throw new Error(`must begin with ${SCHEMES.map((known) => `${known}://`).join(' or ')}`)
  }
  return text
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
