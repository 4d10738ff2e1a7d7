import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDropNames } from '../../../src/api/share/drop-names.ts'
import type { CoreContext } from '../../../src/core/context.ts'
import { createTestCore, put } from '../../support/core.ts'

const DROP = { bucket: 'acme', key: 'in/', createdBy: 'key_test' }

/** How many files are looked for. */
function counting(core: CoreContext): { readonly core: CoreContext; readonly asked: () => number } {
  let count = 0
  const find: CoreContext['files']['find'] = (path) => {
    count += 1
    return core.files.find(path)
  }
  return { core: { ...core, files: { ...core.files, find } }, asked: () => count }
}

test('the next of many files of one name is found with few questions', async () => {
  const counted = counting(await createTestCore())
  const { core } = counted
  const names = createDropNames(core)
  for (let count = 1; count <= 300; count += 1) {
    await put(core, count === 1 ? 'in/a.txt' : `in/a (${count}).txt`, '')
  }
  const { path } = await names.claim(DROP, 'a.txt')
  assert.equal(path.key, 'in/a (301).txt')
  assert.ok(counted.asked() < 25, `${counted.asked()} questions`)
})

test('a name that was claimed is free again when it is released without a file', async () => {
  const names = createDropNames(await createTestCore())
  const first = await names.claim(DROP, 'a.txt')
  const others = await Promise.all([1, 2, 3].map(() => names.claim(DROP, 'a.txt')))
  assert.deepEqual(
    others.map(({ path }) => path.key),
    ['in/a (2).txt', 'in/a (3).txt', 'in/a (4).txt'],
  )
  first.release()
  assert.equal((await names.claim(DROP, 'a.txt')).path.key, 'in/a.txt')
})
