/** [S3-API] HeadObject: the headers of GetObject, at no use of a link. */
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { readObject } from './read-object.ts'

export function headObject(face: S3Face, call: S3Call<'read'>): Promise<S3Answer> {
  return readObject(face, call, false)
}
