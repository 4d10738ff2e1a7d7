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

test('a narrow key is told of its own place, and of others no more than that nothing is there', async () => {
  await upload(server, 'own/a.txt', 'x')
  await upload(server, 'foreign/a.txt', 'x')
  const own = await issue(server, { path: 'own/a.txt' })
  const foreign = await issue(server, { path: 'foreign/a.txt' })
  const key = await world.keyWith(['read', 'share'], 'own/')
  assert.equal((await world.explain({ url: own.url }, key)).link?.id, own.id)
  const ask = async (url: string, as = key): Promise<Awaited<ReturnType<typeof call>>> =>
    call(server, 'POST', '/v1/explain', { json: { url }, key: as })
  const { id } = foreign
  const none = `${id.slice(0, -4)}AAAA`
  const urls = [
    foreign.url,
    foreign.url.replace('a.txt', 'none.txt'),
    world.presign('foreign/a.txt'),
    world.presign('foreign/none.txt'),
    `${server.origin}/foreign/`,
    `${server.origin}/`,
    `${server.origin}/s/${'A'.repeat(30)}`,
    // A link of elsewhere, and none at all, named in a place of its own.
    own.url.replace(own.id, id),
    own.url.replace(own.id, none),
  ]
  const answers = new Set<string>()
  for (const url of urls) {
    const { status, text, json } = await ask(url)
    assert.equal(status, 404, url)
    assert.equal(json['code'], 'link-not-found')
    answers.add(text)
  }
  assert.equal(answers.size, 1)
  const reader = await world.keyWith(['read'], 'own/')
  assert.equal((await ask(own.url, reader)).status, 403)
  assert.equal((await ask(own.url, 'hp_nobody')).status, 401)
  const admin = await world.keyWith(['admin'], 'own/')
  assert.equal((await ask(own.url, admin)).status, 200)
  assert.equal((await ask(foreign.url, admin)).status, 404)
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
