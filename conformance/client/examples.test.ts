/** The examples as they are: each started as its README says, and its page driven in Chromium. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { test } from 'node:test'
import { launchBrowser, skip } from '../lib/browser-of-process.ts'
import { PATIENCE_MS, waitUntil } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'

/** One pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)

interface Example {
  readonly name: string
  /** Why it cannot run here. */
  readonly lacks: string | false
  readonly cwd: string
  /** What makes it, besides the packages. */
  readonly build: readonly string[] | null
  /** Run by Node. */
  readonly start: readonly string[]
}

const NEXT = 'examples/next/node_modules/next/dist/bin/next'
const EXAMPLES: readonly Example[] = [
  ...['hono', 'express'].map((name) => ({
    name,
    lacks: false as const,
    cwd: '.',
    build: null,
    start: [`examples/${name}/server.ts`],
  })),
  {
    name: 'next',
    lacks: existsSync(NEXT) ? false : 'Next.js is not installed (npm ci --prefix examples/next)',
    cwd: 'examples/next',
    build: ['node_modules/next/dist/bin/next', 'build'],
    start: ['node_modules/next/dist/bin/next', 'start', '--port', '0'],
  },
]

const ADDRESS = /http:\/\/localhost:\d+/

for (const { name, lacks, cwd, build, start } of EXAMPLES) {
  test(`the ${name} example uploads a picture and shows it`, { skip: skip || lacks }, () =>
    withServer(
      async ({ origin, adminKey }) => {
        const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' }
        const built = spawnSync('tsc', ['--build', 'packages/client', 'packages/react'], {
          stdio: 'inherit',
          shell: process.platform === 'win32',
        })
        assert.equal(built.status, 0)
        if (build !== null) {
          const made = spawnSync(process.execPath, [...build], { cwd, env, stdio: 'ignore' })
          assert.equal(made.status, 0, 'the example is built')
        }
        const application = spawn(process.execPath, [...start], {
          cwd,
          env: { ...env, PORT: '0', HALLPASS_URL: origin, HALLPASS_API_KEY: adminKey },
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        const browser = await launchBrowser()
        try {
          let said = ''
          application.stdout.on('data', (text: Buffer) => (said += text.toString()))
          await waitUntil(() => ADDRESS.test(said) || application.exitCode !== null)
          const page = await browser.newPage()
          page.setDefaultTimeout(PATIENCE_MS)
          await page.goto(ADDRESS.exec(said)?.[0] ?? '')
          await page.waitForLoadState('networkidle')
          await page.setInputFiles('input', {
            name: 'me.png',
            mimeType: 'image/png',
            buffer: PICTURE,
          })
          await page.waitForFunction(() => (document.querySelector('img')?.naturalWidth ?? 0) === 1)
          assert.equal(await page.locator('output').textContent(), 'Done.')
          assert.match(said, new RegExp(`pictures/ada/avatar has ${PICTURE.length} bytes`))
          const text = { name: 'me.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }
          await page.setInputFiles('input', text)
          await waitUntil(async () =>
            /types/.test((await page.locator('output').textContent()) ?? ''),
          )
        } finally {
          application.kill()
          await browser.close()
        }
      },
      { corsOrigins: ['http://localhost:*'] },
    ),
  )
}
