/** What is planted is named, what can be is repaired, and a service in which nothing is wrong has nothing found in it. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { describe, test } from 'node:test'
import Database from 'better-sqlite3'
import { createBlobPlaces } from '../../src/blobs/disk/blob-places.ts'
import { CHECKS } from '../../src/catalog/rows/checks/all.ts'
import { BLOB_KINDS } from '../../src/keep/fsck/finding.ts'
import type { Finding } from '../../src/keep/fsck/finding.ts'
import { openService } from '../../src/open-service.ts'
import { configOf, fill, findFaults, makePlace, serve } from './keep-fixture.ts'
import type { Place } from './keep-fixture.ts'
import { PLANTED, STRAYS } from './plant.ts'
import type { Planted } from './plant.ts'

/** By hand every kind is planted several times over. */
const ROUNDS = Number(process.env['HALLPASS_FSCK_ROUNDS'] ?? 1)

function look(
  place: Place,
  wish: { hashes?: boolean; repair?: boolean } = {},
): Promise<readonly Finding[]> {
  return findFaults(configOf(place), wish)
}

const kindsOf = (found: readonly Finding[]): string[] => [...new Set(found.map(({ kind }) => kind))]

async function plant(place: Place, { plant: work }: Planted): Promise<void> {
  const rows = await openService(configOf(place)).rows.open()
  try {
    await rows.change(work)
  } finally {
    await rows.close()
  }
}

/** Past the foreign keys, as a file that somebody else wrote would have it. */
function plantStray(place: Place, { plant: work }: Planted): Promise<unknown> {
  const db = new Database(join(place.dataDir, 'catalog.db'))
  db.pragma('foreign_keys = OFF')
  const run = async (text: string): Promise<number> => db.prepare(text).run().changes
  return work({ run } as never).finally(() => db.close())
}

for (const kind of ['sqlite', 'postgres'] as const) {
  describe(`fsck over ${kind}`, () => {
    test('finds nothing where nothing is wrong, names what is planted, and repairs what can be', async (t) => {
      const place = await makePlace(t, kind)
      const client = await serve(t, place)
      await fill(client)
      assert.deepEqual(await look(place, { hashes: true }), [])
      await client.close()
      let named = 0
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const planted of PLANTED.filter(({ isRepaired }) => isRepaired)) {
          await plant(place, planted)
          const found = await look(place)
          assert.ok(
            kindsOf(found).includes(planted.kind),
            `${planted.kind} in ${kindsOf(found).join()}`,
          )
          const allowed = [planted.kind, ...(planted.also ?? [])]
          assert.deepEqual(
            kindsOf(found).filter((each) => !allowed.includes(each)),
            [],
            planted.kind,
          )
          const repaired = await look(place, { repair: true })
          assert.ok(
            repaired.some((each) => each.kind === planted.kind && each.isRepaired),
            planted.kind,
          )
          const left = (await look(place)).filter((each) => !each.kind.startsWith('blob-'))
          assert.deepEqual(left, [], planted.kind)
          named += 1
        }
      }
      t.diagnostic(`${named} named and repaired`)
    })

    test('names what nobody can repair, and leaves it as it is', async (t) => {
      const place = await makePlace(t, kind)
      const client = await serve(t, place)
      await fill(client)
      await client.close()
      for (const planted of PLANTED.filter(({ isRepaired }) => !isRepaired)) {
        await plant(place, planted)
        assert.ok(kindsOf(await look(place)).includes(planted.kind), planted.kind)
        const repaired = await look(place, { repair: true })
        assert.ok(
          repaired.some((each) => each.kind === planted.kind && !each.isRepaired),
          planted.kind,
        )
        assert.ok(kindsOf(await look(place)).includes(planted.kind), planted.kind)
      }
    })
  })
}

