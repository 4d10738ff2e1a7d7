/** What a listing promises: byte order, literal prefixes, exact pages, common prefixes. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { ListFilesQuery, Listing } from '../../src/catalog/file-steps.ts'
import { createBuckets, draftOf, store } from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

export function catalogListingSuite(check: CheckCatalog): void {
  check('keys come in the order of their UTF-8 bytes', async ({ catalog }) => {
    const keys = ['\u{1f600}', '\uffee', 'é', 'e\u0301', 'b', 'B', 'a/b', 'a/', 'a', 'A', '~']
    await fill(catalog, keys)
    assert.deepEqual(await listNames(catalog, {}), byBytes(keys))
  })

  check('a bucket lists its own files alone', async ({ catalog }) => {
    await fill(catalog, ['a'])
    await createBuckets(catalog, 'acme2')
    await store(catalog, draftOf('other', { bucket: 'acme2' }))
    assert.deepEqual(await listNames(catalog, {}), ['a'])
    assert.deepEqual(await listNames(catalog, { bucket: 'nope' }), [])
  })

  check('a listed file is the whole record', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const draft = draftOf('a', { metadata: { a: 'b' }, headers: { cacheControl: 'x' } })
    const file = await store(catalog, draft)
    const { entries } = await catalog.files.list(queryOf({}))
    assert.deepEqual(entries, [{ kind: 'file', file }])
  })

  check('wildcards and quotes in a prefix are letters', async ({ catalog }) => {
    const keys = ['a*b', 'axb', 'a%b', 'a_b', "a'b", 'a[b', 'a\\b', 'a"b', 'ab']
    await fill(catalog, keys)
    for (const letter of ['*', '%', '_', "'", '[', '\\', '"']) {
      assert.deepEqual(await listNames(catalog, { prefix: `a${letter}` }), [`a${letter}b`])
    }
  })

  check('a prefix is exact to the byte: case and unicode forms', async ({ catalog }) => {
    await fill(catalog, ['é1', 'e\u03012', 'E3', 'e4'])
    assert.deepEqual(await listNames(catalog, { prefix: 'é' }), ['é1'])
    assert.deepEqual(await listNames(catalog, { prefix: 'e' }), ['e4', 'e\u03012'])
    assert.deepEqual(await listNames(catalog, { prefix: 'E' }), ['E3'])
  })

  check('a prefix that ends in the highest character has an end', async ({ catalog }) => {
    await fill(catalog, ['a\u{10ffff}', 'a\u{10ffff}b', 'b', '\ud7ff1', '\ue000', '\u{10ffff}z'])
    assert.deepEqual(await listNames(catalog, { prefix: 'a\u{10ffff}' }), [
      'a\u{10ffff}',
      'a\u{10ffff}b',
    ])
    assert.deepEqual(await listNames(catalog, { prefix: '\ud7ff' }), ['\ud7ff1'])
    assert.deepEqual(await listNames(catalog, { prefix: '\u{10ffff}' }), ['\u{10ffff}z'])
  })

  check('a delimiter rolls what lies below into common prefixes', async ({ catalog }) => {
    await fill(catalog, ['a', 'a/', 'a/b', 'a/c/d', 'b', 'c/x', 'c/y'])
    assert.deepEqual(await listNames(catalog, { delimiter: '/' }), ['a', 'a/…', 'b', 'c/…'])
    assert.deepEqual(await listNames(catalog, { delimiter: '/', prefix: 'a/' }), [
      'a/',
      'a/b',
      'a/c/…',
    ])
    assert.deepEqual(await listNames(catalog, { delimiter: '/', prefix: 'a' }), ['a', 'a/…'])
    assert.deepEqual(await listNames(catalog, { delimiter: '/c/' }), [
      'a',
      'a/',
      'a/b',
      'a/c/…',
      'b',
      'c/x',
      'c/y',
    ])
  })

  check('a page is full, says how to go on, and the last one says so', async ({ catalog }) => {
    await fill(catalog, ['a', 'b', 'c/1', 'c/2', 'd'])
    const first = await catalog.files.list(queryOf({ delimiter: '/', limit: 3 }))
    assert.deepEqual(namesOf(first), ['a', 'b', 'c/…'])
    assert.equal(first.nextAfter, 'c/')
    const second = await catalog.files.list(queryOf({ delimiter: '/', limit: 3, after: 'c/' }))
    assert.deepEqual(namesOf(second), ['d'])
    assert.equal(second.nextAfter, null)
    const exact = await catalog.files.list(queryOf({ limit: 5 }))
    assert.deepEqual([exact.entries.length, exact.nextAfter], [5, null])
    const rolled = await catalog.files.list(queryOf({ prefix: 'c', delimiter: '/', limit: 1 }))
    assert.deepEqual([namesOf(rolled), rolled.nextAfter], [['c/…'], null])
  })

  check('a listing may start anywhere', async ({ catalog }) => {
    await fill(catalog, ['a', 'b', 'c/1', 'c/2', 'd'])
    assert.deepEqual(await listNames(catalog, { after: 'b' }), ['c/1', 'c/2', 'd'])
    assert.deepEqual(await listNames(catalog, { after: 'aa' }), ['b', 'c/1', 'c/2', 'd'])
    assert.deepEqual(await listNames(catalog, { after: 'c/1' }), ['c/2', 'd'])
    assert.deepEqual(await listNames(catalog, { after: 'b', delimiter: '/' }), ['c/…', 'd'])
    assert.deepEqual(await listNames(catalog, { after: 'c/1', delimiter: '/' }), ['d'])
    assert.deepEqual(await listNames(catalog, { after: 'z' }), [])
    assert.deepEqual(await listNames(catalog, { after: 'a', prefix: 'c' }), ['c/1', 'c/2'])
    assert.deepEqual(await listNames(catalog, { after: 'z', prefix: 'c' }), [])
  })

  check('no limit, no entries', async ({ catalog }) => {
    await fill(catalog, ['a'])
    assert.deepEqual(await catalog.files.list(queryOf({ limit: 0 })), {
      entries: [],
      nextAfter: null,
    })
  })
}

/** Hundreds of listings, compared with what sorting and grouping by hand gives. */
export function catalogListingProperty(check: CheckCatalog): void {
  check('any listing is what sorting and grouping by hand gives', async ({ catalog }) => {
    const letter = fc.constantFrom('a', 'b', '/', '-', 'é', '\uffee', '\u{1f600}')
    const text = (maxLength: number) => fc.string({ unit: letter, maxLength })
    const keys = fc.sample(fc.string({ unit: letter, minLength: 1, maxLength: 6 }), {
      numRuns: 400,
      seed: 7,
    })
    const distinct = [...new Set(keys)]
    await fill(catalog, distinct)
    const queries = fc.record({
      prefix: text(2),
      delimiter: fc.constantFrom('', '/', '-/', '\u{1f600}'),
      after: text(4),
      limit: fc.integer({ min: 1, max: 40 }),
    })
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const page = await catalog.files.list(queryOf(query))
        const expected = listByHand(distinct, queryOf(query))
        assert.deepEqual(namesOf(page), expected.slice(0, query.limit))
        const hasMore = expected.length > query.limit
        assert.equal(page.nextAfter !== null, hasMore)
        if (page.nextAfter === null) return
        const next = await catalog.files.list(queryOf({ ...query, after: page.nextAfter }))
        assert.deepEqual(namesOf(next), expected.slice(query.limit, 2 * query.limit))
      }),
      { numRuns: 300, seed: 11 },
    )
  })
}

