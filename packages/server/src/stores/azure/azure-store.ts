/** A container of Azure Blob Storage. */
import type { ObjectStore } from '../object-store.ts'
import { createAzureCalls } from './azure-calls.ts'
import type { AzureStoreOptions } from './azure-calls.ts'
import { isAbsentBlob } from './azure-faults.ts'
import { copyObject } from './copy-object.ts'
import { listObjects } from './list-objects.ts'
import { openAzureObject, statObject } from './read-object.ts'
import { createLinkSigner } from './sign-link.ts'
import { createAzureUploads } from './uploads.ts'
import { writeObject } from './write-object.ts'

export function createAzureObjectStore(options: AzureStoreOptions): ObjectStore {
  const calls = createAzureCalls(options)
  const sign = createLinkSigner(calls)
  return {
    name: calls.name,
    stat: (key) => statObject(calls, key),
    open: (key, options) => openAzureObject(calls, key, options),
    write: (key, body, options) => writeObject(calls, { key, body }, options),
    copy: (from, to, options) => copyObject(calls, sign, { from, to }, options),
    async delete(key) {
      const answer = await calls.ask({
        operation: 'DeleteBlob',
        method: 'DELETE',
        at: { key },
        wantsText: true,
      })
      if (answer.status !== 202 && !isAbsentBlob(answer)) throw calls.faultOf(answer)
    },
    list: (options) => listObjects(calls, options),
    uploads: createAzureUploads(calls),
    sign,
    signWrite: null,
    close: () => calls.close(),
  }
}
