/** The fields of a form as the headers that they stand for [S3-POST-FORMS]: what a PUT says in one way, a form says in the other. */
import { encodeHeaderValue } from '../../../http/header-value.ts'
import type { PostForm, S3Request } from '../face.ts'

/** Fields with a name of their own. */
const HEADERS: Readonly<Record<string, string>> = {
  acl: 'x-amz-acl',
  'x-amz-checksum-algorithm': 'x-amz-sdk-checksum-algorithm',
}
/** What our own links carry. */
const OF_LINKS: ReadonlySet<string> = new Set(['x-hallpass-link', 'x-hallpass-ip'])

/** The request with its fields for headers, for whoever reads what an upload says of its file. */
export function toUploadRequest(request: S3Request, { fields }: PostForm): S3Request {
  const headers: string[] = []
  for (const [field, value] of fields) {
    if (OF_LINKS.has(field)) continue
    const name = Object.hasOwn(HEADERS, field) ? (HEADERS[field] ?? field) : field
    headers.push(name, encodeHeaderValue(value))
  }
  return { ...request, raw: { ...request.raw, headers }, query: [] }
}
