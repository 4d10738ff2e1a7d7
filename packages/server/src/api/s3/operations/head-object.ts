/** [S3-API] HeadObject: the headers of GetObject, at no use of a link. */
import type { S3Answer, S3Face, S3Request } from '../face.ts'
import { readObject } from './read-object.ts'

export function headObject(face: S3Face, request: S3Request): Promise<S3Answer> {
  return readObject(face, request, false)
}
