import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BucketRecord } from '../../../src/catalog/records.ts'
import { createBucketCache } from '../../../src/core/buckets/bucket-cache.ts'

test('a bucket is read once an epoch, a missing one too', async () => {
  const asked: string[] = []
  const record: BucketRecord = { name: 'acme', createdAt: 0, versioning: 'enabled', settings: {} }
  const cache = createBucketCache({
    find: (name) => {
      asked.push(name)
      return Promise.resolve(name === 'acme' ? record : null)
    },
  })
  assert.deepEqual(await cache.traits(1, 'acme'), { versioning: 'enabled', cors: null })
  assert.ok(!(cache.traits(1, 'acme') instanceof Promise))
  assert.deepEqual(await cache.traits(1, 'none'), { versioning: 'off', cors: null })
  assert.ok(!(cache.traits(1, 'none') instanceof Promise))
  assert.deepEqual(asked, ['acme', 'none'])
  await cache.traits(2, 'acme')
  assert.deepEqual(asked, ['acme', 'none', 'acme'])
})

test('what was read in an epoch that has ended is not remembered in the next', async () => {
  const first = Promise.withResolvers<BucketRecord | null>()
  let reads = 0
  const cache = createBucketCache({
    find: () => {
      reads += 1
      return reads === 1 ? first.promise : Promise.resolve(null)
    },
  })
  const slow = cache.traits(1, 'acme')
  await cache.traits(2, 'other')
  first.resolve({ name: 'acme', createdAt: 0, versioning: 'suspended', settings: {} })
  assert.equal((await slow).versioning, 'suspended')
  assert.equal((await cache.traits(2, 'acme')).versioning, 'off')
})
