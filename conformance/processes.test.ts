/** Several processes over one catalog: nobody is turned away, nothing is lost, nothing is spent twice. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createSqliteCatalog } from '../packages/server/src/catalog/sqlite/sqlite-catalog.ts'
import type { Catalog } from '../packages/server/src/catalog/catalog.ts'
import { createGrant } from '../packages/server/src/core/links/create-grant.ts'

const run = promisify(execFile)
const WRITER = fileURLToPath(new URL('./processes/catalog-writer.ts', import.meta.url))
const WRITERS = ['a', 'b', 'c']
const FILES = 1000
const GRANTS = 100

async function insertGrants(catalog: Catalog): Promise<void> {
  const grants = Array.from({ length: GRANTS }, (_, grant) =>
    createGrant(
      {
        id: `g${grant}`,
        method: 'GET',
        bucket: 'acme',
        key: 'a',
        fileId: null,
        signingKeyId: 'HPKEY',
        createdAt: 1,
        createdBy: 'test',
        expiresAt: 1000,
      },
      { maxUses: 1 },
    ),
  )
  assert.equal(await catalog.grants.insert(grants, await catalog.keys.epoch()), true)
}

async function countFiles(catalog: Catalog): Promise<number> {
  let count = 0
  for (let after: string | null = ''; after !== null;) {
    const query = { bucket: 'acme', prefix: '', delimiter: '', after, limit: 1000 }
    const page = await catalog.files.list(query)
    count += page.entries.length
    after = page.nextAfter
  }
  return count
}

async function runWriter(path: string, name: string): Promise<number> {
  const { stdout } = await run(process.execPath, [
    '--conditions=@hallpass/source',
    '--disable-warning=ExperimentalWarning',
    WRITER,
    path,
    name,
    String(FILES),
    String(GRANTS),
  ])
  return Number(stdout)
}

test(`${WRITERS.length} processes write at once, and each one-use grant is used once`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-processes-'))
  const path = join(folder, 'catalog.db')
  const catalog = createSqliteCatalog({ path })
  try {
    await catalog.buckets.create(
      { name: 'acme', createdAt: 1, versioning: 'off', settings: {} },
      null,
    )
    await insertGrants(catalog)
    const uses = await Promise.all(WRITERS.map((name) => runWriter(path, name)))
    assert.equal(
      uses.reduce((sum, count) => sum + count, 0),
      GRANTS,
    )
    assert.equal(await countFiles(catalog), WRITERS.length * FILES)
  } finally {
    await catalog.close()
    await rm(folder, { recursive: true })
  }
})

test('processes that start on a fresh folder at the same moment all come up', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-processes-'))
  try {
    const path = join(folder, 'data', 'catalog.db')
    const starting = ['a', 'b', 'c', 'd'].map(() =>
      run(process.execPath, ['--conditions=@hallpass/source', WRITER, path, 'x', '0', '0']),
    )
    for (const { stdout } of await Promise.all(starting)) assert.equal(stdout.trim(), '0')
  } finally {
    await rm(folder, { recursive: true })
  }
})
