/** [S3-API] DeleteObject: deleting what is not there succeeds too, unless something is asked of it. */
import { deleteFile } from '../../../core/files/files.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { parseDeleteConditions } from '../uploads/upload-conditions.ts'
import { parseVersionId } from './versioning/version-id.ts'

export async function deleteObject(
  face: S3Face,
  { permit, request }: S3Call<'delete'>,
): Promise<S3Answer> {
  const asked = parseVersionId(request)
  const conditions = parseDeleteConditions(request)
  const { versionId, isDeleteMarker } = await deleteFile(face.core, permit, asked, conditions)
  const headers: string[] = []
  if (isDeleteMarker) headers.push('x-amz-delete-marker', 'true')
  if (versionId !== null) headers.push('x-amz-version-id', versionId)
  return emptyAnswer(204, headers)
}
