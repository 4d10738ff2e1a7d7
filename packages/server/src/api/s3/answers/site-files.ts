/**
 * The two files that browsers and robots look for at the top of every site. Buckets may bear these names; what nobody signed for
 * could not list such a bucket anyway.
 */
import { isLink } from '../../../core/identity.ts'
import type { S3Answer, S3Request } from '../face.ts'
import { drawIcon } from './icon.ts'

const ROBOTS: Uint8Array = Buffer.from('User-agent: *\nDisallow: /\n')
const ICON: Uint8Array = drawIcon()

const FILES: Readonly<Record<string, readonly [type: string, body: Uint8Array]>> = {
  '/favicon.ico': ['image/x-icon', ICON],
  '/robots.txt': ['text/plain; charset=utf-8', ROBOTS],
}

/** `null` for everything else, and for whoever brings credentials. */
export function renderSiteFile({ raw, caller }: S3Request): S3Answer | null {
  if (isLink(caller) || caller.kind !== 'anonymous') return null
  if (raw.method !== 'GET' && raw.method !== 'HEAD') return null
  const [type, body] = (Object.hasOwn(FILES, raw.target) ? FILES[raw.target] : null) ?? []
  if (type === undefined || body === undefined) return null
  const headers = [
    'Content-Type',
    type,
    'Content-Length',
    String(body.byteLength),
    'X-Content-Type-Options',
    'nosniff',
    'Cache-Control',
    'public, max-age=86400',
  ]
  return { status: 200, headers, body }
}
