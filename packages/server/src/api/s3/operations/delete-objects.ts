/** [S3-API] DeleteObjects: up to a thousand keys, each with its own right and its own outcome. */
import { requireBucket } from '../../../core/buckets/buckets.ts'
import { deleteFile } from '../../../core/files/files.ts'
import type { RemovedFile } from '../../../core/files/files.ts'
import { parseObjectKey } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { xmlAnswer } from '../answers/answers.ts'
import type { XmlElement } from '../answers/xml.ts'
import { describeError, isUnforeseen } from '../errors/render-error.ts'
import type { S3Answer, S3Call, S3Face, S3Request } from '../face.ts'
import { readDeletions } from '../uploads/deletion.ts'
import type { NamedDeletion } from '../uploads/deletion.ts'
import { requireVersionId } from './versioning/version-id.ts'

/** So many at once share what making them durable costs, and leave room for others. */
const AT_ONCE = 64

export async function deleteObjects(
  face: S3Face,
  { permit, request }: S3Call<'delete'>,
): Promise<S3Answer> {
  await requireBucket(face.core, permit)
  const { isQuiet, named } = await readDeletions(face, request)
  const elements: XmlElement[] = []
  for (let start = 0; start < named.length; start += AT_ONCE) {
    const some = named.slice(start, start + AT_ONCE)
    elements.push(...(await Promise.all(some.map((one) => deleteOne(face, request, one)))))
  }
  const shown = isQuiet ? elements.filter(([name]) => name === 'Error') : elements
  return xmlAnswer('DeleteResult', shown)
}

async function deleteOne(
  { core }: S3Face,
  request: S3Request,
  deletion: NamedDeletion,
): Promise<XmlElement> {
  const { key, versionId, preconditions } = deletion
  const { bucket } = request.path
  try {
    const path = { bucket, key: parseObjectKey(key) }
    const permit = await authorize(core, request.caller, 'delete', path)
    const removed = await deleteFile(core, permit, requireVersionId(versionId), preconditions)
    return ['Deleted', formatDeleted(deletion, removed)]
  } catch (error) {
    if (isUnforeseen(error)) {
      core.log.error({ err: error, requestId: request.requestId, bucket, key }, 'request failed')
    }
    const { code, message } = describeError(error, 'header')
    return [
      'Error',
      [
        ['Key', key],
        ['VersionId', versionId],
        ['Code', code],
        ['Message', message],
      ],
    ]
  }
}

/** A marker that was set has a version of its own; one that was removed is the version that was named. */
function formatDeleted(
  { key, versionId }: NamedDeletion,
  { isDeleteMarker, versionId: made }: RemovedFile,
): XmlElement[] {
  return [
    ['Key', key],
    ['VersionId', versionId],
    ['DeleteMarker', isDeleteMarker ? true : null],
    ['DeleteMarkerVersionId', isDeleteMarker ? made : null],
  ]
}
