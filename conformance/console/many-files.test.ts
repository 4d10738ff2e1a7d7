/** A folder of very many files: it opens at once and scrolls, whatever its length. How many: HALLPASS_CONSOLE_FILES. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import Database from 'better-sqlite3'
import { startServer } from '../../packages/server/src/start-server.ts'
import { createHallpass } from '../../packages/client/src/index.ts'
import { skip } from '../lib/browser-of-process.ts'
import { withConsole } from './with-console.ts'

const COUNT = Number(process.env['HALLPASS_CONSOLE_FILES'] ?? 100_000)
/** So far somebody scrolls in the test, in files. */
const SCROLLED = Math.min(COUNT, 20_000)

/** Copies the row of one file, as its own server wrote it, under other names. */
async function fill(dataDir: string): Promise<void> {
  const server = await startServer({ dataDir, port: 0, logLevel: 'silent', adminKey: ADMIN })
  await createHallpass({ url: server.url, key: ADMIN }).files.put({
    path: 'acme/all/file',
    body: 'x',
  })
  await server.close()
  const db = new Database(join(dataDir, 'catalog.db'))
  const columns = db.pragma('table_info(files)') as { name: string }[]
  const named = columns.map(({ name }) => name)
  const changed: Readonly<Record<string, string>> = {
    key: `'all/file ' || printf('%07d', n.value)`,
    id: `id || n.value`,
  }
  const values = named.map((name) => changed[name] ?? `files.${name}`)
  db.exec(`
    INSERT INTO files (${named.join(', ')})
    WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ${COUNT - 1})
    SELECT ${values.join(', ')} FROM files, n WHERE files.key = 'all/file';
    UPDATE contents SET refs = ${COUNT} WHERE id = (SELECT content_id FROM files WHERE key = 'all/file');
  `)
  db.close()
}

const ADMIN = 'hp_an_admin_key_for_this_one_test_and_no_other'

test(`a folder of ${COUNT} files opens and scrolls`, { skip }, async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hallpass-many-'))
  try {
    await fill(dataDir)
    await withConsole(
      async ({ page, url }) => {
        await page.addInitScript(`
          window.longTasks = []
          new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) window.longTasks.push(Math.round(duration))
          }).observe({ type: 'longtask', buffered: true })
        `)
        const takeTasks = (): Promise<number[]> => page.evaluate('window.longTasks.splice(0)')
        await page.goto(`${url}/-/console/files?folder=acme%2Fall`)
        await page.getByRole('button', { name: 'file', exact: true }).waitFor()
        const opening = await takeTasks()
        const list = page.getByRole('list', { name: 'Files and folders' })
        for (let seen = 0; seen < SCROLLED;) {
          seen = await list.evaluate((element) => {
            element.scrollBy(0, 40 * 300)
            return Math.floor((element.scrollTop + element.clientHeight) / 40)
          })
          // Nothing is drawn that is not on the screen.
          assert.ok((await list.getByRole('listitem').count()) < 100)
        }
        const scrolling = await takeTasks()
        const sum = (tasks: readonly number[]): number => tasks.reduce((all, one) => all + one, 0)
        t.diagnostic(
          `${COUNT} files: ${opening.length} long tasks while opening (${sum(opening)} ms), ` +
            `${scrolling.length} while scrolling by ${SCROLLED} (${sum(scrolling)} ms)`,
        )
        await page
          .getByLabel('Names that begin with')
          .fill(`file ${String(COUNT - 1).padStart(7, '0')}`)
        await page.getByRole('button', { name: 'Show' }).click()
        await page
          .getByRole('button', { name: `file ${String(COUNT - 1).padStart(7, '0')}` })
          .waitFor()
        assert.equal(await list.getByRole('listitem').count(), 1)
      },
      { dataDir, settings: { adminKey: ADMIN } },
    )
  } finally {
    await rm(dataDir, { recursive: true })
  }
})
