/** Pages of other origins in a real browser, and what their scripts and forms see of the server. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { launchBrowser } from './browser-of-process.ts'
import type { OwnBrowser } from './browser-of-process.ts'
import { PATIENCE_MS } from './patience.ts'
import { makeBucket } from './put-files.ts'
import { startServer } from './start-server.ts'
import type { RunningServer } from './start-server.ts'

interface Site {
  readonly origin: string
  readonly stop: () => Promise<void>
}

/** An empty page on a port, and thereby an origin, of its own. */
async function startSite(): Promise<Site> {
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' })
    response.end('<!doctype html><title>upload</title>')
  })
  const listening = Promise.withResolvers<void>()
  site.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const { port } = site.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      const closed = Promise.withResolvers<void>()
      site.close(() => closed.resolve())
      site.closeAllConnections()
      await closed.promise
    },
  }
}

export interface Setting {
  readonly server: RunningServer
  /** A page whose origin is allowed, and one whose origin is not. */
  readonly page: Page
  readonly stranger: Page
}

async function openPages(browser: OwnBrowser, sites: readonly Site[]): Promise<Page[]> {
  return Promise.all(
    sites.map(async ({ origin }) => {
      const page = await browser.newPage()
      page.setDefaultTimeout(PATIENCE_MS)
      await page.goto(origin)
      return page
    }),
  )
}

/** Hands over a server with a bucket `acme`, and two pages, of which it allows the origin of the first. */
export async function withPages(use: (setting: Setting) => Promise<void>): Promise<void> {
  const sites = [await startSite(), await startSite()]
  const server = await startServer({ corsOrigins: [sites[0]!.origin] })
  const browser = await launchBrowser()
  try {
    await makeBucket(server, 'acme')
    const [page, stranger] = await openPages(browser, sites)
    await use({ server, page: page!, stranger: stranger! })
  } finally {
    await browser.close()
    await server.stop()
    await Promise.all(sites.map(({ stop }) => stop()))
  }
}

export interface Seen {
  /** 0 if the browser showed the script nothing but a failure. */
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Sent {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

/** What a script of the page sees of an answer. */
export function fetchIn(page: Page, url: string, sent: Sent = {}): Promise<Seen> {
  return page.evaluate(
    async ([url, sent]) => {
      try {
        const response = await fetch(url, sent)
        return {
          status: response.status,
          text: await response.text(),
          headers: Object.fromEntries(response.headers),
        }
      } catch (error) {
        return { status: 0, text: String(error), headers: {} }
      }
    },
    [url, sent] as const,
  )
}
