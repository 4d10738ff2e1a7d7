/** For how long the catalog keeps the records of links that are over. */
import assert from 'node:assert/strict'
import type { Catalog, GrantRetention } from '../../src/catalog/catalog.ts'
import { beginsReading, grantOf, insertGrants } from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

const BY_AGE: GrantRetention = { oldBeforeMs: 600, overBeforeMs: 900, most: 1000, limit: 100 }
const BY_NUMBER: GrantRetention = { oldBeforeMs: 0, overBeforeMs: 900, most: 2, limit: 100 }

const stop = (nowMs: number): { nowMs: number; stub: null } => ({ nowMs, stub: null })

async function listed(catalog: Catalog, pathPrefix: string): Promise<string[]> {
  const query = { pathPrefix, before: null, limit: 100, createdBy: null, status: null, nowMs: 1000 }
  return (await catalog.grants.list(query)).map(({ id }) => id)
}

/** One that ran out at 500, one revoked that would have at 700, one that lives. */
async function insertThree(catalog: Catalog): Promise<void> {
  await insertGrants(
    catalog,
    grantOf('over', { expiresAt: 500 }),
    grantOf('revoked', { expiresAt: 700 }),
    grantOf('lives', { expiresAt: 2000 }),
  )
  await catalog.grants.revoke('revoked', stop(100), null)
  await catalog.grants.expire(1000, 100)
}

export function catalogRetentionSuite(check: CheckCatalog): void {
  check('records go when their time has been over for long enough', async ({ catalog, other }) => {
    await insertThree(catalog)
    assert.equal(await other.grants.forget(BY_AGE), 1)
    assert.equal(await catalog.grants.find('over'), null)
    assert.deepEqual(await listed(catalog, ''), ['lives', 'revoked'])
    assert.deepEqual(await listed(catalog, 'acme/'), ['lives', 'revoked'])
    assert.equal(await other.grants.forget(BY_AGE), 0)
    assert.equal(await other.grants.forget({ ...BY_AGE, oldBeforeMs: 701 }), 1)
    assert.equal(await other.grants.forget({ ...BY_AGE, oldBeforeMs: 5000 }), 0)
    assert.deepEqual(await listed(catalog, ''), ['lives'])
  })

  check('the record of a revoked link stays as long as its URL is in time', async ({ catalog }) => {
    await insertGrants(catalog, grantOf('revoked', { expiresAt: 2000 }))
    await catalog.grants.revoke('revoked', stop(10), null)
    const all = { oldBeforeMs: 1000, overBeforeMs: 1000, most: 0, limit: 100 }
    assert.equal(await catalog.grants.forget(all), 0)
    assert.equal((await catalog.grants.find('revoked'))?.revokedAt, 10)
  })

  check('so does that of one that is used up', async ({ catalog }) => {
    await insertGrants(catalog, grantOf('used', { expiresAt: 2000, maxUses: 1 }))
    assert.equal(await beginsReading(catalog, 'used', { admittedAtMs: 10 }), true)
    const all = { oldBeforeMs: 1000, overBeforeMs: 1000, most: 0, limit: 100 }
    assert.equal(await catalog.grants.forget(all), 0)
    assert.equal((await catalog.grants.find('used'))?.uses, 1)
  })

  check('beyond so many links none that is over is kept, all that live are', async (fixture) => {
    const { catalog, other } = fixture
    await insertThree(catalog)
    assert.equal(await other.grants.forget(BY_NUMBER), 1)
    const ids = ['a', 'b', 'c']
    await insertGrants(catalog, ...ids.map((id) => grantOf(id, { expiresAt: 2000 })))
    assert.equal(await other.grants.forget(BY_NUMBER), 1)
    assert.equal(await other.grants.forget(BY_NUMBER), 0)
    assert.deepEqual(await listed(catalog, ''), ['c', 'b', 'a', 'lives'])
  })

  check('so many go at a time', async ({ catalog }) => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    await insertGrants(catalog, ...ids.map((id) => grantOf(id, { expiresAt: 100 })))
    await catalog.grants.expire(1000, 100)
    assert.equal(await catalog.grants.forget({ ...BY_AGE, limit: 3 }), 3)
    assert.equal(await catalog.grants.forget({ ...BY_AGE, limit: 3 }), 2)
  })
}
