/** Makes ectoken v3 URLs, which the library itself only reads: the service is closed. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import type { EdgioRules } from '../../../src/edgio.ts'

const LISTS: readonly (readonly [name: string, rule: Exclude<keyof EdgioRules, 'clientIp'>])[] = [
  ['ec_country_allow', 'countries'],
  ['ec_country_deny', 'blockedCountries'],
  ['ec_url_allow', 'paths'],
  ['ec_url_deny', 'blockedPaths'],
  ['ec_host_allow', 'hosts'],
  ['ec_host_deny', 'blockedHosts'],
  ['ec_ref_allow', 'referrers'],
  ['ec_ref_deny', 'blockedReferrers'],
  ['ec_proto_allow', 'protocols'],
  ['ec_proto_deny', 'blockedProtocols'],
]

/** Any text as a token. */
export function sealEdgio(text: string, key: string, nonce: Uint8Array = randomBytes(12)): string {
  const cipher = createCipheriv('aes-256-gcm', createHash('sha256').update(key).digest(), nonce)
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  )
}

export interface EdgioUrl extends EdgioRules {
  readonly url: string
  readonly key: string
  readonly now: Date
  readonly expiresInSeconds: number
  readonly nonce?: Uint8Array
}

/** The URL with a token in front of its query. */
export function signEdgio({ url, key, now, expiresInSeconds, nonce, ...rules }: EdgioUrl): string {
  const fields = [`ec_expire=${Math.floor(now.getTime() / 1000) + expiresInSeconds}`]
  if (rules.clientIp !== undefined) fields.push(`ec_clientip=${rules.clientIp}`)
  for (const [name, rule] of LISTS) {
    const values = rules[rule]
    if (values !== undefined) fields.push(`${name}=${values.join(',')}`)
  }
  const [page = '', own] = url.split('?')
  return `${page}?${sealEdgio(fields.join('&'), key, nonce)}${own === undefined ? '' : `&${own}`}`
}
