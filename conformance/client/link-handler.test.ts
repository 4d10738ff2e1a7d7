/** `createLinkHandler` and `toNodeListener` on an application's server. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { HallpassError, createHallpass } from '@hallpass/client'
import { fetchLink } from '@hallpass/client/link'
import { createLinkHandler } from '@hallpass/client/link-handler'
import { toNodeListener } from '@hallpass/client/node'
import express from 'express'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'

const OWN = 'acme/users/ada/'

async function withApplication(
  prepare: (app: ReturnType<typeof express>) => void,
  use: (endpoint: string) => Promise<void>,
): Promise<void> {
  await withServer(async (server) => {
    await makeBucket(server, 'acme')
    await putFile(server, { bucket: 'acme', key: 'users/ada/a.txt' }, 'mine')
    await putFile(server, { bucket: 'acme', key: 'users/bob/b.txt' }, 'his')
    const hp = createHallpass({ url: server.origin, key: server.adminKey, retries: 0 })
    const links = createLinkHandler({
      hp,
      authorise: (_request, { path }) => (path.startsWith(OWN) ? { path, expiresIn: 60 } : null),
    })
    const app = express()
    prepare(app)
    app.post('/api/link', toNodeListener(links))
    const listening = createServer(app).listen(0, '127.0.0.1')
    await once(listening, 'listening')
    try {
      await use(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/api/link`)
    } finally {
      listening.closeAllConnections()
      await new Promise((resolve) => listening.close(resolve))
    }
  })
}

async function refusalOf(work: Promise<unknown>): Promise<readonly [string, number | null]> {
  const error = await work.then(
    () => null,
    (failed: unknown) => failed,
  )
  assert.ok(error instanceof HallpassError, String(error))
  return [error.code, error.status]
}

for (const isParsed of [false, true]) {
  const how = isParsed ? 'behind a parser of JSON' : 'that reads the body itself'
  test(`a page gets the URL of what its user may see, from a listener ${how}`, () =>
    withApplication(
      (app) => {
        if (isParsed) app.use(express.json())
      },
      async (endpoint) => {
        const { url, expiresIn } = await fetchLink(`${OWN}a.txt`, { endpoint })
        assert.equal(await (await fetch(url)).text(), 'mine')
        assert.ok(expiresIn > 0 && expiresIn <= 61, String(expiresIn))
        const other = fetchLink('acme/users/bob/b.txt', { endpoint })
        assert.deepEqual(await refusalOf(other), ['not-allowed', 403])
        const missing = fetchLink(`${OWN}none.txt`, { endpoint })
        assert.deepEqual(await refusalOf(missing), ['file-not-found', 404])
      },
    ))
}

test('what is no question of a page gets no link', () =>
  withApplication(
    () => undefined,
    async (endpoint) => {
      const ask = async (body: string, type = 'application/json'): Promise<number> => {
        const headers = { 'content-type': type }
        return (await fetch(endpoint, { method: 'POST', headers, body })).status
      }
      const right = JSON.stringify({ path: `${OWN}a.txt` })
      assert.equal(await ask(right), 200)
      assert.equal(await ask(right, 'text/plain'), 400)
      assert.equal(await ask('{}'), 400)
      assert.equal(await ask('nonsense'), 400)
      assert.equal(await ask(JSON.stringify({ path: ['a'] })), 400)
      assert.equal(await ask(JSON.stringify({ path: 'x'.repeat(200_000) })), 400)
    },
  ))
