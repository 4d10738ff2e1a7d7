/** The console as it is built, on a server of its own, in a browser whose owner is signed in. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { createHallpass } from '../../packages/client/src/index.ts'
import type { Hallpass } from '../../packages/client/src/index.ts'
import { startServer } from '../../packages/server/src/start-server.ts'
import type { StartOptions } from '../../packages/server/src/start-server.ts'
import { launchBrowser } from '../lib/browser-of-process.ts'
import type { OwnBrowser } from '../lib/browser-of-process.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { buildConsole } from './build-console.ts'

export interface OpenConsole {
  readonly page: Page
  readonly browser: OwnBrowser
  readonly url: string
  readonly key: string
  /** The same server by its API. */
  readonly hp: Hallpass
  /** Messages of the console of the browser that say an error. */
  readonly complaints: readonly string[]
}

export interface ConsoleOptions {
  /** Of the server, besides those of every test. */
  readonly settings?: Omit<StartOptions, 'dataDir'>
  /** Where something lies already; it is left there. */
  readonly dataDir?: string
  readonly viewport?: { readonly width: number; readonly height: number }
  readonly colorScheme?: 'light' | 'dark'
}

/** Signed in, at the list of buckets. What the browser complained of fails the test at its end. */
export async function withConsole(
  use: (open: OpenConsole) => Promise<void>,
  { settings = {}, dataDir: given, ...shown }: ConsoleOptions = {},
): Promise<void> {
  buildConsole()
  const dataDir = given ?? (await mkdtemp(join(tmpdir(), 'hallpass-console-')))
  const server = await startServer({ dataDir, port: 0, logLevel: 'silent', ...settings })
  const browser = await launchBrowser()
  try {
    const { url, firstStart } = server
    const key = firstStart.adminKey ?? settings.adminKey ?? ''
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      ...shown,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`${url}/-/console`)
    await page.getByLabel('API key').fill(key)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Files' }).waitFor()
    await use({ page, browser, url, key, hp: createHallpass({ url, key }), complaints })
    assert.deepEqual(complaints, [])
  } finally {
    await browser.close()
    await server.close()
    if (given === undefined) await rm(dataDir, { recursive: true })
  }
}
