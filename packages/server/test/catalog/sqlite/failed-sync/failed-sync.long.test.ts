/** A sync of the log that fails: nobody knows what became of the commit, and nobody may lose by it. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import Database from 'better-sqlite3'
import type { Database as SqliteDatabase, Statement } from 'better-sqlite3'
import { createDiskBlobStore } from '../../../../src/blobs/disk/disk-blob-store.ts'
import { openDatabase } from '../../../../src/catalog/sqlite/open-database.ts'
import { createSqliteCatalog } from '../../../../src/catalog/sqlite/sqlite-catalog.ts'
import { listAll, readAll, rejectsWith } from '../../../suites/blob-store-suite.ts'
import { at, commit, createBuckets, draftOf, store } from '../../../suites/catalog-fixture.ts'

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-sync-'))
  try {
    await body(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A connection whose next COMMIT happens, or does not, and reports a failed sync. */
function failNextCommit(path: string, faults: { next: 'commits' | 'is lost' | null }) {
  const db = openDatabase(path)
  const prepare = db.prepare.bind(db)
  db.prepare = ((text: string) => {
    const statement = prepare(text)
    if (text !== 'COMMIT') return statement
    const run = statement.run.bind(statement)
    const failing: Pick<Statement, 'run'> = {
      run: () => {
        const { next } = faults
        if (next === null) return run()
        faults.next = null
        if (next === 'commits') run()
        throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC')
      },
    }
    return failing
  }) as SqliteDatabase['prepare']
  return db
}

describe('a commit that is reported as failed', () => {
  for (const fate of ['commits', 'is lost'] as const) {
    test(`and ${fate}: the connection is opened anew and says what is there`, async () => {
      await inFolder(async (folder) => {
        const faults: { next: 'commits' | 'is lost' | null } = { next: null }
        let opened = 0
        const catalog = createSqliteCatalog({
          path: join(folder, 'catalog.db'),
          reserveBytes: 0,
          open: (path) => {
            opened += 1
            return failNextCommit(path, faults)
          },
        })
        await createBuckets(catalog, 'acme')
        const old = await store(catalog, draftOf('a'))
        faults.next = fate
        const drafts = [draftOf('a'), draftOf('b')]
        const outcomes = await Promise.allSettled(drafts.map((draft) => commit(catalog, draft)))
        assert.deepEqual(
          outcomes.map(({ status }) => status),
          ['rejected', 'rejected'],
        )
        assert.equal(opened, 1)
        const found = await catalog.files.find(at('a'))
        assert.equal(opened, 2)
        const expected = fate === 'commits' ? drafts[0]?.version.etag : old.etag
        assert.equal(found?.etag, expected)
        assert.equal((await catalog.files.find(at('b'))) !== null, fate === 'commits')
        assert.equal((await commit(catalog, draftOf('c'))).outcome, 'committed')
        await catalog.close()
      })
    })
  }

  test('while the file cannot be opened again, everything waits for it and nothing is lost', async () => {
    await inFolder(async (folder) => {
      const faults: { next: 'commits' | 'is lost' | null } = { next: null }
      let isAway = false
      const catalog = createSqliteCatalog({
        path: join(folder, 'catalog.db'),
        reserveBytes: 0,
        open: (path) => {
          if (isAway) throw new Database.SqliteError('unable to open', 'SQLITE_CANTOPEN')
          return failNextCommit(path, faults)
        },
      })
      await createBuckets(catalog, 'acme')
      await store(catalog, draftOf('a'))
      faults.next = 'is lost'
      isAway = true
      await rejectsWith('unavailable', commit(catalog, draftOf('b')))
      await rejectsWith('unavailable', commit(catalog, draftOf('b')))
      await rejectsWith('unavailable', catalog.files.find(at('a')))
      await rejectsWith('unavailable', catalog.keys.snapshot())
      isAway = false
      assert.notEqual(await catalog.files.find(at('a')), null)
      assert.equal((await commit(catalog, draftOf('b'))).outcome, 'committed')
      await catalog.close()
    })
  })
})

/** Why the kernel's answer cannot be forged here; `false` if it can. */
const cannotForge: string | false = whyNotForge()

function whyNotForge(): string | false {
  if (process.platform !== 'linux') return 'only Linux preloads a library this way'
  const { status } = spawnSync('gcc', ['--version'], { stdio: 'ignore' })
  return status === 0 ? false : 'it needs gcc to build the library that makes fsync fail'
}

interface Answers {
  readonly [question: string]: string
}

function writeUnderFailingSync(folder: string, mode: string): Answers {
  const here = import.meta.dirname
  const library = join(folder, 'failing-sync.so')
  const source = join(here, 'failing-sync.c')
  execFileSync('gcc', ['-shared', '-fPIC', '-o', library, source, '-ldl'])
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--conditions=@hallpass/source',
      '--disable-warning=ExperimentalWarning',
      join(here, 'write-on.ts'),
      folder,
      mode,
    ],
    {
      env: { ...process.env, LD_PRELOAD: library, FAILING_SYNC: join(folder, 'fail') },
      encoding: 'utf8',
      timeout: 120_000,
    },
  )
  assert.notEqual(stdout, '', stderr)
  return JSON.parse(stdout) as Answers
}

/** Every file of the catalog has its bytes, whole. */
async function readAllFiles(folder: string): Promise<Record<string, string>> {
  const catalog = createSqliteCatalog({ path: join(folder, 'catalog.db'), reserveBytes: 0 })
  const blobs = createDiskBlobStore({ directory: join(folder, 'blobs') })
  const query = { bucket: 'acme', prefix: '', delimiter: '', after: '', limit: 100 }
  const read: Record<string, string> = {}
  for (const entry of (await catalog.files.list(query)).entries) {
    assert.ok(entry.kind === 'file')
    const { content, key, size } = entry.file
    const reader = await blobs.open(content.contentId, null, new AbortController().signal)
    const bytes = await readAll(reader)
    assert.equal(bytes.length, size)
    read[key] = String(bytes.subarray(0, 1))
  }
  await catalog.close()
  return read
}

describe('a sync of the log that the kernel fails', { skip: cannotForge }, () => {
  test('then a kill: the overwritten file or the new one is there, with its bytes', async () => {
    await inFolder(async (folder) => {
      const answers = writeUnderFailingSync(folder, 'dies')
      assert.deepEqual(answers, { first: 'committed', failed: 'StoreError' })
      const { a } = await readAllFiles(folder)
      assert.ok(a === '1' || a === '2', `a has the bytes of ${a}`)
      const blobs = await listAll(createDiskBlobStore({ directory: join(folder, 'blobs') }))
      assert.equal(blobs.length, 2)
    })
  })

  test('then a sync that works, then a kill: what was acknowledged is there and nothing else', async () => {
    await inFolder(async (folder) => {
      const answers = writeUnderFailingSync(folder, 'goes-on')
      assert.equal(answers['failed'], 'StoreError')
      assert.equal(answers['still failing'], 'StoreError')
      assert.equal(answers['later'], 'committed')
      const files = await readAllFiles(folder)
      assert.deepEqual(files, { a: answers['a has the bytes of'], c: '4' })
    })
  })
})
