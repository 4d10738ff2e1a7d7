/** The answer to a form, as the form asked for it [S3-POST-FORMS]: nothing, a document, or another page. */
import { percentEncode } from '@hallpass/signing/encoding'
import type { ChecksumAlgorithm, FileRecord } from '../../../catalog/records.ts'
import type { CoreContext } from '../../../core/context.ts'
import type { WrittenFile } from '../../../core/files/write-file.ts'
import { parsePageAddress } from '../../../core/links/page-address.ts'
import { publicFileUrl } from '../../../core/links/sign.ts'
import type { PostForm, S3Answer } from '../face.ts'
import { emptyAnswer } from './answers.ts'
import { formatWrittenHeaders } from './written-headers.ts'
import { formatXmlDocument } from './xml.ts'

export interface PostResult {
  readonly written: WrittenFile
  readonly checksums: readonly ChecksumAlgorithm[]
}

export function formatPostAnswer(
  core: Pick<CoreContext, 'filesUrl'>,
  fields: PostForm['fields'],
  { written, checksums }: PostResult,
): S3Answer {
  const { file } = written
  const headers = formatWrittenHeaders(written, checksums)
  const page = findRedirect(fields)
  if (page !== null) return emptyAnswer(303, [...headers, 'Location', addResult(page, file)])
  const location = publicFileUrl(core, file)
  headers.push('Location', location)
  switch (fields.get('success_action_status')) {
    case '200':
      return emptyAnswer(200, headers)
    case '201':
      return describe(file, location, headers)
    default:
      return emptyAnswer(204, headers)
  }
}

function describe(file: FileRecord, location: string, headers: readonly string[]): S3Answer {
  const document = formatXmlDocument(
    'PostResponse',
    [
      ['Location', location],
      ['Bucket', file.bucket],
      ['Key', file.key],
      ['ETag', `"${file.etag}"`],
    ],
    null,
  )
  const body = Buffer.from(document)
  const type = ['Content-Type', 'application/xml', 'Content-Length', String(body.byteLength)]
  return { status: 201, headers: [...headers, ...type], body }
}

/** Where the browser is to go; what is no address of a page counts as if it were not there. */
function findRedirect(fields: PostForm['fields']): URL | null {
  return parsePageAddress(fields.get('success_action_redirect') ?? fields.get('redirect') ?? '')
}

/** The page learns from its address what was stored. */
function addResult(page: URL, { bucket, key, etag }: FileRecord): string {
  const result = Object.entries({ bucket, key, etag: `"${etag}"` })
  const query = result.map(([name, value]) => `${name}=${percentEncode(value)}`).join('&')
  const url = new URL(page)
  url.search = url.search === '' ? query : `${url.search.slice(1)}&${query}`
  return url.href
}
