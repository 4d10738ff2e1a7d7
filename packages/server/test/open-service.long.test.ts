/** Keeping and moving find blobs as a server does: what lies elsewhere is not taken for missing. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findService, openService } from '../src/open-service.ts'
import { configOf, makePlace } from './keep/keep-fixture.ts'

const BLOB =
  "INSERT INTO contents (id, kind, refs, size) VALUES ('somebodysblob', 'blob', 1, 40000)"

test('a service whose catalog says that its files lie in a store that is not named is not opened', async (t) => {
  const service = openService(configOf(await makePlace(t, 'sqlite')))
  const catalog = await service.open()
  await catalog.installation.moveBlobs('s3://files/hallpass')
  await catalog.close()
  const rows = await service.rows.open()
  await rows.change((session) => session.run(BLOB))
  await rows.close()
  await assert.rejects(service.open(), { name: 'ConfigError', message: /s3:\/\/files\/hallpass/ })
})

test('an address that is none is refused, and so is a directory in which nothing of a server is', async (t) => {
  const config = configOf(await makePlace(t, 'sqlite'))
  assert.throws(() => openService({ ...config, blobs: 's3://files/x?what=ever' }), {
    name: 'ConfigError',
    message: /HALLPASS_BLOBS has the parameter what/,
  })
  const lost = { name: 'ConfigError', message: /no data directory/ }
  const { dataDir } = await makePlace(t, 'sqlite')
  assert.throws(() => findService({ ...config, dataDir }), lost)
  mkdirSync(dataDir, { mode: 0o700 })
  writeFileSync(join(dataDir, 'letter.txt'), 'dear')
  assert.throws(() => findService({ ...config, dataDir }), lost)
})
