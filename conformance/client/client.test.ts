/** The client in every runtime it is for: one story, told in each of them to a server of its own. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { BUN, DENO, OLDEST_NODE, versionOf } from '../../scripts/runtimes/runtime.ts'
import { launchBrowser, skip as skipBrowser } from '../lib/browser-of-process.ts'
import { withPages } from '../lib/browser-pages.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { withServer } from '../lib/start-server.ts'
import type { Findings, Surroundings } from './story.ts'

const RUNTIMES = [
  { name: 'Node', command: [process.execPath] },
  { name: 'the oldest Node', command: [OLDEST_NODE] },
  { name: 'Bun', command: [BUN, 'run'] },
  { name: 'Deno', command: [DENO, 'run', '--no-check', '--allow-net'] },
] as const

async function bundle(globalName?: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'story.ts')],
    conditions: ['@hallpass/source'],
    bundle: true,
    write: false,
    format: globalName === undefined ? 'esm' : 'iife',
    ...(globalName !== undefined && { globalName }),
    platform: 'neutral',
    target: 'es2022',
  })
  return outputFiles[0]?.text ?? ''
}

/** A port that was free a moment ago. */
async function deadUrl(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

async function withSurroundings(use: (at: Surroundings) => Promise<Findings>): Promise<void> {
  await withServer(async ({ origin: url, adminKey: key }) => {
    const findings = await use({ url, key, deadUrl: await deadUrl() })
    assert.ok(Object.keys(findings).length > 10)
    for (const [name, finding] of Object.entries(findings)) assert.equal(finding, null, name)
  })
}

for (const { name, command } of RUNTIMES) {
  const [program, ...flags] = command
  const skip = versionOf(program) === null ? `there is no ${name}` : false
  test(`the client does all it is for in ${name}`, { skip }, () =>
    withSurroundings(async (at) => {
      const folder = mkdtempSync(join(tmpdir(), 'hallpass-story-'))
      const script = join(folder, 'story.mjs')
      const last = `\nconsole.log(JSON.stringify(await tell(${JSON.stringify(at)})))\n`
      writeFileSync(script, (await bundle()) + last)
      try {
        const { stdout } = await promisify(execFile)(program, [...flags, script], {
          timeout: PATIENCE_MS,
        })
        return JSON.parse(stdout) as Findings
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }),
  )
}

test('the client does all it is for in Chromium', { skip: skipBrowser }, () =>
  withSurroundings(async (at) => {
    const browser = await launchBrowser()
    try {
      const page = await browser.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      const blank = `${at.url}/-/blank`
      await page.route(blank, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>story</title>' }),
      )
      await page.goto(blank)
      await page.addScriptTag({ content: await bundle('story') })
      return await page.evaluate(
        (surroundings) =>
          (
            globalThis as unknown as { story: { tell: (at: object) => Promise<Findings> } }
          ).story.tell(surroundings),
        at,
      )
    } finally {
      await browser.close()
    }
  }),
)

test(
  'a page of another origin is told that it may not look, and not that nobody is there',
  {
    skip: skipBrowser,
  },
  () =>
    withPages(async ({ server, page }) => {
      await page.addScriptTag({ content: await bundle('story') })
      const code = (url: string): Promise<string> =>
        page.evaluate(
          ([at, key]) =>
            (
              globalThis as unknown as { story: { codeOf: (at: object) => Promise<string> } }
            ).story.codeOf({ url: at, key }),
          [url, server.adminKey] as const,
        )
      assert.equal(await code(server.origin), 'cors-refused')
      assert.equal(await code(await deadUrl()), 'network-failed')
    }),
)
