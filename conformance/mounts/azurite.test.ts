/** A container of Azure, which is Azurite, mounted. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ACCOUNT,
  ACCOUNT_KEY,
  CONTAINER,
  newAzureUrl,
  ownerOf,
} from '../../packages/server/test/stores/azure/azure-fixture.ts'
import { startPlainAzurite } from '../lib/azurite.ts'
import { mountedSuite } from './mounted-suite.ts'

mountedSuite('a mounted container of Azurite', {
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'hallpass-azurite-'))
    const azurite = await startPlainAzurite(folder, { account: ACCOUNT, accountKey: ACCOUNT_KEY })
    await ownerOf(azurite.endpoint).getContainerClient(CONTAINER).create()
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: ACCOUNT_KEY }
    return {
      mount: { url: newAzureUrl(azurite.endpoint), credentials },
      async stop() {
        await azurite.stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
})
