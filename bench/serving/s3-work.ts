/** What only an S3 server does: uploads in parts, copies, lists, bulk deletions. Each says how fast it was. */
import { createHash } from 'node:crypto'
import type { Target } from './contestant.ts'
import { BULK_DELETE, CONNECTIONS, LISTED, LIST_FOLDERS, PARTS, objectName } from './operations.ts'
import type { Operation } from './operations.ts'
import { BUCKET } from './s3-store.ts'
import type { S3Store } from './s3-store.ts'
import { makeBody, mibPerSecond, sendLarge } from './upload.ts'

/** MiB a second, from beginning the upload to the end of completing it. */
export function uploadInParts(store: S3Store, operation: Operation): Promise<number> {
  const key = objectName(operation, 0)
  const part = makeBody(operation.bytes / PARTS)
  return mibPerSecond(operation.bytes, async () => {
    const begun = await store.send({ method: 'POST', key, query: { uploads: '' } })
    const uploadId = /<UploadId>([^<]+)</.exec(begun)?.[1] ?? ''
    const parts = await Promise.all(
      Array.from({ length: PARTS }, async (_, index) => {
        const query = { partNumber: String(index + 1), uploadId }
        const url = store.presign({ method: 'PUT', key, query })
        const etag = await sendLarge(url, part)
        return `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`
      }),
    )
    const body = Buffer.from(`<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`)
    const done = await store.send({ method: 'POST', key, query: { uploadId } }, body)
    requireIn(done, '<CompleteMultipartUploadResult')
  })
}

/** Copies a second. What is copied has to be there: see `putCopySource`. */
export async function copyAgain(
  store: S3Store,
  operation: Operation,
  seconds: number,
): Promise<number> {
  const source = sourceOf(operation)
  const headers = { 'x-amz-copy-source': `${BUCKET}/${source}` }
  const start = performance.now()
  let copies = 0
  while (copies === 0 || performance.now() - start < seconds * 1000) {
    const done = await store.send({ method: 'PUT', key: `${source}-copy-${copies}`, headers })
    requireIn(done, '<CopyObjectResult')
    copies += 1
  }
  const rate = copies / ((performance.now() - start) / 1000)
  const keys = Array.from({ length: copies }, (_, index) => `${source}-copy-${index}`)
  for (let at = 0; at < keys.length; at += LISTED) await remove(store, keys.slice(at, at + LISTED))
  return rate
}

export async function putCopySource(store: S3Store, operation: Operation): Promise<void> {
  const url = store.presign({ method: 'PUT', key: sourceOf(operation) })
  await sendLarge(url, makeBody(operation.bytes))
}

function sourceOf(operation: Operation): string {
  return `copy/${objectName(operation, 0)}`
}

/** Objects a second, of one request that names a thousand. */
export async function deleteAtOnce(store: S3Store): Promise<number> {
  const keys = Array.from({ length: BULK_DELETE.objects }, (_, index) => `doomed/${index}`)
  await putEach(store, keys)
  const start = performance.now()
  await remove(store, keys)
  return keys.length / ((performance.now() - start) / 1000)
}

async function remove(store: S3Store, keys: readonly string[]): Promise<void> {
  const objects = keys.map((key) => `<Object><Key>${key}</Key></Object>`).join('')
  const body = Buffer.from(`<Delete>${objects}</Delete>`)
  const md5 = createHash('md5').update(body).digest('base64')
  const headers = { 'content-md5': md5 }
  const done = await store.send({ method: 'POST', query: { delete: '' }, headers }, body)
  const deleted = done.match(/<Deleted>/g)?.length ?? 0
  if (deleted !== keys.length) throw new Error(`${deleted} of ${keys.length} deleted: ${done}`)
}

const LIST_PREFIX = 'list/'

/** `list/0000/000000000` … : a thousand folders, the keys evenly in them. */
function listedKey(index: number, count: number): string {
  const folder = Math.floor((index * LISTED) / count)
  return `${LIST_PREFIX}${String(folder).padStart(4, '0')}/${String(index).padStart(9, '0')}`
}

/** Puts so many keys there, empty. */
export function fillList(store: S3Store, count: number): Promise<void> {
  return putEach(
    store,
    Array.from({ length: count }, (_, index) => listedKey(index, count)),
  )
}

async function putEach(store: S3Store, keys: readonly string[]): Promise<void> {
  const rest = keys.values()
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (const key of rest) await store.send({ method: 'PUT', key })
    }),
  )
}

/** Pages from all over the list, or the page with all of its folders. */
export async function listTarget(
  store: S3Store,
  operation: Operation,
  count: number,
): Promise<Target> {
  const byFolder = operation === LIST_FOLDERS
  const asks = Array.from({ length: byFolder ? 1 : operation.objects }, (_, index) => {
    const first = Math.floor((index * (count - LISTED - 1)) / operation.objects)
    const where = byFolder ? { delimiter: '/' } : { 'start-after': listedKey(first, count) }
    const query = { 'list-type': '2', prefix: LIST_PREFIX, 'max-keys': String(LISTED), ...where }
    return { method: 'GET', query }
  })
  for (const ask of asks.slice(0, 1)) {
    const page = await store.send(ask)
    const found = page.match(/<Contents>|<CommonPrefixes>/g)?.length ?? 0
    if (found !== LISTED) throw new Error(`a page has ${found} of ${LISTED} entries`)
  }
  const paths = asks.map((ask) => store.presign(ask).slice(store.origin.length))
  return { origin: store.origin, paths }
}

/** An S3 server may begin with 200 before it knows that it fails. */
function requireIn(answer: string, element: string): void {
  if (!answer.includes(element)) throw new Error(`no ${element}> in ${answer.slice(0, 300)}`)
}
