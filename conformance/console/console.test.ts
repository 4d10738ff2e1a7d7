/** Each screen of the console, as somebody uses it, in a real browser on a real server. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { skip } from '../lib/browser-of-process.ts'
import { waitUntil } from '../lib/patience.ts'
import { findViolations } from './find-violations.ts'
import { withConsole } from './with-console.ts'

const TEXT = 'All is well.'

test('a wrong key is told so, and no session comes of it', { skip }, async () => {
  await withConsole(async ({ browser, url }) => {
    const page = await browser.newPage()
    await page.goto(`${url}/-/console`)
    await page.getByLabel('API key').fill('hp_wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('The API key is not valid.').waitFor()
    assert.equal(await page.evaluate(() => sessionStorage.length), 0)
    assert.equal((await page.context().cookies()).length, 0)
  })
})

test(
  'the first screen of a new server leads by clicks to a link that opens, and back',
  { skip },
  async () => {
    await withConsole(async ({ page, hp }) => {
      await page.getByText('There is no bucket of yours yet').waitFor()
      await page.getByRole('button', { name: 'Make the first bucket' }).click()
      await page.getByRole('dialog').getByLabel('Name').fill('acme')
      await page.getByRole('button', { name: 'Make the bucket' }).click()
      await page.getByText('Nothing lies here').waitFor()
      const file = { name: 'report.txt', mimeType: 'text/plain', buffer: Buffer.from(TEXT) }
      const choosing = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Upload files' }).click()
      await (await choosing).setFiles(file)
      await page.getByRole('button', { name: 'report.txt', exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Share' }).click()
      await page.getByRole('button', { name: 'Make the link' }).click()
      // Strangers would find nothing at a loopback address: the link is not shown without a word.
      await page.getByText('whoever you give it to finds nothing there').waitFor()
      assert.equal(await page.getByLabel('Link', { exact: true }).count(), 0)
      await page.getByRole('button', { name: 'Show it for this machine' }).click()
      const url = await page.getByLabel('Link', { exact: true }).inputValue()
      assert.equal(await (await fetch(url)).text(), TEXT)

      await page.getByRole('button', { name: 'Done' }).click()
      await page.getByRole('navigation', { name: 'Screens' }).getByText('Links').click()
      await page.getByRole('button', { name: 'Revoke the link for acme/report.txt' }).click()
      await page.getByText('The link is dead.').waitFor()
      assert.equal((await fetch(url)).status, 403)
      await page.getByRole('button', { name: 'Undo' }).click()
      await page.getByText('paused').waitFor({ state: 'detached' })
      assert.equal(await (await fetch(url)).text(), TEXT)
      const { links } = await hp.links.list({ path: 'acme/report.txt' })
      // The upload had one of its own, which ended with it.
      assert.deepEqual(links.map(({ method, status }) => `${method} ${status}`).toSorted(), [
        'GET active',
        'PUT used-up',
      ])
    })
  },
)

test('revoking a key shows what it made, and takes it along if told to', { skip }, async () => {
  await withConsole(async ({ page, hp }) => {
    await page.keyboard.press('g')
    await page.keyboard.press('k')
    await page.getByRole('button', { name: 'New key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('parent')
    await dialog.getByLabel('admin').check()
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    const secret = await dialog.getByLabel('API key', { exact: true }).inputValue()
    await dialog.getByRole('button', { name: 'Done' }).click()
    const { createHallpass } = await import('../../packages/client/src/index.ts')
    const parent = createHallpass({ url: new URL(page.url()).origin, key: secret })
    const child = await parent.apiKeys.create({ name: 'child', actions: ['read'] })

    await page.getByRole('button', { name: 'Revoke parent' }).click()
    await dialog.getByText(child.id).waitFor()
    await dialog.getByLabel('Revoke that key too').check()
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText('parent is revoked.').waitFor()
    const { apiKeys } = await hp.apiKeys.list()
    assert.notEqual(apiKeys.find(({ id }) => id === child.id)?.revokedAt, null)
  })
})

test('a key is replaced by one that may the same, and then revoked', { skip }, async () => {
  await withConsole(async ({ page, url, hp }) => {
    const scope = { actions: ['read', 'publish'], pathPrefix: 'acme/', cidrs: ['127.0.0.0/8'] }
    const before = await hp.apiKeys.create({
      name: 'worker',
      ...scope,
      actions: ['read', 'publish'],
    })
    await page.getByRole('navigation', { name: 'Screens' }).getByText('Keys').click()
    await page.getByRole('button', { name: 'Replace worker' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Make the key' }).click()
    const secret = await dialog.getByLabel('API key', { exact: true }).inputValue()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText('worker is revoked.').waitFor()

    const headers = { authorization: `Bearer ${secret}` }
    const me = (await (await fetch(`${url}/v1/me`, { headers })).json()) as typeof before
    const { actions, pathPrefix, cidrs } = me
    assert.deepEqual({ actions, pathPrefix, cidrs }, scope)
    const { apiKeys } = await hp.apiKeys.list()
    const ended = apiKeys.filter(({ revokedAt }) => revokedAt !== null).map(({ id }) => id)
    assert.deepEqual(ended, [before.id])
  })
})

test('a policy is tried out before it is made', { skip }, async () => {
  await withConsole(async ({ page, hp }) => {
    await hp.files.put({ path: 'acme/report.txt', body: TEXT })
    await hp.links.create({ path: 'acme/report.txt', expiresIn: 3600 })
    await page.goto(`${page.url().split('/-/')[0]}/-/console/policy?folder=acme`)
    await page.getByLabel('Policy', { exact: true }).fill('{"maxDownloadSeconds": 60}')
    await page.getByRole('button', { name: 'What would this refuse?' }).click()
    await page.getByRole('table', { name: 'Links that would be refused' }).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The policy holds from now on.').waitFor()
    const { lines } = await hp.folders.getPolicy({ path: 'acme' })
    assert.deepEqual(lines['maxDownloadSeconds'], { value: 60, from: 'acme/' })
  })
})

test(
  'explain names the cause, and sends nothing anywhere until this server is asked',
  { skip },
  async () => {
    await withConsole(async ({ page, hp }) => {
      await hp.files.put({ path: 'acme/report.txt', body: TEXT })
      const { url } = await hp.links.create({ path: 'acme/report.txt', expiresIn: 300 })
      await page.getByRole('navigation', { name: 'Screens' }).getByText('Explain').click()
      await page.getByLabel('Signed URL').fill(url.replace('X-Amz-Date=2', 'X-Amz-Date=1'))
      const sent: string[] = []
      page.on('request', (request) => sent.push(request.url()))
      await page.getByRole('button', { name: 'Explain' }).click()
      await page.getByText('Why, likeliest first').waitFor()
      assert.deepEqual(sent, [])
      await page.getByLabel('Secret of the key').fill('a secret of nobody')
      await page.getByRole('button', { name: 'Explain' }).click()
      const [asked] = await Promise.all([
        page.waitForRequest(/\/v1\/explain$/),
        page.getByRole('button', { name: 'Ask this server' }).click(),
      ])
      assert.ok(!String(asked.postData()).includes('a secret of nobody'))
      await page.getByText('What this server says, likeliest first').waitFor()
      await page.getByText('Look at the link').waitFor()
      await page.getByRole('navigation', { name: 'Screens' }).getByText('Settings').click()
      const figures = page.getByRole('table', { name: 'What is here' })
      await figures.getByRole('row', { name: /^Links 1 active, 0 paused, 0 ended$/ }).waitFor()
    })
  },
)

test('the audit trail shows what was done, live too', { skip }, async () => {
  await withConsole(async ({ page, hp }) => {
    await hp.files.put({ path: 'acme/first.txt', body: TEXT })
    await assert.rejects(hp.links.create({ path: 'acme/none.txt', expiresIn: 300 }))
    const isNoted = async (): Promise<boolean> =>
      (await hp.events.list({})).events.some(({ code }) => code !== null)
    await waitUntil(isNoted, 'the refusal is noted')
    await page.getByRole('navigation', { name: 'Screens' }).getByText('Events').click()
    await page.getByText('acme/first.txt').first().waitFor()
    await page.getByRole('img', { name: /^By the hour, .* 1 of them refused/ }).waitFor()
    await page.getByLabel('What happened').selectOption('requests that were refused')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page
      .getByRole('cell', { name: /^request\.refused/ })
      .first()
      .waitFor()
    assert.equal(await page.getByText('acme/first.txt').count(), 0)
    await page.getByLabel('What happened').selectOption('everything')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByText('acme/first.txt').first().waitFor()
    await page.getByLabel('Show what happens as it happens').check()
    await page.getByText('Waiting for something to happen').waitFor()
    // The stream may open a moment after its word is there.
    const again = setInterval(() => void hp.files.put({ path: 'acme/second.txt', body: TEXT }), 500)
    await page.getByText('acme/second.txt').first().waitFor()
    clearInterval(again)
  })
})

test('names with markup are shown as text', { skip }, async () => {
  await withConsole(async ({ page, hp }) => {
    const name = '<img src=x onerror=alert(1)>.txt'
    await hp.files.put({ path: `acme/${name}`, body: TEXT })
    await page.reload()
    await page.getByRole('button', { name: 'acme/' }).click()
    await page.getByRole('button', { name }).click()
    assert.equal(await page.getByRole('dialog').locator('img').count(), 0)
    assert.equal(await page.getByRole('heading', { name }).count(), 1)
    await page.keyboard.press('Escape')
    // What turns the direction would have it read as a picture.
    await hp.files.put({ path: 'acme/turned\u202Egnp.exe', body: TEXT })
    await page.reload()
    await page.getByRole('button', { name: 'turned\uFFFDgnp.exe', exact: true }).click()
    await page.getByRole('heading', { name: 'turned\uFFFDgnp.exe' }).waitFor()
  })
})

const SCREENS = [
  'Files',
  'Links',
  'Alerts',
  'Events',
  'Policy',
  'Keys',
  'Explain',
  'Checklist',
  'Settings',
]

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any screen, in the ${colorScheme}, on a phone`, { skip }, async () => {
    const viewport = { width: 360, height: 740 }
    await withConsole(
      async ({ page, hp }) => {
        await hp.files.put({ path: 'acme/report.txt', body: TEXT })
        await hp.links.create({ path: 'acme/report.txt', expiresIn: 300 })
        for (const title of SCREENS) {
          await page.getByRole('navigation', { name: 'Screens' }).getByText(title).click()
          await page.getByRole('heading', { name: title, exact: true }).waitFor()
          await page.waitForLoadState('networkidle')
          assert.deepEqual(await findViolations(page), [], title)
          const [width, shown] = await page.evaluate(() => [
            document.documentElement.scrollWidth,
            document.documentElement.clientWidth,
          ])
          assert.ok(width <= shown, `${title} is ${width} wide on ${shown}`)
        }
      },
      { viewport, colorScheme },
    )
  })
}

test(
  'the console goes nowhere but to its own server, and is framed by nobody',
  { skip },
  async () => {
    await withConsole(async ({ page, url }) => {
      const answer = await page.request.get(`${url}/-/console/links`)
      const policy = answer.headers()['content-security-policy'] ?? ''
      assert.match(policy, /default-src 'none'/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.doesNotMatch(policy, /unsafe/)
      assert.equal((await page.request.post(`${url}/-/console`)).status(), 405)
      assert.equal((await page.request.get(`${url}/-/console/assets/none.js`)).status(), 404)
    })
  },
)
