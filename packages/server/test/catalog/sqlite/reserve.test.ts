/** The room beside a catalog that deletes can count on. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createReserve } from '../../../src/catalog/sqlite/reserve.ts'

const BYTES = 100_000

async function inFolder(body: (folder: string, path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-reserve-'))
  try {
    await body(folder, join(folder, 'catalog.db'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('the reserve', () => {
  test('is set aside for its owner alone, whole, and found again', async () => {
    await inFolder(async (folder, path) => {
      assert.equal(createReserve(path, BYTES).isHeld(), true)
      const { size, mode } = await stat(`${path}-reserve`)
      assert.deepEqual([size, mode & 0o777], [BYTES, 0o600])
      const again = createReserve(path, BYTES)
      assert.equal(again.isHeld(), true)
      again.giveUp()
      assert.equal(again.isHeld(), false)
      assert.deepEqual(await readdir(folder), [])
      again.giveUp()
    })
  })

  test('that another process gave up counts as given up, and is set aside again', async () => {
    await inFolder(async (_, path) => {
      const [one, other] = [createReserve(path, BYTES), createReserve(path, BYTES)]
      one.giveUp()
      assert.equal(one.isHeld(), false)
      // There is room on this disk, so whoever looks next makes it anew.
      while (!one.isHeld()) {
        await new Promise((resolve) => {
          setTimeout(resolve, 20)
        })
      }
      assert.equal(other.isHeld(), true)
      assert.equal((await stat(`${path}-reserve`)).size, BYTES)
    })
  })

  test('takes the place of one that a crash left unfinished, and follows no link', async () => {
    await inFolder(async (folder, path) => {
      await writeFile(`${path}-reserve-unfinished`, 'half')
      assert.equal(createReserve(path, BYTES).isHeld(), true)
      assert.deepEqual(await readdir(folder), ['catalog.db-reserve'])
      await rm(`${path}-reserve`)
      const target = join(folder, 'target')
      await writeFile(target, 'theirs')
      await symlink(target, `${path}-reserve-unfinished`)
      createReserve(path, BYTES)
      assert.equal((await stat(target)).size, 6)
    })
  })

  test('where there can be none stops no write', async () => {
    await inFolder(async (_, path) => {
      await mkdir(`${path}-reserve-unfinished`)
      assert.equal(createReserve(path, BYTES).isHeld(), true)
    })
  })
})
