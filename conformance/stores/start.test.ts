/** `HALLPASS_BLOBS` as a person sets it. The object store is another Hallpass, which is there on every machine. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { TestContext } from 'node:test'
import { startOwnServer } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import type { OwnServer } from '../../packages/server/test/stores/s3/s3-fixture.ts'
import { startFaultyStore } from '../lib/faulty-store.ts'
import { waitUntil } from '../lib/patience.ts'
import { makeDataDir, spawnHallpass } from '../start/spawn-server.ts'
import type { Spawned } from '../start/spawn-server.ts'

const ADMIN_KEY = 'hp_stores_0123456789abcdefghijklmnopqrstuvwxyz'
const LARGE = new Uint8Array(100_000).fill(7)

type Env = Readonly<Record<string, string>>

function serve(t: TestContext, dataDir: string, env: Env, ...words: readonly string[]): Spawned {
  return spawnHallpass(t, ['serve', ...words], {
    HALLPASS_DATA_DIR: dataDir,
    HALLPASS_PORT: '0',
    HALLPASS_ADMIN_KEY: ADMIN_KEY,
    ...env,
  })
}

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
}

async function call(url: string, path: string, init: Asked = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${ADMIN_KEY}`, ...init.headers }
  return fetch(`${url}${path}`, { ...init, headers })
}

/** Stores a file that is too large for the catalog. */
async function put(url: string, name: string): Promise<void> {
  const body = '{}'
  const headers = { 'content-type': 'application/json' }
  await (await call(url, '/v1/buckets/acme', { method: 'PUT', headers, body })).text()
  const answer = await call(url, `/v1/files?path=acme/${name}`, { method: 'PUT', body: LARGE })
  assert.equal(answer.status, 201, await answer.text())
}

/** Through its signed URL. */
async function get(url: string, name: string): Promise<Response> {
  const listed = await call(url, '/v1/files?folder=acme')
  const { files } = (await listed.json()) as { files: { path: string; signedUrl: string }[] }
  const file = files.find(({ path }) => path === `acme/${name}`)
  return fetch(file?.signedUrl ?? assert.fail(`there is no ${name}`))
}

async function end(server: Spawned): Promise<void> {
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 0, server.stderr())
}

async function refused(server: Spawned, exitCode = 2): Promise<string> {
  assert.equal(await server.exited, exitCode, server.stderr())
  assert.doesNotMatch(server.stderr(), /\n {4}at /)
  return server.stderr()
}

