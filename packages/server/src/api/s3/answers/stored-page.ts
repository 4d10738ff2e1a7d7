/** What a person sees whose browser has sent the form of a link of the server's own, where the form asks for nothing else. */
import { isLink } from '../../../core/identity.ts'
import type { Caller } from '../../../core/identity.ts'
import { nameOf } from '../../../core/paths.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import type { PostForm, S3Answer, S3Request } from '../face.ts'
import { formatPage, formatPageHeaders, formatTime, wantsPage } from './page.ts'
import type { PostResult } from './post-answer.ts'
import { formatWrittenHeaders } from './written-headers.ts'

const ASKED = ['success_action_redirect', 'redirect', 'success_action_status']

/** `null` for programs, and where the form says what is to be answered. */
export function renderStoredPage(
  { raw }: S3Request,
  { caller, fields }: { readonly caller: Caller; readonly fields: PostForm['fields'] },
  { written, checksums }: PostResult,
): S3Answer | null {
  const isOwn = isLink(caller) && caller.isOwn
  if (!isOwn || ASKED.some((name) => fields.has(name))) return null
  if (!wantsPage(raw.method, findHeader(raw.headers, 'accept'), false)) return null
  const { file } = written
  const page = formatPage({
    title: 'The file was stored',
    name: nameOf(file.key),
    paragraphs: [`All of its ${file.size} bytes have arrived. You can close this page.`],
    note: formatTime(file.modifiedAt),
  })
  const body = Buffer.from(page)
  const headers = [
    ...formatWrittenHeaders(written, checksums),
    ...formatPageHeaders(body.byteLength, 'private, no-store'),
  ]
  return { status: 200, headers, body }
}
