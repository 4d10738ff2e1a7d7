/** Keeping and moving work on files in a folder: what lies elsewhere is not taken for missing. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openService } from '../src/open-service.ts'
import { configOf, makePlace } from './keep/keep-fixture.ts'

const IN_A_STORE = { name: 'ConfigError', message: /object store s3:\/\/files\/hallpass/ }

test('a service whose files are set to lie in an object store is not opened', async (t) => {
  const place = await makePlace(t, 'sqlite')
  const config = {
    ...configOf(place),
    blobs: 's3://files/hallpass?endpoint=https://s3.example.com',
  }
  assert.throws(() => openService(config), IN_A_STORE)
})

test('nor is one whose catalog says that they lie there', async (t) => {
  const service = openService(configOf(await makePlace(t, 'sqlite')))
  const catalog = await service.open()
  await catalog.installation.moveBlobs('s3://files/hallpass')
  await catalog.close()
  await assert.rejects(service.open(), IN_A_STORE)
})