function queryOf(more: Partial<ListFilesQuery>): ListFilesQuery {
  return { bucket: 'acme', prefix: '', delimiter: '', after: '', limit: 1000, ...more }
}

async function fill(catalog: Catalog, keys: readonly string[]): Promise<void> {
  await createBuckets(catalog, 'acme')
  await Promise.all(keys.map((key) => store(catalog, draftOf(key))))
}

async function listNames(catalog: Catalog, query: Partial<ListFilesQuery>): Promise<string[]> {
  return namesOf(await catalog.files.list(queryOf(query)))
}

/** Common prefixes are shown with an ellipsis. */
function namesOf({ entries }: Listing): string[] {
  return entries.map((entry) => (entry.kind === 'file' ? entry.file.key : `${entry.prefix}…`))
}

function byBytes(keys: readonly string[]): string[] {
  return keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function listByHand(keys: readonly string[], query: ListFilesQuery): string[] {
  const { prefix, delimiter, after } = query
  const isAfter = (name: string): boolean =>
    Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0
  const names = new Set<string>()
  for (const key of byBytes(keys)) {
    if (!key.startsWith(prefix)) continue
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    const name = at === -1 ? key : key.slice(0, at + delimiter.length)
    if (isAfter(name)) names.add(at === -1 ? name : `${name}…`)
  }
  return [...names]
}
