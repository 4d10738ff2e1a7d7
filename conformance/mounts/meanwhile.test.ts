/** What happens to a store, or to its mount, while something is under way there. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { test } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { mountedStores } from '../../packages/server/src/compose-watched-stores.ts'
import { createStoreWatch } from '../../packages/server/src/jobs/watch-store.ts'
import { createMetrics } from '../../packages/server/src/platform/metrics.ts'
import { startFaultyStore } from '../lib/faulty-store.ts'
import type { FaultyStore } from '../lib/faulty-store.ts'
import { askRest, storeOf, withMountedBucket } from './mounted-world.ts'
import type { MountedWorld } from './mounted-world.ts'

const MIB = 1024 * 1024

/** The bucket behind is shown once more as `mid`, through a store that misbehaves. */
function withFaultyMount(
  use: (world: MountedWorld, proxy: FaultyStore) => Promise<void>,
): Promise<void> {
  return withMountedBucket(async (world) => {
    const { front, behind } = world
    const proxy = await startFaultyStore(behind.origin)
    try {
      const { credentials } = storeOf(behind, 'inner')
      const store = { url: `s3://inner?endpoint=${proxy.origin}`, credentials }
      assert.equal((await askRest(front, 'PUT', '/v1/buckets/mid', { store })).status, 201)
      await use(world, proxy)
    } finally {
      await proxy.close()
    }
  })
}

test('a bucket that is mounted again cuts no download that is under way', () =>
  withMountedBucket(async ({ front, behind, inner, outer }) => {
    const bytes = randomBytes(48 * MIB)
    await inner.send(new PutObjectCommand({ Bucket: 'inner', Key: 'k', Body: bytes }))
    const { Body } = await outer.send(new GetObjectCommand({ Bucket: 'outer', Key: 'k' }))
    const again = { store: { ...storeOf(behind, 'inner'), readOnly: true } }
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/outer', again)).status, 200)
    // Whoever comes next meets the new mount.
    assert.equal((await askRest(front, 'GET', '/v1/files?folder=outer')).status, 200)
    assert.ok(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(bytes))
  }))

test('an object that takes the place of one that is being renamed stays', () =>
  withFaultyMount(async ({ front, inner }, proxy) => {
    await inner.send(new PutObjectCommand({ Bucket: 'inner', Key: 'old', Body: 'first' }))
    const { json } = await askRest(front, 'GET', '/v1/files?folder=mid')
    const id = (json as { files: { id: string }[] }).files[0]?.id ?? ''
    const replace = { Bucket: 'inner', Key: 'old', Body: 'second' }
    proxy.choose(({ headers }) =>
      headers['x-amz-copy-source'] === undefined
        ? null
        : { kind: 'meanwhile', work: () => inner.send(new PutObjectCommand(replace)) },
    )
    const moved = await askRest(front, 'PATCH', `/v1/files/${id}`, { path: 'mid/new' })
    assert.equal(moved.status, 200, JSON.stringify(moved.json))
    const textOf = async (Key: string): Promise<string | undefined> => {
      const { Body } = await inner.send(new GetObjectCommand({ Bucket: 'inner', Key }))
      return Body?.transformToString()
    }
    assert.equal(await textOf('old'), 'second')
    assert.equal(await textOf('new'), 'first')
  }))

test('a conditional write whose answer is lost is told that it happened', () =>
  withFaultyMount(async ({ front, inner, outer }, proxy) => {
    let isLost = false
    const loseFirst = (isIt: (method: string, target: string) => boolean): void => {
      isLost = false
      proxy.choose(({ method, target }) => {
        if (isLost || !isIt(method, target)) return null
        isLost = true
        return { kind: 'lose-answer' }
      })
    }
    const isPut = (method: string): boolean => method === 'PUT'
    const put = { Bucket: 'mid', Key: 'new', Body: 'ours', IfNoneMatch: '*' }
    loseFirst(isPut)
    const { ETag } = await outer.send(new PutObjectCommand(put))
    assert.ok(isLost)
    await assert.rejects(outer.send(new PutObjectCommand(put)), /PreconditionFailed|condition/i)
    loseFirst(isPut)
    await outer.send(
      new PutObjectCommand({ Bucket: 'mid', Key: 'new', Body: 'next', IfMatch: ETag }),
    )
    const { Body } = await inner.send(new GetObjectCommand({ Bucket: 'inner', Key: 'new' }))
    assert.equal(await Body?.transformToString(), 'next')

    const upload = { Bucket: 'mid', Key: 'parts' }
    const { UploadId } = await outer.send(new CreateMultipartUploadCommand(upload))
    const part = { ...upload, UploadId, PartNumber: 1, Body: 'part' }
    const sent = await outer.send(new UploadPartCommand(part))
    loseFirst((method, target) => method === 'POST' && target.includes('uploadId'))
    const Parts = [{ PartNumber: 1, ETag: sent.ETag }]
    const complete = { ...upload, UploadId, MultipartUpload: { Parts }, IfNoneMatch: '*' }
    await outer.send(new CompleteMultipartUploadCommand(complete))
    assert.ok(isLost)
    const page = await fetch(`${front.origin}/-/metrics`, {
      headers: { authorization: `Bearer ${front.adminKey}` },
    })
    const unreachable =
      /hallpass_mount_requests_total\{operation="PutObject",outcome="unreachable"\} 2/
    assert.match(await page.text(), unreachable)
  }))

