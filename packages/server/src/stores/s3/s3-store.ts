/** A bucket of S3, or of anything that speaks its protocol. */
import type { ObjectStore, SignedLink } from '../object-store.ts'
import { copyObject } from './copy-object.ts'
import { listObjects } from './list-objects.ts'
import { openObject, statObject } from './read-object.ts'
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
    open: (key, options) => openObject(calls, key, options),
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
    sign: (key, link) => signLink(calls, key, link),
    close: () => calls.close(),
  }
}

async function signLink(
  { signer, location }: S3Calls,
  key: string,
  link: SignedLink,
): Promise<URL> {
  const { method, expiresInSeconds, part } = link
  const query: Record<string, string> = {}
  if (link.responseContentType !== undefined) {
    query['response-content-type'] = link.responseContentType
  }
  if (link.responseContentDisposition !== undefined) {
    query['response-content-disposition'] = link.responseContentDisposition
  }
  if (part !== undefined) {
    query['partNumber'] = `${part.number}`
    query['uploadId'] = part.uploadId
  }
  const { url } = await signer.sign({
    method,
    bucket: location.bucket,
    key: location.prefix + key,
    expiresInSeconds,
    query,
    contentType: link.contentType,
    contentLength: link.contentLength,
    checksumSha256: link.checksumSha256,
  })
  return new URL(url)
}
