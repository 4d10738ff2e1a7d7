/** A bucket of Google Cloud Storage. */
import { createGcsAsyncSigner } from '@hallpass/signing/gcs'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { ObjectStore, SignedRead } from '../object-store.ts'
import { copyObject } from './copy-object.ts'
import { deleteObject } from './delete-object.ts'
import { createGcsCalls } from './gcs-calls.ts'
import type { GcsCalls, GcsStoreOptions } from './gcs-calls.ts'
import { listObjects } from './list-objects.ts'
import { PARTS } from './part-objects.ts'
import { openGcsObject, statObject } from './read-object.ts'
import { createGcsUploads } from './uploads.ts'
import { writeObject } from './write-object.ts'

export function createGcsObjectStore(options: GcsStoreOptions): ObjectStore {
  const calls = createGcsCalls(options)
  const uploads = createGcsUploads(calls)
  return {
    name: calls.name,
    stat: async (key) => (isOwn(key) ? null : statObject(calls, key)),
    open: async (key, options) => (isOwn(key) ? null : openGcsObject(calls, key, options)),
    write: async (key, body, options) =>
      writeObject(calls, { key: foreign(calls, key), body }, options),
    copy: async (from, to, options) =>
      isOwn(from) ? null : copyObject(calls, { from, to: foreign(calls, to) }, options),
    delete: async (key) => deleteObject(calls, foreign(calls, key)),
    list: (options) => listObjects(calls, options),
    uploads: {
      ...uploads,
      create: async (key, headers) => uploads.create(foreign(calls, key), headers),
    },
    sign: (key, link) => signRead(calls, key, link),
    // What such a URL says of a length is compared by the uploader's own header alone, and parts have no URLs at all.
    signWrite: null,
    close: () => calls.close(),
  }
}

/** Parts on their way are no objects, and who could write there would write into uploads of others. */
function isOwn(key: string): boolean {
  return key.startsWith(PARTS)
}

function foreign({ name }: GcsCalls, key: string): string {
  if (!isOwn(key)) return key
  throw storeUnavailable(`${name}: keys that begin with ${PARTS} are for parts of uploads.`)
}

async function signRead(
  { location, credentials, clock }: GcsCalls,
  key: string,
  { expiresInSeconds, responseContentType, responseContentDisposition }: SignedRead,
): Promise<URL> {
  const { bucket, prefix, endpoint } = location
  const now = (): Date => new Date(clock.now())
  const signer = createGcsAsyncSigner({ key: await credentials.signingKey(), now })
  const query = {
    ...(responseContentType !== undefined && { 'response-content-type': responseContentType }),
    ...(responseContentDisposition !== undefined && {
      'response-content-disposition': responseContentDisposition,
    }),
  }
  const target = { bucket, object: prefix + key, endpoint }
  const { url } = await signer.sign({ ...target, method: 'GET', expiresInSeconds, query })
  return new URL(url)
}