test('who may not give up an upload any more gives up nothing in the store', () =>
  withFaultyMount(async ({ front, inner, outer }) => {
    const upload = { Bucket: 'mid', Key: 'kept' }
    const { UploadId = '' } = await outer.send(new CreateMultipartUploadCommand(upload))
    const part = { ...upload, UploadId, PartNumber: 1, Body: 'x' }
    await outer.send(new UploadPartCommand(part))
    const conditions = (): Promise<{ epoch: number }> => Promise.resolve({ epoch: -1 })
    const given = await front.core.files.uploads.abort({ uploadId: UploadId, conditions })
    assert.equal(given.outcome, 'epoch-changed')
    const open = await inner.send(new ListMultipartUploadsCommand({ Bucket: 'inner' }))
    assert.equal(open.Uploads?.length, 1)
  }))

test('a part whose upload ends meanwhile leaves nothing to be paid for', () =>
  withFaultyMount(async ({ front, inner, outer }, proxy) => {
    const upload = { Bucket: 'mid', Key: 'big' }
    const { UploadId } = await outer.send(new CreateMultipartUploadCommand(upload))
    // Ended before it is known what was begun for it.
    proxy.choose(({ method, target }) =>
      method === 'POST' && target.includes('uploads')
        ? {
            kind: 'meanwhile',
            work: () => outer.send(new AbortMultipartUploadCommand({ ...upload, UploadId })),
          }
        : null,
    )
    const part = { ...upload, UploadId, PartNumber: 1, Body: 'x' }
    await assert.rejects(outer.send(new UploadPartCommand(part)), /NoSuchUpload|upload/i)
    const open = await inner.send(new ListMultipartUploadsCommand({ Bucket: 'inner' }))
    assert.deepEqual(open.Uploads ?? [], [])
    assert.equal((await askRest(front, 'GET', '/v1/files?folder=mid')).status, 200)
  }))

test('a store that refuses this server from now on is told of by the name of its bucket', () =>
  withFaultyMount(async ({ front }, proxy) => {
    const { core } = front
    const metrics = createMetrics()
    const stores = () => mountedStores(core)
    const watch = createStoreWatch({ core, metrics, everyMs: 1, stores })
    const told = async (): Promise<unknown[]> => {
      await watch.run(new AbortController().signal)
      const { json } = await askRest(front, 'GET', '/v1/alerts')
      return (json as { alerts: Record<string, unknown>[] }).alerts.map(
        ({ rule, subject, path }) => [rule, subject, path],
      )
    }
    assert.deepEqual(await told(), [])
    const body = '<Error><Code>InvalidAccessKeyId</Code></Error>'
    proxy.choose(() => ({ kind: 'say', status: 403, body }))
    assert.deepEqual(await told(), [['store-refuses', 'mid', 'mid/']])
  }))

test(
  'a copy that a store refuses leaves nothing open',
  { skip: !existsSync('/proc/self/fd') },
  () =>
    withFaultyMount(async ({ front, outer }, proxy) => {
      assert.equal((await askRest(front, 'PUT', '/v1/buckets/plain')).status, 201)
      const put = { Bucket: 'plain', Key: 'k', Body: randomBytes(24 * MIB) }
      await outer.send(new PutObjectCommand(put))
      const body = '<Error><Code>AccessDenied</Code></Error>'
      proxy.choose(() => ({ kind: 'say', status: 403, body }))
      const seen = proxy.seen.length
      const copy = { Bucket: 'mid', Key: 'k', CopySource: 'plain/k' }
      await assert.rejects(outer.send(new CopyObjectCommand(copy)))
      assert.ok(proxy.seen.length > seen)
      const open = readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(`${front.dataDir}/blobs/`)
        } catch {
          return false
        }
      })
      assert.deepEqual(open, [])
    }),
)
