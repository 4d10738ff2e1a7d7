/** An application's server: a page with a file input, and an endpoint that a handler of requests answers. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface Application {
  readonly origin: string
  readonly stop: () => Promise<void>
}

const PAGE = '<!doctype html><title>upload</title><input type="file">'

export async function startApplication(
  handle: (request: Request) => Promise<Response>,
): Promise<Application> {
  let origin = ''
  const server = createServer((request, response) => {
    const { url = '/', method = 'GET', headers } = request
    if (url !== '/api/upload') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
      return
    }
    const answering = async (): Promise<void> => {
      const answer = await handle(
        new Request(origin + url, {
          method,
          headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
          body: new Uint8Array(await buffer(request)),
        }),
      )
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(Buffer.from(await answer.arrayBuffer()))
    }
    void answering()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
