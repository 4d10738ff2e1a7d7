/** What an operator does in the console: sees what looks wrong and stops it, ends links in one go, looks how the server stands and is reached. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS, waitUntil } from '../lib/patience.ts'
import { findViolations } from './find-violations.ts'
import { withConsole } from './with-console.ts'
import type { OpenConsole } from './with-console.ts'

async function goTo({ page }: OpenConsole, screen: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Screens' }).getByText(screen).click()
  await page.getByRole('heading', { name: screen, exact: true }).waitFor()
}

async function makeLink({ hp }: OpenConsole, path: string): Promise<string> {
  return (await hp.links.create({ path, expiresIn: 300 })).url
}

async function statusOf(url: string, from?: string): Promise<number> {
  const headers = from === undefined ? {} : { 'x-forwarded-for': from }
  const { status, body } = await fetch(url, { headers })
  await body?.cancel()
  return status
}

async function stopWhatLooksWrong(open: OpenConsole): Promise<void> {
  const { page, hp } = open
  await hp.watch.put({ folder: 'acme', thresholds: { networksPerDay: 3, networksPerMinute: null } })
  const url = await makeLink(open, 'acme/passed-on.txt')
  for (const network of [1, 2, 3, 4]) assert.equal(await statusOf(url, `81.${network}.0.9`), 200)
  await waitUntil(async () => (await hp.alerts.list({})).alerts.length === 1, 'there is an alert')
  await goTo(open, 'Alerts')
  await page.getByText('One link is used from many networks').waitFor()
  assert.deepEqual(await findViolations(page), [])
  await page.getByRole('button', { name: 'Pause the link' }).click()
  await waitUntil(async () => (await statusOf(url)) === 403, 'the link is paused')
  await page.getByRole('button', { name: 'Dismiss' }).click()
  await page.getByText('Nothing looks wrong').waitFor()
  await page.getByLabel('Show').selectOption({ label: 'closed alerts' })
  await page.getByRole('link', { name: 'acme/passed-on.txt' }).click()
  await page.getByRole('heading', { name: 'What happened' }).waitFor()
  await page.getByText('link.paused').waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  assert.equal(await statusOf(url), 200)
}

async function endManyLinks(signedIn: OpenConsole): Promise<void> {
  const { hp, url: origin } = signedIn
  // The browser itself complains of an answer that is a refusal: not on the page whose complaints count.
  const page = await signedIn.page.context().newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(`${origin}/-/console`)
  const open = { ...signedIn, page }
  const path = 'acme/many.txt'
  const urls = [await makeLink(open, path), await makeLink(open, path)]
  await goTo(open, 'Links')
  await page.getByLabel('File or folder').fill(path)
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  const boxes = page.getByLabel(`Select the link for ${path}`)
  await boxes.nth(1).waitFor()
  for (const index of [0, 1]) await boxes.nth(index).check()
  // One of them is over before the click.
  const [first] = (await hp.links.list({ path })).links
  await hp.links.revoke({ id: first?.id ?? '' })
  await page.getByRole('button', { name: 'Revoke the selected' }).click()
  await page.getByText(/^(?:The link is|2 links are) dead\.$/).waitFor()
  for (const url of urls) assert.equal(await statusOf(url), 403)

  const swept = await makeLink(open, 'acme/swept/a.txt')
  await page.getByRole('button', { name: 'Revoke all of …' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Folder').fill('acme/swept')
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
  await page.getByText('Every link made until now is dead there.').waitFor()
  assert.equal(await statusOf(swept), 403)
  assert.equal(await statusOf(await makeLink(open, 'acme/swept/a.txt')), 200)
  await page.close()
}

async function lookAtTheServer(open: OpenConsole): Promise<void> {
  const { page, url } = open
  await goTo(open, 'Checklist')
  const items = page.getByRole('table', { name: 'The security checklist' }).getByRole('row')
  await page.getByText('17. ').waitFor()
  assert.ok((await items.count()) >= 18)
  await goTo(open, 'Settings')
  await page
    .getByRole('row', { name: /^Public address/ })
    .getByText(url)
    .waitFor()
  await page
    .getByRole('row', { name: /^Links/ })
    .getByText('strangers cannot open')
    .waitFor()
  await page
    .getByRole('row', { name: /^We see you as/ })
    .getByText('127.0.0.1')
    .waitFor()
}

test('an operator in the console', { skip }, async (t) => {
  await withConsole(
    async (open) => {
      for (const name of ['passed-on.txt', 'many.txt', 'swept/a.txt']) {
        await open.hp.files.put({ path: `acme/${name}`, body: 'x' })
      }
      await t.test(
        'sees the link that looks wrong, pauses it, dismisses the alert, resumes it',
        () => stopWhatLooksWrong(open),
      )
      await t.test('revokes several links at once, and all of a folder', () => endManyLinks(open))
      await t.test('reads the checklist, and how the server is reached', () =>
        lookAtTheServer(open),
      )
    },
    { settings: { trustedProxies: ['127.0.0.1/32'] } },
  )
})
