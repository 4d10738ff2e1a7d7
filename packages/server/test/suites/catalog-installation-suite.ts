/** What the catalog promises about whose it is, and where its blobs are. */
import assert from 'node:assert/strict'
import { blobOf, createBuckets, draftOf, inlineOf, store } from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

export function catalogInstallationSuite(check: CheckCatalog): void {
  check('of many that claim it one says the id, and it stays', async ({ catalog, other }) => {
    const claims = await Promise.all([
      catalog.installation.claim('a'),
      other.installation.claim('b'),
      catalog.installation.claim('c'),
    ])
    const [first] = claims
    for (const claim of claims) assert.deepEqual(claim, first)
    assert.equal(first?.blobs, null)
    assert.deepEqual(await other.installation.claim('d'), first)
  })

  check('where blobs rest is remembered', async ({ catalog, other }) => {
    const { id } = await catalog.installation.claim('a')
    await catalog.installation.moveBlobs('s3://bucket')
    assert.deepEqual(await other.installation.claim('b'), { id, blobs: 's3://bucket' })
    await other.installation.moveBlobs(null)
    assert.deepEqual(await catalog.installation.claim('b'), { id, blobs: null })
  })

  check('it says whether there is any blob', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    assert.equal(await catalog.installation.namesBlobs(), false)
    await store(catalog, draftOf('small', {}, inlineOf('abc')))
    assert.equal(await catalog.installation.namesBlobs(), false)
    await store(catalog, draftOf('large', {}, blobOf('blob1')))
    assert.equal(await other.installation.namesBlobs(), true)
  })
}