describe('files in an object store', () => {
  let own: OwnServer
  before(async () => {
    own = await startOwnServer()
  })
  after(() => own.server.stop())

  const blobsAt = (prefix: string, origin = own.origin): Env => ({
    HALLPASS_BLOBS: `s3://${own.bucket}/${prefix}?endpoint=${origin}`,
    HALLPASS_BLOBS_ACCESS_KEY_ID: own.credentials.accessKeyId,
    HALLPASS_BLOBS_SECRET_ACCESS_KEY: own.credentials.secretAccessKey,
  })
  const newPrefix = (): string => randomBytes(6).toString('hex')

  test('the checklist says whether strangers reach the bucket', async (t) => {
    const prefix = newPrefix()
    const server = serve(t, makeDataDir(t), blobsAt(prefix))
    const url = await server.ready()
    const seen = async (): Promise<string | undefined> => {
      const answer = await call(url, '/v1/checklist')
      const { items } = (await answer.json()) as {
        items: { id: string; findings: { id: string; status: string }[] }[]
      }
      const openness = items.find(({ id }) => id === 'openness')
      return openness?.findings.find(({ id }) => id === 'blobs')?.status
    }
    const publish = async (visibility: string): Promise<void> => {
      const body = JSON.stringify({ visibility })
      const headers = {
        authorization: `Bearer ${own.server.adminKey}`,
        'content-type': 'application/json',
      }
      const target = `${own.origin}/v1/folders/${own.bucket}/${prefix}`
      const answer = await fetch(target, { method: 'PUT', headers, body })
      assert.equal(answer.status, 200, await answer.text())
    }
    assert.equal(await seen(), 'passed')
    await publish('public')
    assert.equal(await seen(), 'failed')
    await publish('private')
    assert.equal(await seen(), 'passed')
    await end(server)
  })

  for (const words of [[], ['--workers', '2']]) {
    test(`${words.join(' ') || 'one process'}: large files lie there, and in no folder`, async (t) => {
      const dataDir = makeDataDir(t)
      const env = blobsAt(newPrefix())
      const first = serve(t, dataDir, env, ...words)
      const url = await first.ready()
      await put(url, 'large.bin')
      assert.deepEqual(new Uint8Array(await (await get(url, 'large.bin')).arrayBuffer()), LARGE)
      assert.equal(existsSync(join(dataDir, 'blobs')), false)
      const metrics = await (await call(url, '/-/metrics')).text()
      assert.match(
        metrics,
        /hallpass_store_requests_total\{operation="PutObject",outcome="ok"\} \d/,
      )
      await end(first)
      const second = await serve(t, dataDir, env, ...words).ready()
      assert.equal((await get(second, 'large.bin')).status, 200)
    })
  }

  test('a store where another installation keeps its files is refused', async (t) => {
    const env = blobsAt(newPrefix())
    await end(await started(serve(t, makeDataDir(t), env)))
    const reason = await refused(serve(t, makeDataDir(t), env))
    assert.match(reason, /where another installation keeps its files/)
  })

  test('a catalog is not opened without the store that has its files', async (t) => {
    const dataDir = makeDataDir(t)
    const prefix = newPrefix()
    const first = serve(t, dataDir, blobsAt(prefix))
    await put(await first.ready(), 'large.bin')
    await end(first)
    const forgotten = await refused(serve(t, dataDir, {}))
    assert.match(
      forgotten,
      new RegExp(`HALLPASS_BLOBS is not set, and .* lie in s3://stored/${prefix}`),
    )
    const moved = await refused(serve(t, dataDir, blobsAt(newPrefix())))
    assert.match(moved, /where the files of this catalog are not/)
  })

  test('what cannot be a store is refused, and says why', async (t) => {
    const refusals: readonly (readonly [Env, RegExp])[] = [
      [
        { HALLPASS_BLOBS: 'ftp://bucket' },
        /HALLPASS_BLOBS must begin with s3:\/\/, gs:\/\/, azure:\/\//,
      ],
      [
        { HALLPASS_BLOBS: 's3://bucket?endpont=x' },
        /has the parameter endpont; known are endpoint/,
      ],
      [{ HALLPASS_BLOBS: 's3://key:secret@bucket' }, /must hold no credentials/],
      [{ ...blobsAt('a'), HALLPASS_BLOBS_ACCESS_KEY_ID: '' }, /must be set together/],
      [
        { ...blobsAt('a'), HALLPASS_BLOBS: `s3://missing?endpoint=${own.origin}` },
        /there is no such bucket/,
      ],
      [
        { ...blobsAt('a'), HALLPASS_BLOBS_SECRET_ACCESS_KEY: 'of/somebody+else' },
        /refuses the credentials or what they may do \(SignatureDoesNotMatch\)/,
      ],
    ]
    for (const [env, reason] of refusals) {
      const said = await refused(serve(t, makeDataDir(t), env))
      assert.match(said, reason)
      assert.doesNotMatch(said, /of\/somebody|key:secret/)
    }
  })

  test('a store that cannot answer now ends the start in another way', async (t) => {
    const said = await refused(serve(t, makeDataDir(t), blobsAt('a', 'http://127.0.0.1:9')), 3)
    assert.match(said, /s3:\/\/stored\/a does not answer \(ECONNREFUSED\)/)
  })

  test('a machine that never says what it is allowed is told what is waited for, and not waited for long', async (t) => {
    const metadata = createServer(() => undefined)
    metadata.listen(0, '127.0.0.1')
    await once(metadata, 'listening')
    t.after(() => {
      metadata.closeAllConnections()
      metadata.close()
    })
    const { port } = metadata.address() as AddressInfo
    const said = await refused(
      serve(t, makeDataDir(t), {
        HALLPASS_BLOBS: 'azure://account/container?endpoint=http://127.0.0.1:9/account',
        AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${port}`,
      }),
      3,
    )
    assert.match(said, /looked for on this machine.*waiting for the object store/)
    assert.match(said, /Entra gave no token .* \(nothing within 15 seconds\)/)
  })

  test('a store that goes away is 503 for what lies there, and comes back by itself', async (t) => {
    const proxy = await startFaultyStore(own.origin)
    t.after(() => proxy.close())
    const url = await serve(t, makeDataDir(t), blobsAt(newPrefix(), proxy.origin)).ready()
    await put(url, 'large.bin')
    const small = await call(url, '/v1/files?path=acme/small', { method: 'PUT', body: 'small' })
    assert.equal(small.status, 201)
    proxy.choose(() => ({ kind: 'say', status: 503 }))
    const answer = await get(url, 'large.bin')
    assert.equal(answer.status, 503)
    assert.ok(answer.headers.get('retry-after') !== null)
    assert.equal((await get(url, 'small')).status, 200)
    const lost = await call(url, '/v1/files?path=acme/lost', { method: 'PUT', body: LARGE })
    assert.equal(lost.status, 503)
    await waitUntil(async () => {
      const ready = await fetch(`${url}/-/readyz`)
      return ready.status === 503 && /object store does not answer/.test(await ready.text())
    })
    proxy.choose(() => null)
    await waitUntil(async () => (await fetch(`${url}/-/readyz`)).status === 200)
    assert.equal((await get(url, 'large.bin')).status, 200)
    const listed = await (await call(url, '/v1/files?folder=acme')).text()
    assert.doesNotMatch(listed, /acme\/lost/)
  })

  test('a store that refuses the key from now on is told from one that is away, to the operator alone', async (t) => {
    const proxy = await startFaultyStore(own.origin)
    t.after(() => proxy.close())
    const server = serve(t, makeDataDir(t), blobsAt(newPrefix(), proxy.origin))
    const url = await server.ready()
    await put(url, 'large.bin')
    const body = '<Error><Code>InvalidAccessKeyId</Code></Error>'
    proxy.choose(() => ({ kind: 'say', status: 403, body }))
    const answer = await get(url, 'large.bin')
    assert.equal(answer.status, 503)
    assert.doesNotMatch(await answer.text(), /refuse|InvalidAccessKeyId|credential/)
    await waitUntil(async () => {
      const ready = await fetch(`${url}/-/readyz`)
      return ready.status === 503 && /object store refuses this server/.test(await ready.text())
    })
    assert.match(server.stderr(), /"fault":"refused"/)
    assert.match(
      server.stderr(),
      /refuses the credentials or what they may do \(InvalidAccessKeyId\)/,
    )
    proxy.choose(() => null)
    await waitUntil(async () => (await fetch(`${url}/-/readyz`)).status === 200)
    assert.equal((await get(url, 'large.bin')).status, 200)
  })

  test('credentials come from the chain, and are renewed when the store says that they ended', async (t) => {
    const { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey } = own.credentials
    let asked = 0
    const metadata = createServer((_request, response) => {
      asked += 1
      const Expiration = new Date(Date.now() + 3_600_000).toISOString()
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ AccessKeyId, SecretAccessKey, Token: '', Expiration }))
    })
    metadata.listen(0, '127.0.0.1')
    await once(metadata, 'listening')
    t.after(() => metadata.close())
    const { port } = metadata.address() as AddressInfo
    const proxy = await startFaultyStore(own.origin)
    t.after(() => proxy.close())
    const body = '<Error><Code>ExpiredToken</Code></Error>'
    proxy.choose((_request, number) => (number === 1 ? { kind: 'say', status: 400, body } : null))
    const url = await serve(t, makeDataDir(t), {
      HALLPASS_BLOBS: `s3://${own.bucket}/${newPrefix()}?endpoint=${proxy.origin}`,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/credentials`,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    }).ready()
    await put(url, 'large.bin')
    assert.equal(asked, 2)
    const none = await refused(
      serve(t, makeDataDir(t), {
        HALLPASS_BLOBS: `s3://${own.bucket}/${newPrefix()}?endpoint=${own.origin}`,
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        AWS_EC2_METADATA_DISABLED: 'true',
      }),
      3,
    )
    assert.match(none, /No AWS credentials were found/)
  })
})

async function started(server: Spawned): Promise<Spawned> {
  await server.ready()
  return server
}
