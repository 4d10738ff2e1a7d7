/** What GetObject and HeadObject have in common: they differ in the body alone. */
import { openFile } from '../../../core/files/open-file.ts'
import { parseConditions } from '../../../http/conditions.ts'
import { parseRange } from '../../../http/range.ts'
import { findHeader } from '../../../http/raw-headers.ts'
import { amzHeader } from '../face.ts'
import type { S3Answer, S3Body, S3Face, S3Request } from '../face.ts'
import { formatObjectHeaders } from '../answers/object-headers.ts'
import { parseResponseOverrides } from '../answers/response-overrides.ts'

// Reading is not cancelled: the reader is closed when the connection ends, and a small body is there at once.
const NEVER: AbortSignal = new AbortController().signal

export async function readObject(
  face: S3Face,
  request: S3Request,
  withBody: boolean,
): Promise<S3Answer> {
  const { raw, bucket, key, caller } = request
  const overrides = parseResponseOverrides(request)
  const opened = await openFile(
    face.core,
    caller,
    {
      bucket,
      key,
      range: parseRange(findHeader(raw.headers, 'range')),
      conditions: parseConditions(raw.headers),
      withBody,
    },
    NEVER,
  )
  const { file, range } = opened
  const nowMs = face.core.clock.now()
  const headers = formatObjectHeaders({ file, range, overrides, caller, nowMs })
  if (range === null && amzHeader(request, 'x-amz-checksum-mode') === 'ENABLED') {
    const digest = Buffer.from(file.sha256, 'hex').toString('base64')
    headers.push('x-amz-checksum-sha256', digest, 'x-amz-checksum-type', 'FULL_OBJECT')
  }
  const length = range === null ? file.size : range.end - range.start + 1
  return { status: range === null ? 200 : 206, headers, body: toBody(opened.body, length) }
}

function toBody(body: Awaited<ReturnType<typeof openFile>>['body'], length: number): S3Body {
  if (body === null) return null
  return body.kind === 'bytes' ? body.bytes : { source: body.reader, length }
}
