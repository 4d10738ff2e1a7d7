/** The rounds of what only an S3 server does. */
import type { Contestant } from './contestant.ts'
import { ONE_PUT } from './large.ts'
import type { LargeOperations } from './large.ts'
import { BULK_DELETE, HALLPASS_2, LIST_FOLDERS, LIST_KEYS, objectName } from './operations.ts'
import type { Operation } from './operations.ts'
import type { Results } from './results.ts'
import { copyAgain, deleteAtOnce, fillList, listTarget, putCopySource } from './s3-work.ts'
import { uploadInParts } from './s3-work.ts'
import type { S3Store } from './s3-store.ts'
import { makeBody, mibPerSecond, sendLarge, settleDisk } from './upload.ts'
import { runWrk } from './wrk.ts'

const LISTS = [LIST_KEYS, LIST_FOLDERS]

export interface S3Bench {
  readonly folder: string
  readonly contestants: readonly Contestant[]
  readonly results: Results
  readonly seconds: number
  /** How many keys the lists are of. */
  readonly keys: number
  readonly large: LargeOperations
  readonly isChosen: (operation: Operation) => boolean
  readonly attempt: Attempt
}

/** Adds what `work` resolves to, of one contestant; a peer that fails is left out of this operation from then on, and that is told. */
export type Attempt = (
  operation: Operation,
  contestant: string,
  work: () => Promise<number>,
) => Promise<void>

function storesOf(bench: S3Bench): { readonly name: string; readonly store: S3Store }[] {
  return bench.contestants.flatMap(({ name, s3 }) => (s3 === null ? [] : [{ name, store: s3 }]))
}

/** Puts there what is copied and listed. */
export async function fillForS3(bench: S3Bench): Promise<void> {
  const copies = bench.large.copies.filter(bench.isChosen)
  for (const { store } of storesOf(bench)) {
    for (const operation of copies) await putCopySource(store, operation)
    if (LISTS.some(bench.isChosen)) await fillList(store, bench.keys)
  }
}

export async function measureS3(bench: S3Bench): Promise<void> {
  const { large, seconds, keys, folder } = bench
  const measure = async (
    operation: Operation,
    rateOf: (store: S3Store) => Promise<number>,
  ): Promise<void> => {
    if (!bench.isChosen(operation)) return
    for (const { name, store } of storesOf(bench)) {
      if (operation === large.inParts) settleDisk()
      await bench.attempt(operation, name, () => rateOf(store))
    }
  }
  if (bench.isChosen(large.inParts)) await measureOnePut(bench)
  await measure(large.inParts, (store) => uploadInParts(store, large.inParts))
  for (const operation of large.copies) {
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
  const { upload, inParts } = bench.large
  const { bytes } = upload
  const url = store.presign({ method: 'PUT', key: objectName(upload, 0) })
  const body = makeBody(bytes)
  settleDisk()
  await bench.attempt(inParts, ONE_PUT, () => mibPerSecond(bytes, () => sendLarge(url, body)))
}
