/** Hostile JSON, and what it costs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRest } from '../../support/rest.ts'

test('hostile JSON costs nothing: prototypes, depth, size, many members, broken text', async (t) => {
  const rest = await startRest(t)
  const send = (body: BodyInit, type = 'application/json'): ReturnType<typeof rest.call> =>
    rest.call('POST', '/v1/links', { body, headers: { 'content-type': type } })
  const proto = await send('{"path": "acme/a.txt", "__proto__": {"method": "PUT"}}')
  assert.equal(proto.json['field'], '__proto__')
  const inner = await send('{"path": "acme/a.txt", "constructor": {"prototype": {"x": 1}}}')
  assert.equal(inner.json['field'], 'constructor')
  assert.equal(({} as Record<string, unknown>)['x'], undefined)

  const deep = await send(`{"path": ${'['.repeat(33)}${']'.repeat(33)}}`)
  assert.equal(deep.json['code'], 'body-malformed')
  const deepest = await send('['.repeat(100_000))
  assert.equal(deepest.json['code'], 'body-malformed')
  const brackets = await send(JSON.stringify({ path: '['.repeat(100) }))
  assert.notEqual(brackets.json['code'], 'body-malformed', 'brackets in text are no depth')

  const large = await send(JSON.stringify({ path: 'x'.repeat(256 * 1024) }))
  assert.equal(large.status, 413)
  assert.equal(large.json['code'], 'body-too-large')
  const before = process.cpuUsage()
  const members = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, 1]))
  assert.equal((await send(JSON.stringify(members))).status, 400)
  const million = `{${Array.from({ length: 1_000_000 }, (_, index) => `"${index}":1`).join(',')}}`
  assert.equal((await send(million)).status, 413)
  const { user, system } = process.cpuUsage(before)
  assert.ok(user + system < 5_000_000, `${user + system} µs of CPU`)

  for (const body of ['{', '{"a":1}}', 'nonsense', '{"path": "acme/a.txt",}', '\u0000']) {
    const answer = await send(body)
    assert.equal(answer.json['code'], 'body-malformed', body)
    assert.ok(!answer.text.includes('nonsense'), 'the answer quotes the body')
  }
  assert.equal((await send(Buffer.from([0x22, 0xff, 0x22]))).json['code'], 'body-malformed')
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=utf-16',
  ]) {
    assert.equal((await send('{"path": "acme/a.txt"}', type)).status, 415, type)
  }
})
