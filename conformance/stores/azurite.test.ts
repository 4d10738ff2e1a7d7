/** The driver of Azure, and blobs in it, over Azurite. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
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
