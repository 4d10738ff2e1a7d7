/** A site of strangers: it hears where scripts run that report to it, and has pages that show our files within them. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Sink {
  readonly origin: string
  /** A script that reports, by a request that is over before the script goes on. */
  readonly report: (name: string) => string
  /** A page that runs a script of its own. */
  readonly pageOf: (name: string) => string
  /** A page that shows `urls` in frames, objects and embeds. */
  readonly frameOf: (urls: readonly string[]) => string
  /** `NAME ORIGIN` of each script that has run. */
  readonly ran: () => readonly string[]
  readonly stop: () => Promise<void>
}

export async function startSink(): Promise<Sink> {
  const ran: string[] = []
  const pages = new Map<string, string>()
  const site = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://sink')
    if (url.pathname === '/ran') {
      ran.push(`${url.searchParams.get('name')} ${url.searchParams.get('origin')}`)
      response.writeHead(204, { 'Access-Control-Allow-Origin': '*' }).end()
      return
    }
    const page = pages.get(url.pathname)
    response.writeHead(page === undefined ? 404 : 200, { 'Content-Type': 'text/html' })
    response.end(page ?? '')
  })
  const listening = Promise.withResolvers<void>()
  site.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`

  function report(name: string): string {
    const address = `'${origin}/ran?name=${name}&origin='+self.origin`
    return `var x=new XMLHttpRequest;x.open('GET',${address},false);try{x.send()}catch(e){}`
  }
  function publish(page: string): string {
    const path = `/${pages.size}.html`
    pages.set(path, `<!doctype html>${page}`)
    return origin + path
  }
  return {
    origin,
    report,
    pageOf: (name) => publish(`<script>${report(name)}</script>`),
    frameOf: (urls) =>
      publish(
        urls
          .map(quote)
          .map(
            (url) => `<iframe src=${url}></iframe><object data=${url}></object><embed src=${url}>`,
          )
          .join(''),
      ),
    ran: () => ran,
    stop: async () => {
      const closed = Promise.withResolvers<void>()
      site.close(() => closed.resolve())
      site.closeAllConnections()
      await closed.promise
    },
  }
}

function quote(url: string): string {
  return `"${url.replaceAll('&', '&amp;')}"`
}
