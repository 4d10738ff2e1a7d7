/** What may be mounted, by whom, and what becomes of a mount when its store goes away or it is taken back. */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import { startServer, withServer } from '../lib/start-server.ts'
import { waitUntil } from '../lib/patience.ts'
import { LOOPBACK, askRest, clientOf, storeOf, withMountedBucket } from './mounted-world.ts'
import type { RestAnswer } from './mounted-world.ts'

function codeOf({ json }: RestAnswer): unknown {
  return (json as { code?: unknown }).code
}

const NOWHERE = { accessKeyId: 'AK', secretAccessKey: 'not-a-secret-of-anybody' }

test('credentials are shown nowhere again, and the store is', () =>
  withMountedBucket(async ({ front, url }) => {
    const { secretAccessKey } = front.credentials
    for (const path of ['/v1/buckets', '/v1/buckets/outer', '/v1/events']) {
      const answer = await askRest(front, 'GET', path)
      assert.equal(answer.status, 200)
      assert.ok(!JSON.stringify(answer.json).includes(secretAccessKey), path)
    }
    const { json } = await askRest(front, 'GET', '/v1/buckets/outer')
    assert.deepEqual((json as { store: unknown }).store, { url, readOnly: false })
    assert.ok(!front.logText().includes(secretAccessKey))
  }))

test('a mount that reaches into another one is refused, and one beside it is not', () =>
  withMountedBucket(async ({ front, behind }) => {
    const { url, credentials } = storeOf(behind, 'inner')
    const deep = url.replace('s3://inner', 's3://inner/deep/er')
    const same = await askRest(front, 'PUT', '/v1/buckets/again', { store: { url, credentials } })
    assert.equal(same.status, 409)
    assert.equal(codeOf(same), 'mount-overlaps')
    const below = { store: { url: deep, credentials } }
    assert.equal(codeOf(await askRest(front, 'PUT', '/v1/buckets/again', below)), 'mount-overlaps')
    assert.equal((await askRest(front, 'DELETE', '/v1/buckets/outer')).status, 204)
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/again', below)).status, 201)
    const beside = url.replace('s3://inner', 's3://inner/deep/error')
    const other = { store: { url: beside, credentials } }
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/beside', other)).status, 201)
  }))

test('a store at an address that is not public is refused unless the operator allowed it', () =>
  withServer(async (server) => {
    for (const endpoint of [
      'http://127.0.0.1:9000',
      'https://127.0.0.1:9000',
      'http://169.254.169.254',
      'http://10.1.2.3',
      'http://[::1]:9000',
      'http://[::ffff:169.254.169.254]',
      'https://localhost',
      'http://2130706433',
    ]) {
      const store = { url: `s3://some-bucket?endpoint=${endpoint}`, credentials: NOWHERE }
      const answer = await askRest(server, 'PUT', '/v1/buckets/ssrf', { store })
      assert.equal(answer.status, 400, endpoint)
      assert.equal(codeOf(answer), 'store-refused', endpoint)
      assert.match(
        JSON.stringify(answer.json),
        /may not connect.*HALLPASS_STORE_NETWORKS/,
        endpoint,
      )
    }
    const gone = await askRest(server, 'GET', '/v1/buckets/ssrf')
    assert.equal(gone.status, 404)
  }))

test('a store that redirects is not followed', async () => {
  const redirecting = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.end(
        'HTTP/1.1 307 Temporary Redirect\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\n\r\n',
      )
    })
  })
  await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.1', resolve))
  const address = redirecting.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    await withServer(
      async (server) => {
        const url = `s3://some-bucket?endpoint=http://127.0.0.1:${port}`
        const store = { url, credentials: NOWHERE }
        const answer = await askRest(server, 'PUT', '/v1/buckets/astray', { store })
        assert.equal(codeOf(answer), 'store-refused')
        assert.match(JSON.stringify(answer.json), /not followed/)
      },
      { storeNetworks: LOOPBACK },
    )
  } finally {
    redirecting.close()
  }
})

test('what cannot be a store is refused with what is wrong', () =>
  withMountedBucket(async ({ front, behind }) => {
    const { url, credentials } = storeOf(behind, 'inner')
    const mount = (name: string, store: object): Promise<RestAnswer> =>
      askRest(front, 'PUT', `/v1/buckets/${name}`, { store })
    for (const wrong of [
      'http://example.com/bucket',
      's3://',
      's3://AK:secret@bucket',
      's3://bucket?endpoint=ftp://x',
      's3://bucket?nonsense=1',
    ]) {
      const answer = await mount('wrong', { url: wrong, credentials })
      assert.equal(codeOf(answer), 'store-refused', wrong)
      assert.ok(!JSON.stringify(answer.json).includes('secret@'), wrong)
    }
    const stranger = await mount('wrong', { url: url.replace('inner', 'none-there'), credentials })
    assert.match(JSON.stringify(stranger.json), /there is no such bucket/)
    const badKey = { ...credentials, secretAccessKey: 'wrong-but-never-shown' }
    const refused = await mount('wrong', {
      url: url.replace('inner', 'inner/x'),
      credentials: badKey,
    })
    assert.equal(codeOf(refused), 'mount-overlaps')
    assert.equal((await askRest(front, 'DELETE', '/v1/buckets/outer')).status, 204)
    const again = await mount('wrong', { url, credentials: badKey })
    assert.equal(codeOf(again), 'store-refused')
    assert.match(JSON.stringify(again.json), /refuses the credentials/)
    assert.ok(!JSON.stringify(again.json).includes(badKey.secretAccessKey))
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/taken')).status, 201)
    assert.equal(codeOf(await mount('taken', { url, credentials })), 'bucket-exists')
  }))

