/** Through a pooler that gives every transaction another session the catalog keeps its promises: it has nothing in a session. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { openPostgresCatalog } from '../../../src/catalog/postgres/postgres-catalog.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { hasPgbouncer, startPgbouncer } from '../../support/pgbouncer.ts'
import type { Pooler } from '../../support/pgbouncer.ts'
import { catalogGrantsSuite } from '../../suites/catalog-grants-suite.ts'
import { catalogUploadsSuite } from '../../suites/catalog-uploads-suite.ts'
import {
  createBuckets,
  draftOf,
  inlineOf,
  store,
  withFixture,
} from '../../suites/catalog-fixture.ts'
import type { CatalogFixture, CheckCatalog } from '../../suites/catalog-fixture.ts'
import { createPostgresFixture } from './postgres-fixture.ts'

const skip = hasPgbouncer() ? false : 'needs pgbouncer'
let pooler: Pooler | null = null

/** The catalogs of the fixture, both opened through the pooler. */
async function createPooledFixture(): Promise<CatalogFixture> {
  const direct = await createPostgresFixture()
  pooler ??= await startPgbouncer(direct.url)
  await direct.catalog.close()
  await direct.other.close()
  const { url } = pooler
  const clock = { now: direct.now }
  const open = (): Promise<Catalog> => openPostgresCatalog({ url, max: 8, clock })
  return { ...direct, catalog: await open(), other: await open() }
}

describe('PostgreSQL catalog behind a pooler', { skip }, () => {
  const check: CheckCatalog = (title, body) => {
    test(title, () => withFixture(createPooledFixture, body))
  }

  after(async () => {
    await pooler?.stop()
  })

  describe('grants', () => catalogGrantsSuite(check))
  describe('uploads', () => catalogUploadsSuite(check))

  check('more writers than it has connections are all served', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const files = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        store(index % 2 === 0 ? catalog : other, draftOf(`f${index}`, {}, inlineOf('x'))),
      ),
    )
    assert.equal(files.length, 100)
    assert.equal((await other.events.after(0, 1000)).length, 101)
  })
})
