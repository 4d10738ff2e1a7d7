/** What a driver gives to the catalog suites, and the records their checks start from. */
import assert from 'node:assert/strict'
import type { Catalog, NewContent, NewVersion } from '../../src/catalog/catalog.ts'
import type { ReadingAsk } from '../../src/catalog/decisions/decide-reading.ts'
import type { WriteConditions, WriteOutcome } from '../../src/catalog/file-steps.ts'
import type {
  BucketRecord,
  FileRecord,
  GrantRecord,
  Versioning,
} from '../../src/catalog/records.ts'

export interface CatalogFixture {
  readonly catalog: Catalog
  /** The same catalog as another process has it open. */
  readonly other: Catalog
  /** What the catalog takes for the time. */
  readonly setNow: (nowMs: number) => void
  readonly dispose: () => Promise<void>
}

/** Opens a fixture for a test, and closes and removes it whatever comes of it. */
export async function withFixture<Fixture extends CatalogFixture>(
  create: () => Promise<Fixture>,
  body: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  const fixture = await create()
  try {
    await body(fixture)
  } finally {
    await fixture.catalog.close()
    await fixture.other.close()
    await fixture.dispose()
  }
}

export type CheckCatalog = (title: string, body: (fixture: CatalogFixture) => Promise<void>) => void

/** A version that is about to be committed. */
export interface Draft {
  readonly version: NewVersion
  readonly content: NewContent
}

/** Why a test changes a folder. */
export const BECAUSE = { changedAt: 5, changedBy: 'key_test', reason: 'a test' }

let serial = 0

export function nextId(prefix: string): string {
  serial += 1
  return `${prefix}${serial}`
}

export function draftOf(key: string, more: Partial<NewVersion> = {}, content?: NewContent): Draft {
  const number = Number(nextId(''))
  return {
    version: {
      bucket: 'acme',
      key,
      size: 3,
      etag: `etag${number}`,
      checksums: [{ algorithm: 'sha256', type: 'full-object', value: `sum${number}=` }],
      partSizes: [],
      contentType: 'text/plain',
      headers: {},
      metadata: {},
      tags: {},
      modifiedAt: 1000 + number,
      newFileId: `file${number}`,
      newVersionId: `version${number}`,
      ...more,
    },
    content: content ?? blobOf(`blob${number}`),
  }
}

export function blobOf(contentId: string, size = 3): NewContent {
  return { kind: 'blob', contentId, size }
}

export function inlineOf(text: string, contentId: string = nextId('inline')): NewContent {
  return { kind: 'inline', contentId, bytes: Buffer.from(text) }
}

export function contentIdOf({ content }: Draft): string {
  return content.kind === 'shared' ? content.content.contentId : content.contentId
}

/** The file that a draft becomes where there was none. */
export function fileOf({ version, content }: Draft, more: Partial<FileRecord> = {}): FileRecord {
  const { newFileId: id, newVersionId: _, ...rest } = version
  const kept = content.kind === 'shared' ? content.content : toContent(content)
  const made = { id, versionId: 'null', createdAt: version.modifiedAt, quotaKey: '', arrivedAt: 0 }
  return { ...rest, ...made, content: kept, ...more }
}

function toContent({ kind, contentId }: Exclude<NewContent, { kind: 'shared' }>) {
  return { kind, contentId }
}

export function commit(
  catalog: Catalog,
  { version, content }: Draft,
  conditions: Partial<WriteConditions> = {},
): Promise<WriteOutcome> {
  return catalog.files.commit(version, content, { epoch: null, ...conditions })
}

/** Commits what nothing stands against. */
export async function store(catalog: Catalog, draft: Draft): Promise<FileRecord> {
  const outcome = await commit(catalog, draft)
  assert.equal(outcome.outcome, 'committed')
  assert.ok('file' in outcome)
  return outcome.file
}

export function remove(
  catalog: Catalog,
  key: string,
  more: { versionId?: string; nowMs?: number } & Partial<WriteConditions> = {},
): ReturnType<Catalog['files']['remove']> {
  const { versionId = null, nowMs = 0, ...conditions } = more
  const ids = { newVersionId: nextId('marker'), newFileId: nextId('file') }
  const removal = { path: { bucket: 'acme', key }, versionId, ...ids, nowMs }
  return catalog.files.remove(removal, { epoch: null, ...conditions })
}

export function move(
  catalog: Catalog,
  file: Pick<FileRecord, 'id' | 'bucket' | 'key'>,
  to: { bucket?: string; key: string; overwrite?: boolean; maxBytes?: number },
  conditions: Partial<WriteConditions> = {},
): ReturnType<Catalog['files']['move']> {
  const { bucket = 'acme', key, overwrite = false, maxBytes = 1e15 } = to
  const ids = { newVersionId: nextId('moved'), newMarkerId: nextId('marker') }
  const from = { bucket: file.bucket, key: file.key }
  return catalog.files.move(
    { id: file.id, from, to: { bucket, key }, overwrite, maxBytes, ...ids, nowMs: 9000 },
    { epoch: null, ...conditions },
  )
}

export const at = (key: string, bucket = 'acme'): { bucket: string; key: string } => ({
  bucket,
  key,
})

export function bucketOf(name: string, more: Partial<BucketRecord> = {}): BucketRecord {
  return { name, createdAt: 1, versioning: 'off', settings: {}, ...more }
}

export async function createBuckets(catalog: Catalog, ...names: string[]): Promise<void> {
  for (const name of names) assert.equal(await catalog.buckets.create(bucketOf(name), null), true)
}

export async function createBucket(catalog: Catalog, versioning: Versioning): Promise<void> {
  assert.equal(await catalog.buckets.create(bucketOf('acme', { versioning }), null), true)
}

export function grantOf(id: string, more: Partial<GrantRecord> = {}): GrantRecord {
  return {
    id,
    method: 'GET',
    bucket: 'acme',
    key: 'a.txt',
    fileId: null,
    versionId: null,
    signingKeyId: 'HPKEY',
    createdAt: 100,
    createdBy: 'key1',
    expiresAt: 10_000,
    maxUses: null,
    uses: 0,
    bytes: 0,
    lastUsedAt: null,
    lastUsedIp: null,
    reading: null,
    ownContentId: null,
    terms: {},
    share: null,
    pausedAt: null,
    revokedAt: null,
    revokedBy: null,
    ...more,
  }
}

/** Asks for all of a file of ten bytes. */
export function askFor(id: string, more: Partial<ReadingAsk> = {}): ReadingAsk {
  return {
    id,
    answerId: 'p1.a',
    admittedAtMs: 500,
    clientIp: '::1',
    etag: 'etag',
    size: 10,
    piece: [0, 9],
    touchedAfterMs: 0,
    maxSentBytes: 40,
    isAtOnce: false,
    ...more,
  }
}

/** True if the answer may begin. */
export async function beginsReading(
  catalog: Catalog,
  id: string,
  more: Partial<ReadingAsk> = {},
): Promise<boolean> {
  return (await catalog.grants.beginReading(askFor(id, more))).outcome === 'begun'
}

/** Stores grants under the epoch of the moment. */
export async function insertGrants(catalog: Catalog, ...grants: GrantRecord[]): Promise<void> {
  assert.equal(await catalog.grants.insert(grants, await catalog.keys.epoch()), true)
}

/** What lies on the sweep list, of both kinds. */
export async function queuedIds(catalog: Catalog): Promise<string[]> {
  const due = (kind: 'inline' | 'blob') => catalog.sweep.due(Number.MAX_SAFE_INTEGER, kind, 10_000)
  return [...(await due('inline')), ...(await due('blob'))].toSorted()
}
