/** [S3-API] GetObject: one range, conditions, response overrides. */
import type { S3Answer, S3Face, S3Request } from '../face.ts'
import { readObject } from './read-object.ts'

export function getObject(face: S3Face, request: S3Request): Promise<S3Answer> {
  return readObject(face, request, true)
}
