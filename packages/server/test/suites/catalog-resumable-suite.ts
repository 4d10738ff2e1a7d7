/** Uploads that are sent from one end to the other: what comes goes behind what is there, and they can be put together. */
import assert from 'node:assert/strict'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { ResumableTerms, UploadRecord } from '../../src/catalog/records.ts'
import { blobOf, createBuckets, nextId, queuedIds } from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

const FREE = { epoch: null, maxOpen: 1000 }
const TERMS: ResumableTerms = {
  length: null,
  announced: 'filename YQ==',
  kind: 'whole',
  of: [],
  overwrite: false,
}

function slotOf(id: string, terms: Partial<ResumableTerms> = {}): UploadRecord {
  return {
    id,
    bucket: 'acme',
    key: 'film',
    contentType: 'video/mp4',
    headers: {},
    metadata: {},
    tags: {},
    checksumAlgorithm: null,
    checksumType: null,
    createdBy: 'key1',
    quotaKey: '',
    createdAt: 1000,
    expiresAt: 5000,
    resumable: { ...TERMS, ...terms },
  }
}

async function open(catalog: Catalog, id: string, terms?: Partial<ResumableTerms>): Promise<void> {
  const outcome = await catalog.uploads.create(slotOf(id, terms), FREE)
  assert.deepEqual(outcome, { outcome: 'opened' })
}

async function append(
  catalog: Catalog,
  uploadId: string,
  number: number,
  ifOffset: number,
): Promise<string> {
  const part = {
    uploadId,
    number,
    size: 5,
    etag: `part-${number}`,
    checksums: [],
    modifiedAt: 2000,
  }
  const conditions = { epoch: null, maxOpenBytes: 1e15, ifOffset }
  const content = blobOf(nextId('part'), 5)
  return (await catalog.uploads.putPart(part, content, conditions)).outcome
}

export function catalogResumableSuite(check: CheckCatalog): void {
  check('a part goes behind all that are there, or nowhere', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await open(catalog, 'u')
    assert.equal(await append(catalog, 'u', 1, 5), 'offset-moved')
    assert.equal(await append(catalog, 'u', 1, 0), 'stored')
    assert.equal(await append(catalog, 'u', 1, 5), 'offset-moved')
    assert.equal(await append(catalog, 'u', 2, 0), 'offset-moved')
    assert.equal(await append(catalog, 'u', 2, 5), 'stored')
    const outcomes = await Promise.all([append(catalog, 'u', 3, 10), append(catalog, 'u', 3, 10)])
    assert.deepEqual(new Set(outcomes), new Set(['stored', 'offset-moved']))
    assert.equal((await catalog.uploads.listParts('u', 0, 10)).length, 3)
  })

  check('how long it will be is said once', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    await open(catalog, 'u')
    const say = async (length: number): Promise<string> =>
      (await catalog.uploads.declareLength('u', length, { epoch: null })).outcome
    assert.equal(await say(10), 'declared')
    assert.equal(await say(11), 'upload-missing')
    assert.deepEqual((await other.uploads.find('u'))?.resumable, { ...TERMS, length: 10 })
    const stale = await catalog.uploads.declareLength('u', 1, { epoch: 99 })
    assert.equal(stale.outcome, 'epoch-changed')
  })

  check('uploads are put together in the order given, and end with it', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    for (const id of ['a', 'b']) await open(catalog, id, { kind: 'partial' })
    await append(catalog, 'a', 1, 0)
    await append(catalog, 'b', 1, 0)
    await append(catalog, 'b', 2, 5)
    const before = await catalog.uploads.listParts('b', 0, 10)
    const final = slotOf('f', { kind: 'final', length: 15, of: ['b', 'a'] })
    const join = async (bytesOfA: number): Promise<string> => {
      const sources = [
        { id: 'b', bytes: 10 },
        { id: 'a', bytes: bytesOfA },
      ]
      return (await catalog.uploads.join(final, sources, { epoch: null, maxOpen: 2 })).outcome
    }
    assert.equal(await join(4), 'parts-missing')
    assert.equal((await catalog.uploads.listParts('a', 0, 10)).length, 1)
    assert.equal(await join(5), 'opened')
    assert.equal(await join(5), 'parts-missing')
    const joined = await catalog.uploads.listParts('f', 0, 10)
    assert.deepEqual(
      joined.map(({ number, size }) => [number, size]),
      [
        [1, 5],
        [2, 5],
        [3, 5],
      ],
    )
    assert.deepEqual(
      joined.slice(0, 2).map(({ content }) => content),
      before.map(({ content }) => content),
    )
    assert.equal(await catalog.uploads.find('a'), null)
    assert.deepEqual(await queuedIds(catalog), [])
    // One is open, and it holds all of their bytes: giving it up makes room for everything.
    await catalog.uploads.abort('f', 3000, { epoch: null })
    assert.equal((await queuedIds(catalog)).length, 3)
  })

  check('those of somebody else are not put together', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await open(catalog, 'a', { kind: 'partial' })
    const final = { ...slotOf('f', { kind: 'final' }), createdBy: 'key2' }
    const outcome = await catalog.uploads.join(final, [{ id: 'a', bytes: 0 }], FREE)
    assert.deepEqual(outcome, { outcome: 'parts-missing' })
    assert.equal(await catalog.uploads.find('f'), null)
  })
}
