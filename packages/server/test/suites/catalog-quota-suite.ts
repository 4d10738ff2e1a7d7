/** What folders and keys with a quota hold, and that no write takes more, whichever process it comes by. */
import assert from 'node:assert/strict'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { PartOutcome } from '../../src/catalog/file-steps.ts'
import type { KeyQuota, Quota, UploadRecord, Usage } from '../../src/catalog/records.ts'
import { FULL_SCOPE } from '../../src/core/keys/scopes.ts'
import {
  BECAUSE,
  blobOf,
  commit,
  createBuckets,
  draftOf,
  move,
  nextId,
  remove,
  store,
} from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

const FOLDER: Quota = { path: 'acme/in/', maxBytes: 45, maxFiles: null }
const KEY: KeyQuota = { keyId: 'key1', maxBytes: 45, maxFiles: null }

async function boundFolder(catalog: Catalog): Promise<void> {
  const policy = { maxTotalBytes: 45 }
  await catalog.folders.put(
    { path: 'acme/in/', visibility: null, policy, updatedAt: 1 },
    BECAUSE,
    null,
  )
}

async function boundKey(catalog: Catalog): Promise<void> {
  await catalog.keys.insertApiKey(
    {
      id: 'key1',
      name: 'bounded',
      secretHash: 'hash1',
      scope: { ...FULL_SCOPE, quota: KEY },
      createdAt: 1,
      createdBy: 'key0',
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    },
    null,
  )
}

function uploadOf(id: string, quotaKey: string, key: string): UploadRecord {
  const described = { contentType: 'text/plain', headers: {}, metadata: {}, tags: {} }
  const upload = { id, bucket: 'acme', key, ...described, quotaKey }
  const more = { checksumAlgorithm: null, checksumType: null, createdBy: 'key1' }
  return { ...upload, ...more, createdAt: 1, expiresAt: 1e15, resumable: null }
}

// oxlint-disable-next-line max-params -- which, whose and where to
async function openUpload(
  catalog: Catalog,
  id: string,
  quotaKey = '',
  key = `in/${id}`,
): Promise<void> {
  const conditions = { epoch: null, maxOpen: 1000 }
  const { outcome } = await catalog.uploads.create(uploadOf(id, quotaKey, key), conditions)
  assert.equal(outcome, 'opened')
}

function putPart(
  catalog: Catalog,
  at: { readonly id: string; readonly number: number; readonly size: number },
  quotas: readonly Quota[],
): Promise<PartOutcome> {
  const { id: uploadId, number, size } = at
  const part = { uploadId, number, size, etag: 'e', checksums: [], modifiedAt: 2 }
  const conditions = { epoch: null, quotas, maxOpenBytes: 1e15 }
  return catalog.uploads.putPart(part, blobOf(nextId('part'), size), conditions)
}

async function complete(catalog: Catalog, id: string, quotas: readonly Quota[]): Promise<string> {
  const parts = await catalog.uploads.listParts(id, 0, 10_000)
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  const ids = { contentId: nextId('c'), newFileId: nextId('file'), newVersionId: nextId('v') }
  const sealed = { size, etag: 'e-1', checksums: [] }
  const { outcome } = await catalog.uploads.complete(
    { uploadId: id, parts, sealed, ...ids, nowMs: 3, forgetAt: 4 },
    { epoch: null, quotas },
  )
  return outcome
}

interface Bound {
  readonly name: string
  readonly quotas: readonly Quota[]
  readonly begin: (catalog: Catalog) => Promise<void>
  readonly usage: (catalog: Catalog) => Promise<Usage | null>
}

const BOUNDS: readonly Bound[] = [
  {
    name: 'a folder',
    quotas: [FOLDER],
    begin: boundFolder,
    usage: ({ folders }) => folders.usage('acme/in/'),
  },
  { name: 'a key', quotas: [KEY], begin: boundKey, usage: ({ keys }) => keys.usage('key1') },
]

export function catalogQuotaSuite(check: CheckCatalog): void {
  for (const bound of BOUNDS) partsSuite(check, bound)
  keySuite(check)
}

