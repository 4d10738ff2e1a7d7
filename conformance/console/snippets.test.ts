/** What the console gives to copy with a new key, run as it stands. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import { findProgram, installed } from '../clients/harness/find-client.ts'
import { mustRun } from '../clients/harness/run-program.ts'
import { skip } from '../lib/browser-of-process.ts'
import { findViolations } from './find-violations.ts'
import { withConsole } from './with-console.ts'
import type { OpenConsole } from './with-console.ts'

const ROOT = join(import.meta.dirname, '../..')
const PYTHON = installed('python', 'bin', 'python')
const AWS = installed('python', 'bin', 'aws')

interface NewKey {
  readonly secret: string
  readonly snippets: ReadonlyMap<string, string>
}

async function makeKey(page: Page, kind: string): Promise<NewKey> {
  await page.getByRole('button', { name: 'New key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('For', { exact: true }).selectOption({ label: kind })
  await dialog.getByLabel('Name').fill(kind)
  for (const action of ['write', 'share']) await dialog.getByLabel(action).check()
  await dialog.getByRole('button', { name: 'Make the key' }).click()
  const uses = dialog.getByLabel('Use it with')
  await uses.waitFor()
  assert.deepEqual(await findViolations(page), [])
  const snippets = new Map<string, string>()
  for (const name of await uses.locator('option').allTextContents()) {
    await uses.selectOption({ label: name })
    snippets.set(name, (await dialog.locator('pre').textContent()) ?? '')
  }
  const secret = await dialog.getByLabel(/^(?:API key|Secret access key)$/).inputValue()
  await dialog.getByRole('button', { name: 'Done' }).click()
  return { secret, snippets }
}

/** Where programs run: with the packages of this workspace, and the variables that the snippets name. */
interface Place {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
}

function take({ snippets }: NewKey, name: string): string {
  return snippets.get(name) ?? assert.fail(`no snippet for ${name}`)
}

async function runScript({ folder, env }: Place, text: string): Promise<string> {
  await writeFile(join(folder, 'script.mjs'), text)
  const conditions = { NODE_OPTIONS: '--conditions=@hallpass/source' }
  const options = { cwd: folder, env: { ...env, ...conditions } }
  return mustRun([process.execPath, 'script.mjs'], options)
}

/** On the server what stands first, the rest in a page that has nothing but the link. */
async function sendWithUppy(place: Place, { page, url }: OpenConsole, text: string): Promise<void> {
  const [onServer = '', inPage = ''] = text.split(/^(?=\/\/ In the page)/m)
  const link = (await runScript(place, `${onServer}\nconsole.log(link)`)).trim()
  const contents = `${inPage}
    uppy.addFile({ name: 'page.txt', type: 'text/plain', data: new Blob(['from a page']) })
    globalThis.sent = uppy.upload()`
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    write: false,
    format: 'iife',
    define: { link: JSON.stringify(link) },
  })
  const browser = page.context().browser()
  const other = await (await browser?.newContext({ bypassCSP: true }))?.newPage()
  await other?.goto(`${url}/-/docs`)
  await other?.addScriptTag({ content: outputFiles[0]?.text ?? '' })
  const failed = await other?.evaluate(async () => {
    const { sent } = globalThis as unknown as { sent: Promise<{ failed: object[] }> }
    return (await sent).failed
  })
  assert.deepEqual(failed, [])
}

async function useApiKey(open: OpenConsole, folder: string): Promise<void> {
  const { page, hp } = open
  const made = await makeKey(page, 'this API')
  const place = { folder, env: { HALLPASS_API_KEY: made.secret } }
  const asked = await mustRun(['sh', '-euc', take(made, 'curl')], { cwd: folder })
  assert.match(asked, /"name":"this API"/)
  assert.match(await runScript(place, take(made, 'JavaScript')), /name: 'this API'/)
  await writeFile(join(folder, 'film.mp4'), 'a film')
  assert.match(await runScript(place, take(made, 'tus-js-client')), /It has arrived/)
  await sendWithUppy(place, open, take(made, 'Uppy'))
  assert.equal(made.snippets.size, 4)
  const { files } = await hp.files.list({ folder: 'acme/inbox' })
  assert.deepEqual(
    files.map(({ name, size }) => [name, size]),
    [
      ['film.mp4', 6],
      ['page.txt', 11],
    ],
  )
}

async function useAccessKey({ page }: OpenConsole, folder: string): Promise<void> {
  const made = await makeKey(page, 'S3 clients')
  const place = { folder, env: { AWS_SECRET_ACCESS_KEY: made.secret } }
  assert.match(await runScript(place, take(made, 'the AWS SDK for JavaScript')), /acme/)
  const programs: readonly (readonly [string, string, readonly [string, ...string[]]])[] = [
    [
      'the AWS CLI',
      AWS,
      ['sh', '-euc', `PATH=${join(AWS, '..')}:$PATH\n${take(made, 'the AWS CLI')}`],
    ],
    ['boto3', PYTHON, [PYTHON, '-c', take(made, 'boto3')]],
    ['rclone', 'rclone', ['rclone', '--config', 'rclone.conf', 'lsd', 'hallpass:']],
  ]
  await writeFile(join(folder, 'rclone.conf'), take(made, 'rclone'))
  for (const [name, program, command] of programs) {
    // What this machine has not got, conformance/clients says.
    if (findProgram(program) === null) continue
    assert.match(await mustRun(command, { cwd: folder, env: place.env }), /acme/, name)
  }
  assert.equal(made.snippets.size, programs.length + 1)
}

test('what there is to copy with a new key runs as it stands', { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-snippets-'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  try {
    await withConsole(
      async (open) => {
        await open.hp.buckets.put({ name: 'acme' })
        await open.page.goto(`${open.url}/-/console/keys`)
        await useApiKey(open, folder)
        await useAccessKey(open, folder)
      },
      { settings: { region: 'eu-west-1' } },
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
