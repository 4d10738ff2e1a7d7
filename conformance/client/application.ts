/** An application's server: a page with a file input, and endpoints that a handler of requests answers. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeListener } from '@hallpass/client/node'

export interface Application {
  readonly origin: string
  readonly stop: () => Promise<void>
}

const PAGE = '<!doctype html><title>upload</title><input type="file">'

export async function startApplication(
  handle: (request: Request) => Promise<Response>,
): Promise<Application> {
  const listener = toNodeListener(handle)
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/api/') === true) void listener(request, response)
    else response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
