/**
 * Signed URLs of web frameworks and of platforms that sign with JSON Web Tokens.
 *
 * @module
 */
import { readJsonToken } from './json-token.ts'
import type { Life, Scheme } from './scheme.ts'
import { JWT, endless, has, onHost, onPath, tokenLife, until } from './scheme.ts'

const RAILS = /\/rails\/active_storage\/[\w/]{1,60}\/([\w%=+-]{16,4000})--[0-9a-f]{40,128}/
const DIGEST = /--[0-9a-f]{40,128}(?=\/|$)/g

export const rails: Scheme<'rails'> = {
  name: 'rails',
  title: 'ActiveStorage URL of Rails',
  matches: onPath(RAILS),
  life: ({ url }) => railsLife(RAILS.exec(url.path)?.[1] ?? ''),
  secrets: [],
  secretInPath: DIGEST,
}

/** A signed id, a global id or a message elsewhere in a URL: `data--digest`. */
export const railsMessage: Scheme<'rails'> = {
  name: 'rails',
  title: 'URL with a signed message of Rails',
  matches: ({ values }) => [...values.values()].some((text) => MESSAGE.test(text)),
  life: ({ values }) => railsLife([...values.values()].map(messageIn).find(Boolean) ?? ''),
  secrets: ['sgid', 'signed_id', 'token', 'confirmation_token', 'signature', 'message'],
}

const MESSAGE = /^([A-Za-z0-9+/_=-]{16,4000})--(?:[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/

function messageIn(text: string): string {
  return MESSAGE.exec(text)?.[1] ?? ''
}

/** The message of a signed id: `exp` stands in its envelope. */
function railsLife(message: string): Life {
  let text = message
  try {
    text = decodeURIComponent(message)
  } catch {
    return {}
  }
  const claims = readJsonToken(text.replace(/=+$/, ''))
  return claims === null || claims.expiresAt === null ? { isEndless: true } : claims
}

export const laravel: Scheme<'laravel'> = {
  name: 'laravel',
  title: 'signed URL of Laravel',
  matches: ({ values }) => /^[0-9a-f]{64}$/.test(values.get('signature') ?? ''),
  life: until('expires'),
  secrets: ['signature'],
  signsQuery: true,
}

export const supabase: Scheme<'supabase'> = {
  name: 'supabase',
  title: 'Supabase signed URL',
  matches: ({ url, values }) =>
    url.path.includes('/object/') && JWT.test(values.get('token') ?? ''),
  life: ({ values }) => tokenLife(values.get('token')),
  secrets: ['token'],
}

export const firebase: Scheme<'firebase'> = {
  name: 'firebase',
  title: 'Firebase download URL',
  matches: onHost(/^firebasestorage\.googleapis\.com$/i, has('token')),
  life: endless,
  secrets: ['token'],
}

/** Any URL with a JSON Web Token: Cloudflare Stream, Mux, images of GitHub, and what nobody lists. */
export const jwt: Scheme<'jwt'> = {
  name: 'jwt',
  title: 'URL with a JSON Web Token',
  matches: ({ url }) => JWT.test(url.text),
  life: ({ url }) => tokenLife(JWT.exec(url.text)?.[0]),
  secrets: [
    'token',
    'jwt',
    'access_token',
    'id_token',
    'auth',
    'authorization',
    'sig',
    'signature',
  ],
  secretInPath: new RegExp(JWT.source, 'g'),
}
