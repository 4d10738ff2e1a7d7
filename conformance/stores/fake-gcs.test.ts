/** The driver of Google Cloud Storage, and blobs in it, over fake-gcs-server. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { createStoredFixture } from '../../packages/server/test/blobs/stored/stored-fixture.ts'
import { blobStoreSuite } from '../../packages/server/test/suites/blob-store-suite.ts'
import { objectStoreSuite } from '../../packages/server/test/suites/object-store-suite.ts'
import { newGcsUrl, openGcsStoreAt } from '../../packages/server/test/stores/gcs/gcs-fixture.ts'
import { startFakeGcs, whyNoFakeGcs } from '../lib/fake-gcs.ts'
import type { FakeGcs } from '../lib/fake-gcs.ts'
import { startFaultyStore } from '../lib/faulty-store.ts'
import { makeDataDir, spawnHallpass } from '../start/spawn-server.ts'

describe('fake-gcs-server', { skip: whyNoFakeGcs() }, () => {
  let gcs: FakeGcs
  before(async () => {
    gcs = await startFakeGcs()
  })
  after(() => gcs.stop())

  const lacks = { responseHeaders: 'it sends what is kept with the object' }
  objectStoreSuite('Google Cloud Storage, which is fake-gcs-server', () =>
    Promise.resolve({
      store: openGcsStoreAt(newGcsUrl(gcs)),
      lacks,
      dispose: () => Promise.resolve(),
    }),
  )
  blobStoreSuite('blobs in fake-gcs-server', () =>
    Promise.resolve(createStoredFixture(openGcsStoreAt(newGcsUrl(gcs)))),
  )

  test('a server keeps its large files there, with the token of its machine', async (t) => {
    const token = 'of-the-machine-0123456789'
    const metadata = createServer((_request, response) => {
      response.setHeader('metadata-flavor', 'Google')
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ access_token: token, expires_in: 3600, token_type: 'Bearer' }))
    })
    metadata.listen(0, '127.0.0.1')
    await once(metadata, 'listening')
    const { port } = metadata.address() as AddressInfo
    const watched = await startFaultyStore(gcs.origin)
    t.after(async () => {
      metadata.closeAllConnections()
      metadata.close()
      await watched.close()
    })
    const adminKey = 'hp_stores_0123456789abcdefghijklmnopqrstuvwxyz'
    const dataDir = makeDataDir(t)
    const server = spawnHallpass(t, ['serve'], {
      HALLPASS_DATA_DIR: dataDir,
      HALLPASS_PORT: '0',
      HALLPASS_ADMIN_KEY: adminKey,
      HALLPASS_BLOBS: newGcsUrl({ ...gcs, origin: watched.origin }),
      GCE_METADATA_HOST: `127.0.0.1:${port}`,
      CLOUDSDK_CONFIG: dataDir,
    })
    const url = await server.ready()
    const call = async (path: string, type: string, body: BodyInit): Promise<number> => {
      const headers = { authorization: `Bearer ${adminKey}`, 'content-type': type }
      const answer = await fetch(`${url}${path}`, { method: 'PUT', headers, body })
      await answer.text()
      return answer.status
    }
    assert.equal(await call('/v1/buckets/acme', 'application/json', '{}'), 201)
    const large = new Uint8Array(100_000).fill(7)
    const path = '/v1/files?path=acme/large.bin'
    assert.equal(await call(path, 'application/octet-stream', large), 201)
    const written = watched.seen.filter(({ target }) => target.startsWith('/upload/'))
    assert.ok(written.length >= 2, 'the marker and the file')
    for (const { headers } of watched.seen) assert.equal(headers.authorization, `Bearer ${token}`)
    assert.ok(!server.stderr().includes(token))
  })
})
