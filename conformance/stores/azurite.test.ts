/** The driver of Azure, and blobs in it, over Azurite. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createStoredFixture } from '../../packages/server/test/blobs/stored/stored-fixture.ts'
import { blobStoreSuite } from '../../packages/server/test/suites/blob-store-suite.ts'
import { objectStoreSuite } from '../../packages/server/test/suites/object-store-suite.ts'
import {
  ACCOUNT,
  ACCOUNT_KEY,
  CONTAINER,
  newAzureUrl,
  openAzureStoreAt,
  ownerOf,
} from '../../packages/server/test/stores/azure/azure-fixture.ts'
import { startPlainAzurite } from '../lib/azurite.ts'
import { makeDataDir, spawnHallpass } from '../start/spawn-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'hallpass-azurite-'))
const azurite = await startPlainAzurite(folder, { account: ACCOUNT, accountKey: ACCOUNT_KEY })
after(async () => {
  await azurite.stop()
  rmSync(folder, { recursive: true, force: true })
})
await ownerOf(azurite.endpoint).getContainerClient(CONTAINER).create()

const lacks = { endedUploads: 'blocks have no upload that could end' }
objectStoreSuite('Azure, which is Azurite', () => {
  const store = openAzureStoreAt(newAzureUrl(azurite.endpoint))
  return Promise.resolve({ store, lacks, dispose: () => Promise.resolve() })
})
blobStoreSuite('blobs in Azurite', () =>
  Promise.resolve(createStoredFixture(openAzureStoreAt(newAzureUrl(azurite.endpoint)))),
)

test('a server that is told of it keeps its large files there, and tells no key', async (t) => {
  const adminKey = 'hp_stores_0123456789abcdefghijklmnopqrstuvwxyz'
  const server = spawnHallpass(t, ['serve'], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
    HALLPASS_ADMIN_KEY: adminKey,
    HALLPASS_BLOBS: newAzureUrl(azurite.endpoint),
    HALLPASS_BLOBS_ACCESS_KEY_ID: ACCOUNT,
    HALLPASS_BLOBS_SECRET_ACCESS_KEY: ACCOUNT_KEY,
  })
  const url = await server.ready()
  const call = async (method: string, path: string, body: BodyInit): Promise<number> => {
    const type = { 'content-type': 'application/json' }
    const headers = { authorization: `Bearer ${adminKey}`, ...(body === '{}' && type) }
    const answer = await fetch(`${url}${path}`, { method, headers, body })
    await answer.text()
    return answer.status
  }
  assert.equal(await call('PUT', '/v1/buckets/acme', '{}'), 201)
  const large = new Uint8Array(100_000).fill(7)
  assert.equal(await call('PUT', '/v1/files?path=acme/large.bin', large), 201)
  let bytes = 0
  for await (const blob of ownerOf(azurite.endpoint).getContainerClient(CONTAINER).listBlobsFlat({
    includeMetadata: true,
  })) {
    if (blob.metadata?.['writemark'] !== undefined) bytes += blob.properties.contentLength ?? 0
  }
  assert.ok(bytes >= large.length, `${bytes} bytes are there`)
  assert.ok(!server.stderr().includes(ACCOUNT_KEY))
})
