/** What is downloaded: one file, and a folder of as many bytes. */
import { BUCKET } from '../serving/s3-store.ts'
import type { S3Store } from '../serving/s3-store.ts'
import { GIB, MIB } from '../serving/operations.ts'
import { makeBody, sendLarge } from '../serving/upload.ts'

export interface Filling {
  readonly bytes: number
  readonly files: number
  /** The same bytes again and again, by copies, which write nothing but rows: a few minutes and little room for any size. */
  readonly isRepeated: boolean
}

export async function fill(store: S3Store, { bytes, files, isRepeated }: Filling): Promise<void> {
  await store.send({ method: 'PUT' })
  const put = (key: string, size: number): Promise<unknown> =>
    sendLarge(store.presign({ method: 'PUT', key }), makeBody(size))
  const size = Math.ceil(bytes / files / MIB) * MIB
  if (isRepeated && bytes > GIB) await repeat(store, bytes / GIB, () => put('piece', GIB))
  else await put('plain', bytes)
  await put('folder/0', size)
  for (let index = 1; index < files; index += 1) {
    const key = `folder/${index}`
    if (isRepeated) await store.send({ method: 'PUT', key, headers: sourceOf('folder/0') })
    else await put(key, size)
  }
}

/** `plain`, in parts that are all the same piece. */
async function repeat(
  store: S3Store,
  times: number,
  putPiece: () => Promise<unknown>,
): Promise<void> {
  await putPiece()
  const key = 'plain'
  const begun = await store.send({ method: 'POST', key, query: { uploads: '' } })
  const uploadId = found(begun, /<UploadId>([^<]+)/)
  let parts = ''
  for (let number = 1; number <= times; number += 1) {
    const query = { partNumber: String(number), uploadId }
    const copied = await store.send({ method: 'PUT', key, query, headers: sourceOf('piece') })
    const etag = found(copied, /<ETag>([^<]+)/)
    parts += `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`
  }
  const body = `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`
  await store.send({ method: 'POST', key, query: { uploadId } }, Buffer.from(body))
}

function sourceOf(key: string): Readonly<Record<string, string>> {
  return { 'x-amz-copy-source': `/${BUCKET}/${key}` }
}

function found(answer: string, pattern: RegExp): string {
  const [, value] = pattern.exec(answer) ?? []
  if (value === undefined) throw new Error(`${String(pattern)} is not in ${answer}`)
  return value
}
