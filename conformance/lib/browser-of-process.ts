/** The Chromium that the tests of this process share: to start one takes longer than most of what is tried in it. */
import { existsSync } from 'node:fs'
import process from 'node:process'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext } from 'playwright-core'
import { PATIENCE_MS } from './patience.ts'

export const CHROMIUM: string = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
/** Why there is no browser to test with; `false` if there is one. */
export const skip: string | false = existsSync(CHROMIUM)
  ? false
  : `there is no Chromium at ${CHROMIUM}`
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** Nobody has wanted it for so long: it ends, or the process never would. */
const IDLE_MS = 1000

/** As if it had just been launched: contexts know nothing of each other, and those that were opened here end with `close`. */
export type OwnBrowser = Pick<Browser, 'newContext' | 'newPage' | 'close'>

let running: Promise<Browser> | null = null
let users = 0
let leaving: NodeJS.Timeout | undefined

export async function launchBrowser(): Promise<OwnBrowser> {
  clearTimeout(leaving)
  users += 1
  running ??= launch()
  const browser = await running
  const opened: BrowserContext[] = []
  const newContext: Browser['newContext'] = async (options) => {
    const context = await browser.newContext(options)
    opened.push(context)
    return context
  }
  return {
    newContext,
    newPage: async (options) => (await newContext(options)).newPage(),
    async close() {
      try {
        await Promise.all(opened.map((context) => context.close()))
      } finally {
        users -= 1
        if (users === 0) leaving = setTimeout(leave, IDLE_MS)
      }
    },
  }
}

function launch(): Promise<Browser> {
  const options = { executablePath: CHROMIUM, args: FLAGS, timeout: PATIENCE_MS }
  const launched = chromium.launch(options).then((browser) => {
    // One that broke down is not asked again.
    browser.once('disconnected', () => {
      if (running === launched) running = null
    })
    return browser
  })
  return launched
}

function leave(): void {
  void running?.then((browser) => browser.close())
  running = null
}
