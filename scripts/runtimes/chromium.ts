/** A browser. */
import { existsSync } from 'node:fs'
import process from 'node:process'
import { chromium } from 'playwright-core'
import { PATIENCE_MS } from '../../conformance/lib/patience.ts'
import { bundlePortably } from './portable-bundle.ts'
import type { PortableOutcome } from './portable-run.ts'
import { versionOf } from './runtime.ts'
import type { Runtime, Verdict } from './runtime.ts'
import { verdictOf } from './verdict-of.ts'

const PROGRAM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
/** WebCrypto is there for pages of a secure origin alone; nothing is asked of the network. */
const PAGE = 'https://vectors.test/'

async function runInPage(): Promise<Verdict> {
  const script = await bundlePortably()
  const browser = await chromium.launch({
    executablePath: PROGRAM,
    args: ['--no-sandbox'],
    timeout: PATIENCE_MS,
  })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(PATIENCE_MS)
    await page.route(`${PAGE}**`, (route) =>
      route.request().url() === PAGE
        ? route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>vectors</title>' })
        : route.fulfill({ contentType: 'text/javascript', body: script }),
    )
    await page.goto(PAGE)
    const outcome = await page.evaluate(async (address) => {
      const { run } = (await import(address)) as { run: () => Promise<PortableOutcome> }
      return run()
    }, `${PAGE}vectors.js`)
    return verdictOf(outcome, false)
  } finally {
    await browser.close()
  }
}

export const CHROMIUM: Runtime = {
  name: 'Chromium',
  found: () => (existsSync(PROGRAM) ? `Chromium ${versionOf(PROGRAM) ?? ''}` : null),
  run: runInPage,
}
