/** `POST s3/multipart/ID/complete`: makes the file of its parts. */
import { MAX_PARTS } from '../../platform/s3-limits.ts'
import { publicFileUrl } from '../../core/links/sign.ts'
import type { NamedPart } from '../../core/uploads/check-parts.ts'
import { completeUpload as complete } from '../../core/uploads/complete-upload.ts'
import type { PageAnswer } from '../answer-exchange.ts'
import { admitEnding } from './admit.ts'
import { invalid, isObject, readJson } from './read-json.ts'
import type { JsonObject } from './read-json.ts'
import { jsonAnswer } from './uppy-context.ts'
import type { UppyCall, UppyContext } from './uppy-context.ts'

export async function completeUpload(context: UppyContext, call: UppyCall): Promise<PageAnswer> {
  const { core } = context
  const parts = readParts(await readJson(call.page))
  const { permit } = await admitEnding(context, call)
  await complete(core, permit, {
    uploadId: call.uploadId,
    parts,
    claims: { size: null, checksumType: null, checksum: null },
  })
  const { bucket, key } = permit.path
  return jsonAnswer({ location: publicFileUrl(core, permit.path), key, bucket })
}

function readParts({ parts }: JsonObject): readonly NamedPart[] {
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > MAX_PARTS) {
    throw invalid('parts', `it must list 1 to ${MAX_PARTS} parts`)
  }
  return parts.map((part: unknown) => readPart(part))
}

/** With or without quotes: clients take them off those that they were answered, and not off those that were listed. */
const ETAG = /^"?([0-9a-f]{32})"?$/i

function readPart(part: unknown): NamedPart {
  const { PartNumber: number, ETag: tag } = isObject(part) ? part : {}
  const [, etag = null] = typeof tag === 'string' ? (ETAG.exec(tag) ?? []) : []
  const isNumber = typeof number === 'number' && Number.isInteger(number)
  if (isNumber && number >= 1 && number <= MAX_PARTS && etag !== null) {
    return { number, etag: etag.toLowerCase(), checksum: null }
  }
  throw invalid(
    'parts',
    `each has a PartNumber from 1 to ${MAX_PARTS} and the ETag that it was answered`,
  )
}
