/** A data folder of version 0.1.0 opens and keeps everything. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import Database from 'better-sqlite3'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { initial } from '../../../src/catalog/migrations/001-initial.ts'
import { createSqliteCatalog } from '../../../src/catalog/sqlite/sqlite-catalog.ts'
import { migrate } from '../../../src/catalog/sqlite/migrate.ts'
import {
  at,
  beginsReading,
  commit,
  draftOf,
  grantOf,
  queuedIds,
  remove,
} from '../../suites/catalog-fixture.ts'

const DAY_MS = 86_400_000
const SHA256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
const MD5 = '900150983cd24fb0d6963f7d28e17f72'

/** What 0.1.0 wrote, in its own words. */
function fill(db: Database.Database): void {
  db.exec(`
    INSERT INTO buckets (name, created_at) VALUES ('acme', 7), ('empty', 8);
    INSERT INTO files (bucket, key, id, size, etag, sha256, content_type, headers, metadata, created_at, modified_at, blob_id, is_inline)
      VALUES
        ('acme', 'small.txt', 'file_small', 3, '${MD5}', '${SHA256}', 'text/plain', NULL, NULL, 100, 200, 'inline1', 1),
        ('acme', 'dir/large', 'file_large', 5000000000, '${MD5}', '${SHA256}', 'video/mp4',
          '{"cacheControl":"no-store"}', '{"owner":"müller"}', 300, 400, 'blobblob1', 0);
    INSERT INTO inline_blobs (blob_id, bytes) VALUES ('inline1', x'616263'), ('inline2', x'00ff');
    INSERT INTO sweep_list (blob_id, is_inline, queued_at) VALUES ('inline2', 1, 900), ('blobblob2', 0, 800);
    INSERT INTO folders (path, bucket, visibility, policy, updated_at)
      VALUES ('acme/dir/', 'acme', 'public', '{"maxBytes":10}', 5);
    INSERT INTO grants (id, method, bucket, key, signing_key_id, created_at, created_by, expires_at, reason, max_uses, uses,
        last_used_at, last_used_ip, max_bytes, content_types, revoked_at)
      VALUES
        ('link_get', 'GET', 'acme', 'small.txt', 'HPOLD', 1000, 'key_a', 99000, 'why', 3, 1, 1500, '10.0.0.1', NULL, '[]', NULL),
        ('link_put', 'PUT', 'acme', 'dir/in/new', 'HPNEW', 2000, 'key_b', 99000, NULL, NULL, 0, NULL, NULL, 77, '["image/*"]', NULL),
        ('link_spent', 'GET', 'acme', 'dir/large', 'HPNEW', 3000, 'key_a', 99000, NULL, 1, 1, 3500, '::1', NULL, '[]', NULL),
        ('link_revoked', 'GET', 'acme', 'gone', 'HPNEW', 4000, 'key_a', 99000, NULL, NULL, 0, NULL, NULL, NULL, '[]', 4500);
    INSERT INTO api_keys (id, name, secret_hash, scope, created_at, created_by, expires_at, revoked_at)
      VALUES ('key_a', 'admin', 'ab12', '{"actions":["admin"],"pathPrefix":"","cidrs":[]}', 1, 'first start', NULL, NULL);
    INSERT INTO access_keys (id, kind, name, sealed_secret, scope, max_expires_in_seconds, may_presign_delete, state,
        created_at, created_by, expires_at, revoked_at)
      VALUES
        ('HPOLD', 'signing', 'signing key', x'01', '{"actions":["read"],"pathPrefix":"","cidrs":[]}', 60, 0, 'retiring', 10, 'x', NULL, NULL),
        ('HPNEW', 'signing', 'signing key', x'02', '{"actions":["read"],"pathPrefix":"","cidrs":[]}', 60, 0, 'active', 20, 'x', NULL, NULL),
        ('HPCLIENT', 'access', 'laptop', x'03', '{"actions":["read"],"pathPrefix":"","cidrs":[]}', 60, 1, 'active', 15, 'x', 99, 98);
    INSERT INTO revocations (scope, not_before) VALUES ('', 5000), ('file:acme/x', 6000);
    UPDATE key_epoch SET value = 42;
  `)
}

