/** The rounds of what only an S3 server does. */
import type { Contestant } from './contestant.ts'
import {
  BULK_DELETE,
  COPIES,
  HALLPASS_2,
  LARGE_UPLOAD,
  LIST_FOLDERS,
  LIST_KEYS,
  ONE_PUT,
  PARTS_UPLOAD,
  objectName,
} from './operations.ts'
import type { Operation } from './operations.ts'
import type { Results } from './results.ts'
import { copyAgain, deleteAtOnce, fillList, listTarget, putCopySource } from './s3-work.ts'
import { uploadInParts } from './s3-work.ts'
import type { S3Store } from './s3-store.ts'
import { mibPerSecond, sendLarge } from './upload.ts'
import { runWrk } from './wrk.ts'

const LISTS = [LIST_KEYS, LIST_FOLDERS]

export interface S3Bench {
  readonly folder: string
  readonly contestants: readonly Contestant[]
  readonly results: Results
  readonly seconds: number
  /** How many keys the lists are of. */
  readonly keys: number
  readonly isChosen: (operation: Operation) => boolean
}

function storesOf(bench: S3Bench): { readonly name: string; readonly store: S3Store }[] {
  return bench.contestants.flatMap(({ name, s3 }) => (s3 === null ? [] : [{ name, store: s3 }]))
}

/** Puts there what is copied and listed. */
export async function fillForS3(bench: S3Bench): Promise<void> {
  for (const { store } of storesOf(bench)) {
    for (const operation of COPIES.filter(bench.isChosen)) await putCopySource(store, operation)
    if (LISTS.some(bench.isChosen)) await fillList(store, bench.keys)
  }
}

export async function measureS3(bench: S3Bench): Promise<void> {
  const { results, seconds, keys, folder } = bench
  const measure = async (
    operation: Operation,
    rateOf: (store: S3Store) => Promise<number>,
  ): Promise<void> => {
    if (!bench.isChosen(operation)) return
    for (const { name, store } of storesOf(bench)) {
      results.add(operation, name, await rateOf(store))
    }
  }
  if (bench.isChosen(PARTS_UPLOAD)) await measureOnePut(bench)
  await measure(PARTS_UPLOAD, (store) => uploadInParts(store, PARTS_UPLOAD))
  for (const operation of COPIES) {
    await measure(operation, (store) => copyAgain(store, operation, seconds))
  }
  for (const operation of LISTS) {
    await measure(operation, async (store) => {
      const target = await listTarget(store, operation, keys)
      const { perSecond } = await runWrk(operation, target, { folder, seconds })
      return perSecond
    })
  }
  await measure(BULK_DELETE, deleteAtOnce)
}

/** What the parts are compared with. */
async function measureOnePut(bench: S3Bench): Promise<void> {
  const store = storesOf(bench).find(({ name }) => name === HALLPASS_2)?.store
  if (store === undefined) return
  const { bytes } = LARGE_UPLOAD
  const url = store.presign({ method: 'PUT', key: objectName(LARGE_UPLOAD, 0) })
  bench.results.add(PARTS_UPLOAD, ONE_PUT, await mibPerSecond(bytes, () => sendLarge(url, bytes)))
}
