/** What a person sees who opens the server's address in a browser; an S3 client gets ListBuckets there. */
import { isLink } from '../../../core/identity.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import type { S3Answer, S3Request } from '../face.ts'
import { formatPage, formatPageHeaders, wantsPage } from './page.ts'

const PAGE: Uint8Array = Buffer.from(
  formatPage({
    title: 'This is a Hallpass file server',
    name: '',
    paragraphs: [
      'Private files are handed out here by links that work for a while. If somebody sent you one, open the whole of it.',
      'S3 clients use this address as their endpoint.',
    ],
    links: [
      ['/-/docs', 'The REST API, to read'],
      ['/v1/openapi.json', 'The same for programs, as an OpenAPI document'],
    ],
    note: 'Nothing here is listed without a key.',
  }),
)

/** `null` if the caller is no browser. */
export function renderWelcome({ raw, caller }: S3Request): S3Answer | null {
  const hasCredentials = isLink(caller) || caller.kind !== 'anonymous'
  if (raw.method !== 'GET') return null
  if (!wantsPage(raw.method, findHeader(raw.headers, 'accept'), hasCredentials)) return null
  const headers = formatPageHeaders(PAGE.byteLength, 'no-cache')
  return { status: 200, headers, body: PAGE }
}