async function withOldCatalog(
  body: (catalog: Catalog, path: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-old-'))
  const path = join(folder, 'catalog.db')
  try {
    const db = new Database(path)
    db.pragma('journal_mode = WAL')
    migrate(db, [initial])
    fill(db)
    db.close()
    const catalog = createSqliteCatalog({ path, clock: { now: () => 50_000 }, reserveBytes: 0 })
    try {
      await body(catalog, path)
    } finally {
      await catalog.close()
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const checksums = [
  {
    algorithm: 'sha256',
    type: 'full-object',
    value: Buffer.from(SHA256, 'hex').toString('base64'),
  },
]

describe('a catalog of version 0.1.0', () => {
  test('keeps its files, their bytes and what they say of themselves', async () => {
    await withOldCatalog(async (catalog) => {
      const small = {
        id: 'file_small',
        bucket: 'acme',
        key: 'small.txt',
        versionId: 'null',
        size: 3,
        etag: MD5,
        checksums,
        partSizes: [],
        contentType: 'text/plain',
        headers: {},
        metadata: {},
        tags: {},
        createdAt: 100,
        modifiedAt: 200,
        arrivedAt: 0,
        quotaKey: '',
        content: { kind: 'inline', contentId: 'inline1' },
      }
      assert.deepEqual(await catalog.files.find(at('small.txt')), small)
      assert.deepEqual(await catalog.files.findById('file_small'), small)
      assert.equal(String(await readText(catalog, 'inline1')), 'abc')
      assert.deepEqual(await catalog.files.find(at('dir/large')), {
        ...small,
        id: 'file_large',
        key: 'dir/large',
        size: 5_000_000_000,
        contentType: 'video/mp4',
        headers: { cacheControl: 'no-store' },
        metadata: { owner: 'müller' },
        createdAt: 300,
        modifiedAt: 400,
        content: { kind: 'blob', contentId: 'blobblob1' },
      })
    })
  })

  test('goes on sweeping what it was about to sweep, and nothing else', async () => {
    await withOldCatalog(async (catalog) => {
      assert.deepEqual(await catalog.sweep.due(901, 'inline', 10), ['inline2'])
      assert.deepEqual(await catalog.sweep.due(901, 'blob', 10), ['blobblob2'])
      assert.deepEqual(await catalog.sweep.due(800, 'blob', 10), [])
      for (const id of ['inline1', 'inline2', 'blobblob1', 'blobblob2']) {
        assert.equal(await catalog.sweep.isKnown(id), true, id)
      }
      await catalog.sweep.done(['inline2', 'blobblob2'])
      assert.equal(await catalog.contents.readInline('inline2'), null)
      await remove(catalog, 'small.txt')
      await remove(catalog, 'dir/large')
      assert.deepEqual(await queuedIds(catalog), ['blobblob1', 'inline1'])
    })
  })

  test('keeps its buckets and folders, and can keep versions from here on', async () => {
    await withOldCatalog(async (catalog) => {
      const acme = { name: 'acme', createdAt: 7, versioning: 'off', settings: {} }
      assert.deepEqual(await catalog.buckets.list(), [
        acme,
        { ...acme, name: 'empty', createdAt: 8 },
      ])
      const folder = {
        path: 'acme/dir/',
        visibility: 'public',
        policy: { maxBytes: 10 },
        updatedAt: 5,
      }
      assert.deepEqual(await catalog.folders.find('acme/dir/'), folder)
      await catalog.buckets.update('acme', { versioning: 'enabled' }, null)
      assert.equal((await commit(catalog, draftOf('small.txt'))).outcome, 'committed')
      const old = await catalog.files.findVersion(at('small.txt'), 'null')
      assert.ok(old !== null && !old.isDeleteMarker)
      assert.deepEqual(old.content, { kind: 'inline', contentId: 'inline1' })
    })
  })

  test('keeps its links, each as alive as it was, and lists them by all that is asked', async () => {
    await withOldCatalog(async (catalog) => {
      const get = grantOf('link_get', {
        key: 'small.txt',
        fileId: 'file_small',
        signingKeyId: 'HPOLD',
        createdAt: 1000,
        createdBy: 'key_a',
        expiresAt: 99_000,
        maxUses: 3,
        uses: 1,
        lastUsedAt: 1500,
        lastUsedIp: '10.0.0.1',
        terms: { reason: 'why', mayOverwrite: true },
      })
      assert.deepEqual(await catalog.grants.find('link_get'), get)
      const put = await catalog.grants.find('link_put')
      assert.deepEqual(
        [put?.fileId, put?.reading, put?.terms],
        [null, null, { mayOverwrite: true, maxBytes: 77, contentTypes: ['image/*'] }],
      )
      const revoked = await catalog.grants.find('link_revoked')
      assert.deepEqual([revoked?.revokedAt, revoked?.revokedBy], [4500, 'link'])
      const list = async (more: object): Promise<string[]> => {
        const all = { pathPrefix: '', before: null, limit: 10, createdBy: null, status: null }
        const found = await catalog.grants.list({ ...all, nowMs: 50_000, ...more })
        return found.map(({ id }) => id)
      }
      assert.deepEqual(await list({}), ['link_revoked', 'link_spent', 'link_put', 'link_get'])
      assert.deepEqual(await list({ status: 'active' }), ['link_put', 'link_get'])
      assert.deepEqual(await list({ status: 'used-up' }), ['link_spent'])
      assert.deepEqual(await list({ pathPrefix: 'acme/dir/' }), ['link_spent', 'link_put'])
      assert.deepEqual(await list({ pathPrefix: 'acme/dir/', createdBy: 'key_b' }), ['link_put'])
      assert.deepEqual(await list({ status: 'active', nowMs: 99_000 }), [])
      assert.equal(await beginsReading(catalog, 'link_get', { admittedAtMs: 50_000 }), true)
    })
  })

  test('keeps its keys and rules; what was rotated away says when', async () => {
    await withOldCatalog(async (catalog) => {
      const { epoch, apiKeys, accessKeys, revocations } = await catalog.keys.snapshot()
      assert.equal(epoch, 42)
      assert.deepEqual(
        apiKeys.map(({ id, secretHash }) => [id, secretHash]),
        [['key_a', 'ab12']],
      )
      assert.deepEqual(
        accessKeys.map(({ id, state, rotatedAt, revokedAt, sealedSecret }) => [
          id,
          state,
          rotatedAt,
          revokedAt,
          [...sealedSecret],
        ]),
        [
          ['HPCLIENT', 'active', null, 98, [3]],
          ['HPNEW', 'active', null, null, [2]],
          ['HPOLD', 'retiring', 20, null, [1]],
        ],
      )
      const rules = revocations.map(({ scope, notBefore }) => `${scope} ${notBefore}`)
      assert.deepEqual(rules.toSorted(), [' 5000', 'file:acme/x 6000'])
      // No link of 0.1.0 lived longer than a week.
      for (const { notBefore, forgetAt } of revocations) {
        assert.ok(forgetAt >= notBefore + 7 * DAY_MS)
      }
    })
  })

  test('opens by two processes at once, and is sound afterwards', async () => {
    await withOldCatalog(async (catalog, path) => {
      const second = createSqliteCatalog({ path, reserveBytes: 0 })
      assert.equal((await second.files.find(at('small.txt')))?.id, 'file_small')
      await second.close()
      assert.notEqual(await catalog.files.find(at('small.txt')), null)
      const db = new Database(path, { readonly: true })
      assert.equal(db.pragma('integrity_check', { simple: true }), 'ok')
      assert.deepEqual(db.pragma('foreign_key_check'), [])
      db.close()
    })
  })
})

async function readText(catalog: Catalog, contentId: string): Promise<Buffer> {
  return Buffer.from((await catalog.contents.readInline(contentId)) ?? [])
}
