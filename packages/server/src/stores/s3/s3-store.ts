/** A bucket of S3, or of anything that speaks its protocol. */
import type { ObjectStore, SignedRead, SignedWrite } from '../object-store.ts'
import { copyObject } from './copy-object.ts'
import { listObjects } from './list-objects.ts'
import { openS3Object, statObject } from './read-object.ts'
import { createS3Calls } from './s3-calls.ts'
import type { S3Calls, S3StoreOptions } from './s3-calls.ts'
import { createS3Uploads } from './uploads.ts'
import { writeObject } from './write-object.ts'

export function createS3ObjectStore(options: S3StoreOptions): ObjectStore {
  const calls = createS3Calls(options)
  const uploads = createS3Uploads(calls)
  return {
    name: calls.name,
    stat: (key) => statObject(calls, key),
    open: (key, options) => openS3Object(calls, key, options),
    write: (key, body, options) => writeObject(calls, uploads, { key, body }, options),
    copy: (from, to, options) => copyObject(calls, uploads, { from, to }, options),
    async delete(key) {
      const answer = await calls.ask({
        operation: 'DeleteObject',
        method: 'DELETE',
        key,
        wantsText: true,
      })
      const isGone = answer.status === 404 && answer.code !== 'NoSuchBucket'
      if (answer.status !== 204 && answer.status !== 200 && !isGone) throw calls.faultOf(answer)
    },
    list: (options) => listObjects(calls, options),
    uploads,
    sign: (key, link) => signRead(calls, key, link),
    signWrite: (key, link) => signWrite(calls, key, link),
    close: () => calls.close(),
  }
}

async function signRead(
  { signer, location }: S3Calls,
  key: string,
  { expiresInSeconds, responseContentType, responseContentDisposition }: SignedRead,
): Promise<URL> {
  const query = {
    ...(responseContentType !== undefined && { 'response-content-type': responseContentType }),
    ...(responseContentDisposition !== undefined && {
      'response-content-disposition': responseContentDisposition,
    }),
  }
  const { bucket, prefix } = location
  const target = { method: 'GET', bucket, key: prefix + key }
  const { url } = await signer.sign({ ...target, expiresInSeconds, query })
  return new URL(url)
}

async function signWrite(
  { signer, location }: S3Calls,
  key: string,
  { part, ...said }: SignedWrite,
): Promise<URL> {
  const query: Record<string, string> =
    part === undefined ? {} : { partNumber: `${part.number}`, uploadId: part.uploadId }
  const { bucket, prefix } = location
  const { url } = await signer.sign({ ...said, method: 'PUT', bucket, key: prefix + key, query })
  return new URL(url)
}
