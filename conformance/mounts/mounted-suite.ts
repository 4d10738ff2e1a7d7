/** What a mount stands on, over a store that is not ours, whatever its kind. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { LOOPBACK, askRest, clientOf } from './mounted-world.ts'

const MIB = 1024 * 1024

/** A store of its kind that runs. */
export interface ForeignStore {
  /** `store` of a bucket: its address, below a prefix, and its credentials. */
  readonly mount: object
  stop(): Promise<void>
}

export function mountedSuite(
  name: string,
  { skip = false, start }: { readonly skip?: string | false; start(): Promise<ForeignStore> },
): void {
  describe(name, { skip }, () => {
    let foreign: ForeignStore
    let server: RunningServer
    let client: S3Client

    before(async () => {
      foreign = await start()
      server = await startServer({ storeNetworks: LOOPBACK })
      client = clientOf(server)
      const made = await askRest(server, 'PUT', '/v1/buckets/mounted', { store: foreign.mount })
      assert.equal(made.status, 201, JSON.stringify(made.json))
    })
    after(async () => {
      client.destroy()
      await server.stop()
      await foreign.stop()
    })

    async function bytesAt(Key: string, Range?: string): Promise<Buffer> {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'mounted', Key, Range }))
      return Buffer.from((await Body?.transformToByteArray()) ?? [])
    }

    test('objects are written, listed, read by range, copied and deleted', async () => {
      const bytes = randomBytes(9 * MIB)
      const said = { ContentType: 'image/png', Metadata: { a: 'b' } }
      await client.send(
        new PutObjectCommand({ Bucket: 'mounted', Key: 'x/ü 1', Body: bytes, ...said }),
      )
      for (const Key of ['x/2', 'y']) {
        await client.send(new PutObjectCommand({ Bucket: 'mounted', Key, Body: Key }))
      }
      const listed = await client.send(
        new ListObjectsV2Command({ Bucket: 'mounted', Delimiter: '/' }),
      )
      assert.deepEqual(
        listed.CommonPrefixes?.map(({ Prefix }) => Prefix),
        ['x/'],
      )
      assert.deepEqual(
        listed.Contents?.map(({ Key }) => Key),
        ['y'],
      )
      assert.ok((await bytesAt('x/ü 1')).equals(bytes))
      assert.ok((await bytesAt('x/ü 1', 'bytes=5-104')).equals(bytes.subarray(5, 105)))
      const head = await client.send(new HeadObjectCommand({ Bucket: 'mounted', Key: 'x/ü 1' }))
      assert.equal(head.ContentType, 'image/png')
      assert.deepEqual(head.Metadata, { a: 'b' })
      await client.send(
        new CopyObjectCommand({ Bucket: 'mounted', Key: 'z', CopySource: 'mounted/y' }),
      )
      assert.equal((await bytesAt('z')).toString(), 'y')
      await client.send(new DeleteObjectCommand({ Bucket: 'mounted', Key: 'z' }))
      await assert.rejects(bytesAt('z'), (error) => (error as Error).name === 'NoSuchKey')
    })

    test('what may replace nothing replaces nothing, of many at once too', async () => {
      const wish = { path: 'mounted/once', method: 'PUT', expiresIn: 60 }
      const issued = await askRest(server, 'POST', '/v1/links', wish)
      const { url, headers } = issued.json as { url: string; headers: Record<string, string> }
      const send = async (body: string): Promise<boolean> => {
        const answer = await fetch(url, { method: 'PUT', headers, body })
        await answer.text()
        return answer.ok
      }
      const sent = await Promise.all(['a', 'b', 'c', 'd'].map(send))
      assert.equal(sent.filter(Boolean).length, 1)
      const again = { Bucket: 'mounted', Key: 'once', Body: 'e', IfNoneMatch: '*' }
      await assert.rejects(
        client.send(new PutObjectCommand(again)),
        (error) => (error as Error).name === 'PreconditionFailed',
      )
    })

    test('an upload in parts becomes one object', async () => {
      const at = { Bucket: 'mounted', Key: 'large' }
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(at))
      const pieces = [randomBytes(5 * MIB), randomBytes(100)]
      const Parts: { PartNumber: number; ETag: string | undefined }[] = []
      for (const [index, Body] of pieces.entries()) {
        const PartNumber = index + 1
        const part = { ...at, UploadId, PartNumber, Body }
        const { ETag } = await client.send(new UploadPartCommand(part))
        Parts.push({ PartNumber, ETag })
      }
      const MultipartUpload = { Parts }
      await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }))
      assert.ok((await bytesAt('large')).equals(Buffer.concat(pieces)))
    })

    test('the URL that a list signs opens what it lists', async () => {
      await client.send(new PutObjectCommand({ Bucket: 'mounted', Key: 'list/a', Body: 'abc' }))
      const { json } = await askRest(server, 'GET', '/v1/files?folder=mounted/list')
      const [file] = (json as { files: { signedUrl: string }[] }).files
      const answer = await fetch(file?.signedUrl ?? '')
      assert.equal(await answer.text(), 'abc')
    })
  })
}