test('only who administers the instance mounts', () =>
  withServer(async (server) => {
    const key = await askRest(server, 'POST', '/v1/api-keys', {
      name: 'of one bucket',
      actions: ['read', 'write', 'delete', 'list', 'share', 'admin'],
      pathPrefix: 'mine/',
    })
    assert.equal(key.status, 201, JSON.stringify(key.json))
    const { key: adminKey } = key.json as { key: string }
    const store = { url: 's3://some-bucket', credentials: NOWHERE }
    const answer = await askRest({ ...server, adminKey }, 'PUT', '/v1/buckets/mine', { store })
    assert.equal(answer.status, 403)
  }))

test('a read-only mount takes no write, by any way in', () =>
  withMountedBucket(
    async ({ front, inner, outer }) => {
      const at = { Bucket: 'outer', Key: 'k', Body: 'x' }
      await inner.send(new PutObjectCommand({ Bucket: 'inner', Key: 'k', Body: 'mine' }))
      await assert.rejects(outer.send(new PutObjectCommand(at)), /read only/)
      const link = await askRest(front, 'POST', '/v1/links', { path: 'outer/n', method: 'PUT' })
      assert.equal(codeOf(link), 'bucket-read-only')
      const { json } = await askRest(front, 'GET', '/v1/files?folder=outer')
      const [{ id } = { id: '' }] = (json as { files: { id: string }[] }).files
      assert.equal(codeOf(await askRest(front, 'DELETE', `/v1/files/${id}`)), 'bucket-read-only')
      const move = await askRest(front, 'PATCH', `/v1/files/${id}`, { path: 'outer/z' })
      assert.equal(codeOf(move), 'bucket-read-only')
      const plan = await askRest(front, 'POST', '/v1/uploads', { path: 'outer/u', size: 3 })
      assert.equal(codeOf(plan), 'bucket-read-only')
      const { Body } = await outer.send(new GetObjectCommand({ Bucket: 'outer', Key: 'k' }))
      assert.equal(await Body?.transformToString(), 'mine')
    },
    { readOnly: true },
  ))

test('quarantine and quotas are refused where no transaction can keep them', () =>
  withMountedBucket(async ({ front }) => {
    for (const policy of [{ maxTotalBytes: 100 }, { maxFiles: 3 }]) {
      const answer = await askRest(front, 'PUT', '/v1/folders/outer/in', { policy })
      assert.equal(codeOf(answer), 'mount-limited', JSON.stringify(answer.json))
    }
    const fine = await askRest(front, 'PUT', '/v1/folders/outer/in', { policy: { maxBytes: 100 } })
    assert.equal(fine.status, 200)
  }))

test('mounted again at the same place it has the new settings, and unmounted its objects stay', () =>
  withMountedBucket(async ({ front, behind, inner, outer }) => {
    const store = storeOf(behind, 'inner')
    const put = { Bucket: 'outer', Key: 'k', Body: 'x' }
    await outer.send(new PutObjectCommand(put))
    const locked = { store: { ...store, readOnly: true } }
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/outer', locked)).status, 200)
    await assert.rejects(outer.send(new PutObjectCommand(put)), /read only/)
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/outer', { store })).status, 200)
    await outer.send(new PutObjectCommand(put))
    assert.equal((await askRest(front, 'DELETE', '/v1/buckets/outer')).status, 204)
    assert.equal((await askRest(front, 'GET', '/v1/buckets/outer')).status, 404)
    const left = await inner.send(new ListObjectsV2Command({ Bucket: 'inner' }))
    assert.deepEqual(
      left.Contents?.map(({ Key }) => Key),
      ['k'],
    )
    // A bucket of the server's own under the name shows nothing of what was mounted there.
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/outer')).status, 201)
    const own = await outer.send(new ListObjectsV2Command({ Bucket: 'outer' }))
    assert.equal(own.KeyCount, 0)
  }))

test('a store that is away is 503 with Retry-After, and heals by itself', async () => {
  const behind = await startServer()
  const relay = createServer()
  const front = await startServer({ storeNetworks: LOOPBACK })
  const outer = clientOf(front)
  let isThere = true
  const { connect } = await import('node:net')
  relay.on('connection', (socket) => {
    socket.on('error', () => undefined)
    if (!isThere) return void socket.destroy()
    const upstream = connect(behind.port, '127.0.0.1')
    upstream.on('error', () => socket.destroy())
    socket.pipe(upstream).pipe(socket)
    open.add(socket)
  })
  const open = new Set<{ destroy(): unknown }>()
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const address = relay.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    assert.equal((await askRest(behind, 'PUT', '/v1/buckets/inner')).status, 201)
    const { credentials } = storeOf(behind, 'inner')
    const store = { url: `s3://inner?endpoint=http://127.0.0.1:${port}`, credentials }
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/outer', { store })).status, 201)
    await outer.send(new PutObjectCommand({ Bucket: 'outer', Key: 'k', Body: 'x' }))
    isThere = false
    for (const socket of open) socket.destroy()
    const listed = await askRest(front, 'GET', '/v1/files?folder=outer')
    assert.equal(listed.status, 503)
    assert.notEqual(listed.headers.get('retry-after'), null)
    assert.equal(codeOf(listed), 'store-unavailable')
    // Nothing of the others depends on it.
    assert.equal((await askRest(front, 'PUT', '/v1/buckets/plain')).status, 201)
    isThere = true
    await waitUntil(async () => {
      return (await askRest(front, 'GET', '/v1/files?folder=outer')).status === 200
    })
  } finally {
    outer.destroy()
    relay.close()
    for (const socket of open) socket.destroy()
    await front.stop()
    await behind.stop()
  }
})
