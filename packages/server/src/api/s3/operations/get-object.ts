/** [S3-API] GetObject: one range, conditions, response overrides. */
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { readObject } from './read-object.ts'

export function getObject(face: S3Face, call: S3Call<'read'>): Promise<S3Answer> {
  return readObject(face, call, true)
}
