/** Somebody who can write into the data folder must not lead the store out of it. */
import assert from 'node:assert/strict'
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { inChunks, readAll, rejectsWith } from '../../suites/blob-store-suite.ts'
import { createDiskFixture } from './disk-fixture.ts'
import type { DiskFixture } from './disk-fixture.ts'

const ID = 'AAAAAAAAAAAAAAAAAAAAAA'
const NEVER: AbortSignal = new AbortController().signal
const FREELY = { size: null, signal: NEVER }
const SECRET = 'what the link points to'

interface Scene extends DiskFixture {
  /** A folder outside the store with a file in it. */
  readonly outside: string
  readonly target: string
}

async function withScene(body: (scene: Scene) => Promise<void>): Promise<void> {
  const fixture = await createDiskFixture()
  const outside = await mkdtemp(join(tmpdir(), 'hallpass-outside-'))
  const target = join(outside, 'target')
  try {
    await writeFile(target, SECRET)
    await body({ ...fixture, outside, target })
    assert.equal(await readFile(target, 'utf8'), SECRET)
  } finally {
    await fixture.dispose()
    await rm(outside, { recursive: true })
  }
}

const body = (): AsyncIterable<Uint8Array> => inChunks(Buffer.from('ours'), 4)

describe('links planted in the blob folder', () => {
  test('a symbolic link in place of a blob is not read through', async () => {
    await withScene(async ({ store, places, target }) => {
      await store.write(ID, body(), FREELY)
      await rm(places.of(ID).path)
      await symlink(target, places.of(ID).path)
      await rejectsWith('corrupt', store.open(ID, null, NEVER))
    })
  })

  test('a symbolic link in place of a blob to be is not written through', async () => {
    await withScene(async ({ store, places, target }) => {
      await mkdir(places.of(ID).folder, { recursive: true })
      await symlink(target, places.of(ID).path)
      await rejectsWith('conflict', store.write(ID, body(), FREELY))
    })
  })

  test('a dangling symbolic link is not written through', async () => {
    await withScene(async ({ store, places, outside, countTemporary }) => {
      await mkdir(places.of(ID).folder, { recursive: true })
      await symlink(join(outside, 'new'), places.of(ID).path)
      await rejectsWith('conflict', store.write(ID, body(), FREELY))
      await assert.rejects(stat(join(outside, 'new')), { code: 'ENOENT' })
      assert.equal(await countTemporary(), 0)
    })
  })

  test('a link in place of the temporary file is not written through', async () => {
    await withScene(async ({ store, places, target }) => {
      await symlink(target, places.of(ID).temporaryPath)
      await rejectsWith('conflict', store.write(ID, body(), FREELY))
      await rm(places.of(ID).temporaryPath)
      await link(target, places.of(ID).temporaryPath)
      await rejectsWith('conflict', store.write(ID, body(), FREELY))
    })
  })

  test('a hard link in place of a blob is not written through', async () => {
    await withScene(async ({ store, places, target }) => {
      await mkdir(places.of(ID).folder, { recursive: true })
      await link(target, places.of(ID).path)
      await rejectsWith('conflict', store.write(ID, body(), FREELY))
    })
  })

  test('deleting a blob that became a link removes the link alone', async () => {
    await withScene(async ({ store, places, target }) => {
      await mkdir(places.of(ID).folder, { recursive: true })
      await symlink(target, places.of(ID).path)
      await store.delete(ID)
      await assert.rejects(lstat(places.of(ID).path), { code: 'ENOENT' })
    })
  })

  test('a link in place of a folder gets no blob', async () => {
    await withScene(async ({ store, places, outside }) => {
      await mkdir(places.of(ID).upperFolder)
      await symlink(outside, places.of(ID).folder)
      await rejectsWith('corrupt', store.write(ID, body(), FREELY))
      await assert.rejects(stat(join(outside, ID)), { code: 'ENOENT' })
    })
  })

  test('a folder or a pipe in place of a blob is corrupt', async () => {
    await withScene(async ({ store, places }) => {
      await mkdir(places.of(ID).path, { recursive: true })
      await rejectsWith('corrupt', store.open(ID, null, NEVER))
    })
  })

  test('leftovers that are links are removed without touching their target', async () => {
    await withScene(async ({ store, places, target }) => {
      await symlink(target, join(places.temporary, 'planted'))
      assert.equal(await store.removeLeftovers(Number.MAX_SAFE_INTEGER), 1)
    })
  })
})

describe('the blob folder', () => {
  test('is readable by its owner alone, and so is every blob', async () => {
    await withScene(async ({ store, places, directory }) => {
      await store.write(ID, body(), FREELY)
      const { path, folder, upperFolder } = places.of(ID)
      for (const made of [places.temporary, folder, upperFolder]) {
        assert.equal((await stat(made)).mode & 0o777, 0o700)
      }
      assert.equal((await stat(path)).mode & 0o777, 0o600)
      assert.equal(dirname(upperFolder), directory)
    })
  })

  test('holds blobs whatever the case of their ids', async () => {
    await withScene(async ({ store }) => {
      for (const id of ['aaaaaaaaaaaaaaaaaaaabc', 'aaaaaaaaaaaaaaaaaaaaBC']) {
        await store.write(id, inChunks(Buffer.from(id), 64), FREELY)
      }
      const read = await readAll(await store.open('aaaaaaaaaaaaaaaaaaaaBC', null, NEVER))
      assert.equal(String(read), 'aaaaaaaaaaaaaaaaaaaaBC')
    })
  })
})