function partsSuite(check: CheckCatalog, { name, quotas, begin, usage }: Bound): void {
  check(`of many parts of many uploads no more come than ${name} has room for`, async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme')
    await begin(catalog)
    const ids = Array.from({ length: 4 }, (_, index) => `u${index}`)
    for (const id of ids) await openUpload(catalog, id, 'key1')
    const sending = ids.flatMap((id, index) =>
      [1, 2, 3, 4, 5].map((number) =>
        putPart(index % 2 === 0 ? catalog : other, { id, number, size: 10 }, quotas),
      ),
    )
    const outcomes = (await Promise.all(sending)).map(({ outcome }) => outcome)
    assert.equal(outcomes.filter((outcome) => outcome === 'stored').length, 4)
    assert.equal(outcomes.filter((outcome) => outcome === 'over-quota').length, 16)
    assert.deepEqual(await usage(other), { bytes: 40, files: 0 })
  })

  check(
    `parts keep their room in ${name} when they become a file, and give it when they go`,
    async (fixture) => {
      const { catalog } = fixture
      await createBuckets(catalog, 'acme')
      await begin(catalog)
      await openUpload(catalog, 'u', 'key1')
      await openUpload(catalog, 'v', 'key1')
      await putPart(catalog, { id: 'u', number: 1, size: 30 }, quotas)
      await putPart(catalog, { id: 'u', number: 1, size: 20 }, quotas)
      await putPart(catalog, { id: 'u', number: 2, size: 10 }, quotas)
      await putPart(catalog, { id: 'v', number: 1, size: 15 }, quotas)
      assert.deepEqual(await usage(catalog), { bytes: 45, files: 0 })
      assert.equal(await complete(catalog, 'u', quotas), 'committed')
      assert.deepEqual(await usage(catalog), { bytes: 45, files: 1 })
      await catalog.uploads.abort('v', 5, { epoch: null })
      assert.deepEqual(await usage(catalog), { bytes: 30, files: 1 })
      await remove(catalog, 'in/u')
      assert.deepEqual(await usage(catalog), { bytes: 0, files: 0 })
    },
  )
}

function keySuite(check: CheckCatalog): void {
  check('parts that are there already count once their folder has a quota', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await openUpload(catalog, 'u')
    await putPart(catalog, { id: 'u', number: 1, size: 10 }, [])
    await boundFolder(catalog)
    assert.deepEqual(await catalog.folders.usage('acme/in/'), { bytes: 10, files: 0 })
  })

  check('what was sent to elsewhere is put together only where there is room for it', async (f) => {
    const { catalog } = f
    await createBuckets(catalog, 'acme')
    await boundFolder(catalog)
    const partOf = (id: string, size: number) => putPart(catalog, { id, number: 1, size }, [])
    for (const id of ['a', 'b']) {
      await openUpload(catalog, id, '', `out/${id}`)
      await partOf(id, 30)
    }
    const join = async (ids: readonly string[]): Promise<string> => {
      const final = uploadOf(`final ${ids.join()}`, '', 'in/film')
      const sources = ids.map((id) => ({ id, bytes: 30 }))
      const conditions = { epoch: null, maxOpen: 10, quotas: [FOLDER] }
      return (await catalog.uploads.join(final, sources, conditions)).outcome
    }
    assert.equal(await join(['a', 'b']), 'over-quota')
    assert.deepEqual(await catalog.folders.usage('acme/in/'), { bytes: 0, files: 0 })
    assert.equal((await catalog.uploads.listParts('b', 0, 10)).length, 1)
    assert.equal(await join(['a']), 'opened')
    assert.deepEqual(await catalog.folders.usage('acme/in/'), { bytes: 30, files: 0 })
  })

  check(
    'a key is counted what it stored, wherever it goes, until another replaces it',
    async (fixture) => {
      const { catalog, other } = fixture
      await createBuckets(catalog, 'acme')
      await boundKey(catalog)
      const quotas = [KEY]
      await store(catalog, draftOf('other', { size: 100 }))
      await commit(catalog, draftOf('a', { size: 20 }), { quotas })
      await commit(catalog, draftOf('other', { size: 20 }), { quotas })
      assert.deepEqual(await other.keys.usage('key1'), { bytes: 40, files: 2 })
      const full = await commit(catalog, draftOf('b', { size: 6 }), { quotas })
      assert.equal(full.outcome, 'over-quota')
      const file = await catalog.files.find({ bucket: 'acme', key: 'a' })
      assert.ok(file !== null)
      await move(catalog, file, { key: 'moved' })
      assert.deepEqual(await other.keys.usage('key1'), { bytes: 40, files: 2 })
      await store(catalog, draftOf('moved', { size: 1 }))
      assert.deepEqual(await other.keys.usage('key1'), { bytes: 20, files: 1 })
      await remove(catalog, 'other')
      assert.deepEqual(await other.keys.usage('key1'), { bytes: 0, files: 0 })
      assert.equal(await other.keys.usage('key2'), null)
    },
  )

  check('old versions count for the key that stored them', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await catalog.buckets.update('acme', { versioning: 'enabled' }, null)
    await boundKey(catalog)
    await commit(catalog, draftOf('a', { size: 20, newVersionId: 'first' }), { quotas: [KEY] })
    await store(catalog, draftOf('a', { size: 1 }))
    assert.deepEqual(await catalog.keys.usage('key1'), { bytes: 20, files: 0 })
    await remove(catalog, 'a', { versionId: 'first' })
    assert.deepEqual(await catalog.keys.usage('key1'), { bytes: 0, files: 0 })
  })
}
