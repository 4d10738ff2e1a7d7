/** What README.md and docs/s3-api.md show, run as it stands there against a server: only its address is another one. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { PATIENCE_MS } from '../lib/patience.ts'
import { putFile, makeBucket } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

async function snippets(page: string, language: string): Promise<string[]> {
  const text = await readFile(`${ROOT}${page}`, 'utf8')
  const blocks = text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))
  return [...blocks].map(([, code = '']) => code)
}

async function run(
  server: RunningServer,
  program: readonly [string, ...string[]],
  snippet: string,
): Promise<string> {
  const [command, ...parameters] = program
  const code = snippet.replaceAll('http://localhost:8787', server.origin)
  const { stdout } = await promisify(execFile)(command, [...parameters, code], {
    cwd: ROOT,
    timeout: PATIENCE_MS,
    env: {
      ...process.env,
      KEY: server.adminKey,
      ID: server.credentials.accessKeyId,
      SECRET: server.credentials.secretAccessKey,
    },
  })
  return stdout
}

/** Which of the programs that the snippets call this machine has not got. */
const missing = ['bash', 'curl'].filter((name) => spawnSync(name, ['--version']).status !== 0)
const skip = missing.length === 0 ? false : `not installed: ${missing.join(', ')}`

const BASH = ['bash', '-euo', 'pipefail', '-c'] as const
const NODE = [process.execPath, '--input-type=module', '-e'] as const

test('the first five minutes of the README run as they stand', { skip }, async () => {
  const [first = '', overS3 = ''] = await snippets('README.md', 'sh')
  const [client = ''] = await snippets('README.md', 'js')
  const license = await readFile(`${ROOT}LICENSE`, 'utf8')
  await withServer(async (server) => {
    const shown = await run(server, BASH, first)
    assert.match(shown, /"signedUrl":/)
    assert.match(shown, /HTTP\/1\.1 403 /)
    assert.match(shown, /"status":"revoked".*"revokedBy":"link"/)
    assert.match(shown, /"visibility":"public"/)
    assert.doesNotMatch(shown, /"type":"[^"]*\/errors\//, 'a problem document')
    assert.equal(
      shown.split(license).length - 1,
      2,
      'once by the link, once from the public folder',
    )

    assert.match(await run(server, BASH, overS3), /<Key>reports\/LICENSE<\/Key>/)
    assert.equal(await run(server, NODE, client), `${license}\n`)
  })
})

test('what docs/s3-api.md shows signs a URL that works', async () => {
  const [client = ''] = await snippets('docs/s3-api.md', 'js')
  await withServer(async (server) => {
    await makeBucket(server, 'acme')
    await putFile(server, { bucket: 'acme', key: 'reports/LICENSE' }, 'the licence')
    const fetched = await run(
      server,
      NODE,
      `${client}\nconsole.log(await (await fetch(url)).text())`,
    )
    assert.equal(fetched, 'the licence\n')
  })
})

test('the README leads to every page of docs/', async () => {
  const readme = await readFile(`${ROOT}README.md`, 'utf8')
  const pages = (await readdir(`${ROOT}docs`)).filter((name) => name.endsWith('.md'))
  const links = [...readme.matchAll(/\]\(docs\/([\w.-]+\.md)\)/g)].map(([, name = '']) => name)
  assert.deepEqual([...new Set(links)].toSorted(), pages.toSorted())
})
