/** A bucket of somebody else's store in the console: what lies there is listed, added to, shared and taken back as any other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { skip } from '../lib/browser-of-process.ts'
import { startSeaweed, whyNoSeaweed } from '../lib/seaweed.ts'
import { LOOPBACK, storeOf } from '../mounts/mounted-world.ts'
import { findViolations } from './find-violations.ts'
import { withConsole } from './with-console.ts'
import type { OpenConsole } from './with-console.ts'

/** Where bytes do not pass the server the console shows none of them, says so, and hands them on; what is uploaded passes it. */
async function readAtTheStore({ page, hp, url }: OpenConsole, store: string): Promise<void> {
  for (const delivery of ['redirected', 'direct'] as const) {
    await hp.folders.put({ path: 'outside', policy: { delivery } })
    await page.goto(`${url}/-/console/files?folder=outside/reports`)
    const name = `${delivery}.txt`
    const file = { name, mimeType: 'text/plain', buffer: Buffer.from(delivery) }
    await page.getByLabel('Upload files').last().setInputFiles(file)
    await page.getByRole('button', { name, exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('No preview: the bytes of this file come from its store').waitFor()
    assert.deepEqual(await findViolations(page), [])
    const fetched = page
      .context()
      .waitForEvent('response', (answer) => new URL(answer.url()).origin === store)
    await dialog.getByRole('button', { name: 'Download' }).click()
    const answer = await fetched
    assert.equal(answer.status(), 200)
    assert.match(answer.headers()['content-disposition'] ?? '', /^attachment/)
  }
}

test(
  'a mounted bucket: its files are listed, one more is uploaded, shared by a link, and the link revoked',
  { skip: skip || whyNoSeaweed() },
  async () => {
    const seaweed = await startSeaweed()
    const settings = { storeNetworks: [...LOOPBACK] }
    try {
      await withConsole(
        async (open) => {
          const { page, hp, url } = open
          const store = storeOf(seaweed, `${seaweed.bucket}/console`)
          await hp.buckets.put({ name: 'outside', store })
          await hp.files.put({ path: 'outside/reports/first.txt', body: 'first' })
          await page.goto(`${url}/-/console/files`)
          await page.getByRole('button', { name: 'outside/' }).click()
          await page.getByText(`s3://${seaweed.bucket}/console`).waitFor()
          await page.getByRole('button', { name: 'reports/' }).click()
          await page.getByRole('button', { name: 'first.txt', exact: true }).waitFor()
          const file = { name: 'second.txt', mimeType: 'text/plain', buffer: Buffer.from('second') }
          await page.getByLabel('Upload files').last().setInputFiles(file)
          await page.getByRole('button', { name: 'second.txt', exact: true }).click()
          const dialog = page.getByRole('dialog')
          await dialog.getByText('second', { exact: true }).waitFor()
          assert.deepEqual(await findViolations(page), [])
          await dialog.getByRole('button', { name: 'Share' }).click()
          await page.getByRole('button', { name: 'Make the link' }).click()
          await page.getByRole('button', { name: 'Show it for this machine' }).click()
          const link = await page.getByLabel('Link', { exact: true }).inputValue()
          assert.equal(await (await fetch(link)).text(), 'second')

          await page.getByRole('button', { name: 'Done' }).click()
          await page.getByRole('navigation', { name: 'Screens' }).getByText('Links').click()
          const path = 'outside/reports/second.txt'
          await page.getByRole('button', { name: `Revoke the link for ${path}` }).click()
          await page.getByText('The link is dead.').waitFor()
          assert.equal((await fetch(link)).status, 403)
          const { links } = await hp.links.list({ path })
          // For ten seconds it is paused, so that it can be taken back.
          const own = links.find(({ method }) => method === 'GET')
          assert.ok((own?.pausedAt ?? own?.revokedAt ?? null) !== null)
          await readAtTheStore(open, seaweed.origin)
        },
        { settings },
      )
    } finally {
      await seaweed.stop()
    }
  },
)
