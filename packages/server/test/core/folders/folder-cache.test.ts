import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FolderRecord } from '../../../src/catalog/records.ts'
import { createFolderCache } from '../../../src/core/folders/folder-cache.ts'

function record(path: string, visibility: 'public' | 'private'): FolderRecord {
  return { path, visibility, policy: {}, updatedAt: 0 }
}

test('a folder is read once an epoch, whatever files are asked for', async () => {
  const asked: (readonly string[])[] = []
  const cache = createFolderCache({
    findMany: (paths) => {
      asked.push(paths)
      return Promise.resolve([record('acme/a/', 'public')])
    },
  })
  for (const key of ['a/x', 'a/y', 'a/z']) {
    assert.equal((await cache.resolve(1, 'acme', key)).visibility, 'public')
  }
  assert.deepEqual(asked, [['acme/a/', 'acme/', '']])
  await cache.resolve(1, 'acme', 'a/deep/x')
  assert.equal(asked.length, 2)
  await cache.resolve(2, 'acme', 'a/x')
  assert.equal(asked.length, 3)
})

test('what was read in an epoch that ended meanwhile is not remembered in the next', async () => {
  let answer: (records: readonly FolderRecord[]) => void = () => undefined
  const cache = createFolderCache({
    findMany: () =>
      new Promise((resolve) => {
        answer = resolve
      }),
  })
  const slow = cache.resolve(1, 'acme', 'x')
  const answerSlow = answer
  const quick = cache.resolve(2, 'acme', 'x')
  answer([record('acme/', 'private')])
  assert.equal((await quick).visibility, 'private')
  answerSlow([record('acme/', 'public')])
  assert.equal((await slow).visibility, 'public')
  assert.equal((await cache.resolve(2, 'acme', 'x')).visibility, 'private')
})