test('rows of what is not there are named and repaired', async (t) => {
  const place = await makePlace(t, 'sqlite')
  const client = await serve(t, place)
  await fill(client)
  await client.close()
  for (const planted of STRAYS) {
    await plantStray(place, planted)
    const found = await look(place)
    assert.ok(kindsOf(found).includes(planted.kind), planted.kind)
    await look(place, { repair: true })
    assert.ok(!kindsOf(await look(place)).includes(planted.kind), planted.kind)
  }
})

test('a blob that is missing, cut, changed or unknown is named, with the files that hold it; those are refused from then on', async (t) => {
  const place = await makePlace(t, 'sqlite')
  const client = await serve(t, place)
  const kept = await fill(client)
  const wrong = ['acme/large/0', 'acme/large/parts', 'acme/quota/2']
  const [missing = '', cut = '', changed = ''] = await firstBlobs(place, wrong)
  rmSync(missing)
  truncateSync(cut, 100)
  const bytes = readFileSync(changed)
  bytes[11] = (bytes[11] ?? 0) ^ 64
  writeFileSync(changed, bytes)
  const unknown = `${missing.slice(0, -12)}zz${missing.slice(-10)}`
  writeFileSync(unknown, 'nobody knows it')
  utimesSync(unknown, 1, 1)

  const quick = await look(place)
  assert.deepEqual(kindsOf(quick).toSorted(), ['blob-missing', 'blob-size', 'blob-unknown'])
  const found = await look(place, { hashes: true, repair: true })
  const kinds = ['blob-changed', 'blob-missing', 'blob-size', 'blob-unknown']
  assert.deepEqual(kindsOf(found).toSorted(), kinds)
  assert.equal(found.length, 4)
  assert.deepEqual(found.flatMap(({ paths }) => paths).toSorted(), wrong)
  assert.ok(found.some(({ kind, isRepaired }) => kind === 'blob-unknown' && isRepaired))
  // The server asks once a second, and of each file for itself: what is not there is refused without being asked about.
  for (const path of wrong) {
    while ((await client.get(path)).status !== 500)
      await new Promise((resolve) => setTimeout(resolve, 50))
  }
  for (const [each, hash] of kept) {
    if (wrong.includes(each)) continue
    const { status, sha256 } = await client.get(each)
    assert.deepEqual([status, sha256], [200, hash], each)
  }
})

test('small bytes in the catalog that are not what their file says are named', async (t) => {
  const place = await makePlace(t, 'sqlite')
  const client = await serve(t, place)
  await fill(client)
  await client.close()
  const rows = await openService(configOf(place)).rows.open()
  await rows.change((session) =>
    session.run(
      "UPDATE contents SET bytes = zeroblob(size) WHERE id = (SELECT content_id FROM files WHERE key = 'small/5')",
    ),
  )
  await rows.close()
  const found = await look(place, { hashes: true })
  assert.deepEqual(
    found.map(({ kind, subject }) => [kind, subject]),
    [['inline-changed', 'acme/small/5']],
  )
})

test('every kind is documented, and every documented kind exists', () => {
  const page = readFileSync(new URL('../../../../docs/backup.md', import.meta.url), 'utf8')
  const documented = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, kind]) => kind)
  const kinds = [...CHECKS.map(({ kind }) => kind), ...Object.keys(BLOB_KINDS)]
  assert.deepEqual(new Set(documented), new Set(kinds))
})

/** Where the first blob of each file lies. */
async function firstBlobs(place: Place, paths: readonly string[]): Promise<readonly string[]> {
  const rows = await openService(configOf(place)).rows.open()
  try {
    const found = await rows.read((session) =>
      session.ask(`
        SELECT files.bucket || '/' || files.key, coalesce(segments.part_id, files.content_id)
        FROM files LEFT JOIN segments ON segments.content_id = files.content_id AND begins = 0`),
    )
    const idOf = new Map(found.map(([path, id]) => [String(path), String(id)]))
    const places = createBlobPlaces(join(place.dataDir, 'blobs'))
    return paths.map((path) => places.of(idOf.get(path) ?? '').path)
  } finally {
    await rows.close()
  }
}
