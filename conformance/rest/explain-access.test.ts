/** Who is told why a request fails, what asking leaves behind, and what is refused. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue, statusOf, upload } from './call.ts'
import { codesOf, startExplaining } from './explaining.ts'
import type { Explaining } from './explaining.ts'

let world: Explaining
let server: RunningServer

before(async () => {
  world = await startExplaining()
  server = world.server
})
after(() => server.stop())

test('none but administrators of the instance are told, not even of their own place', async () => {
  await upload(server, 'own/a.txt', 'x')
  const { url } = await issue(server, { path: 'own/a.txt' })
  const sharer = await world.keyWith(['read', 'share'], 'own/')
  const everywhere = await world.keyWith(['read', 'write', 'delete', 'share'], '')
  const narrow = await world.keyWith(['admin'], 'own/')
  const ask = async (key: string, asked: object = { url }): Promise<number> =>
    (await call(server, 'POST', '/v1/explain', { json: asked, key })).status
  for (const key of [sharer, everywhere, narrow]) {
    assert.equal(await ask(key), 403)
    // What is said of requests to others could tell keys of this server from those of nobody.
    assert.equal(
      await ask(key, {
        url: world.presign('own/a.txt').replace(/^[^/]*..[^/]*/, 'https://evil.example'),
      }),
      403,
    )
  }
  assert.equal(await ask('hp_nobody'), 401)
  assert.equal(await ask(await world.keyWith(['admin'], '')), 200)
})

test('a header that came twice is told, and fails nothing', async () => {
  for (const name of ['Host', 'Authorization', 'Date', 'X-Amz-Date', 'X-Amz-Content-Sha256']) {
    const headers = [
      [name, 'a'],
      [name, 'b'],
    ]
    const json = { url: `${server.origin}/own/a.txt`, headers }
    const answer = await call(server, 'POST', '/v1/explain', { json })
    assert.equal(answer.status, 200, name)
    assert.match(answer.text, /parameter-duplicate|header-duplicate|came more than once/, name)
  }
})

test('explaining uses nothing, is no event of use, and leaves no URL behind', async () => {
  const { id, url } = await issue(server, { path: 'own/a.txt', maxUses: 1 })
  for (let i = 0; i < 3; i += 1) {
    assert.ok(!codesOf(await world.explain({ url, method: 'GET' })).includes('link-used'))
  }
  const link = (await call(server, 'GET', `/v1/links/${id}`)).json
  assert.equal(link['uses'], 0)
  const events = (await call(server, 'GET', `/v1/events?link=${id}`)).json['events']
  assert.deepEqual(
    (events as { kind: string }[]).map(({ kind }) => kind),
    ['link.issued'],
  )
  assert.equal(await statusOf(url), 200)
  const said = (await call(server, 'GET', '/v1/events?limit=1000')).text
  await world.requireClean(said)
  await world.requireClean(server.logText())
})

test('what is too long, or is no description of a request, is refused without a word of it', async () => {
  const url = world.presign('own/a.txt')
  for (const json of [
    { url: `${url}&x=${'a'.repeat(17_000)}` },
    { url, headers: [['a', 'b', 'c']] },
    { url, method: 'get it' },
    { url, answer: { status: 1 } },
    { url, what: 1 },
    {},
  ]) {
    const { status, text } = await call(server, 'POST', '/v1/explain', { json })
    assert.equal(status, 400)
    await world.requireClean(text)
  }
})
