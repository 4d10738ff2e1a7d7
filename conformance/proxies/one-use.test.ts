/** Links for one use through each proxy: that everything arrived is proven by the end of a connection, and that is the proxy's. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { describe, test } from 'node:test'
import { waitUntil } from '../lib/patience.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { issue } from '../rest/call.ts'
import { DOCUMENTED_PROXIES } from './proxies.ts'
import type { ProxiedServer } from './with-proxy.ts'
import { withProxy } from './with-proxy.ts'

/** Not the proxy's own: the server sees that the request was passed on. */
const CLIENT = '127.0.0.2'

async function read(url: string, range?: string): Promise<{ status: number; bytes: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const headers = range === undefined ? {} : { range }
  request(url, { agent: false, localAddress: CLIENT, headers }, resolve).on('error', reject).end()
  const answer = await promise
  let bytes = 0
  for await (const chunk of answer) bytes += (chunk as Buffer).length
  return { status: answer.statusCode ?? 0, bytes }
}

async function useUp({ server, front }: ProxiedServer, size: number): Promise<void> {
  const key = `${size}.bin`
  await putFile(server, { bucket: 'acme', key }, 'x'.repeat(size))
  const { url, id } = await issue(front, { path: `acme/${key}`, maxUses: 1 })
  assert.deepEqual(await read(url), { status: 200, bytes: size })
  const { grants } = server.core.catalog
  await waitUntil(async () => (await grants.find(id))?.reading === null, 'the use is done')
  for (const range of ['bytes=0-', 'bytes=1-']) assert.equal((await read(url, range)).status, 410)
}

for (const [name, { start }] of Object.entries(DOCUMENTED_PROXIES)) {
  describe(`behind ${name}`, () => {
    test('a link for one use is used up by one whole download, short or long', (context) =>
      withProxy(
        context,
        start,
        async (proxied) => {
          await makeBucket(proxied.server, 'acme')
          for (const size of [10, 100_000, 5_000_000]) await useUp(proxied, size)
        },
        { trustedProxies: ['127.0.0.1'] },
      ))
  })
}
