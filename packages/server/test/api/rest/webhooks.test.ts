import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createTargetCheck } from '../../../src/core/webhooks/target-addresses.ts'
import { createPostOut } from '../../../src/http/post-out.ts'
import { createWebhookSender } from '../../../src/jobs/send-webhooks.ts'
import { createMetrics } from '../../../src/platform/metrics.ts'
import { startRest } from '../../support/rest.ts'
import type { RestHarness } from '../../support/rest.ts'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Receiver {
  readonly url: string
  readonly received: Received[]
  status: number
}

/** An application that checks nothing and answers as it is told. */
async function startReceiver(t: TestContext): Promise<Receiver> {
  const received: Received[] = []
  const receiver = { url: '', received, status: 200 }
  const server = createServer((request, response) => {
    request.on('end', () => response.writeHead(receiver.status).end('whatever'))
    void readText(request).then((body) => received.push({ headers: request.headers, body }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?token=canary`
  return receiver
}

/** One round of sending, to its end. */
async function sendAll(
  { core }: RestHarness,
  networks: readonly string[] = core.webhookNetworks,
): Promise<void> {
  const mayConnect = createTargetCheck(networks)
  const post = createPostOut({ mayConnect, timeoutMs: 60_000 })
  const sender = createWebhookSender({ core, metrics: createMetrics(), post })
  await core.events.flush()
  await sender.run(new AbortController().signal)
  await sender.settled()
}

async function createHook(
  rest: RestHarness,
  more: Readonly<Record<string, unknown>>,
): Promise<{ id: string; secret: string }> {
  const json = { name: 'app', events: ['file.created'], ...more }
  const { status, json: made, text } = await rest.call('POST', '/v1/webhooks', { json })
  assert.equal(status, 201, text)
  return { id: String(made['id']), secret: String(made['secret']) }
}

async function deliveriesOf(rest: RestHarness, id: string, query = ''): Promise<Delivery[]> {
  const { json, status } = await rest.call('GET', `/v1/webhooks/${id}/deliveries${query}`)
  assert.equal(status, 200)
  return json['deliveries'] as Delivery[]
}

interface Delivery {
  readonly id: string
  readonly state: string
  readonly attempts: number
  readonly lastStatus: number | null
  readonly lastFault: string | null
}

const signatureOf = (secret: string, { headers, body }: Received): string => {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}

test('a webhook is told what it asked for, below its folder, signed so that it can be checked', async (t) => {
  const rest = await startRest(t)
  const receiver = await startReceiver(t)
  await rest.call('PUT', '/v1/files?path=acme/in/before', { body: 'x' })
  rest.core.clock.advance(1)
  const hook = await createHook(rest, {
    url: receiver.url,
    folder: 'acme/in',
    events: ['file.created', 'request.refused'],
  })
  await rest.call('PUT', '/v1/files?path=acme/in/a', { body: 'x' })
  await rest.call('PUT', '/v1/files?path=acme/out/b', { body: 'x' })
  await sendAll(rest)
  await sendAll(rest)
  const [message, ...others] = receiver.received
  assert.ok(message !== undefined)
  assert.deepEqual(others, [])
  const { type, timestamp, data } = JSON.parse(message.body) as Record<string, unknown>
  assert.deepEqual([type, (data as { path: string }).path], ['file.created', 'acme/in/a'])
  assert.ok(Number.isFinite(Date.parse(String(timestamp))))
  assert.equal(message.headers['webhook-signature'], signatureOf(hook.secret, message))
  const [delivery] = await deliveriesOf(rest, hook.id)
  assert.equal(delivery?.id, message.headers['webhook-id'])
  assert.deepEqual(
    [delivery?.state, delivery?.attempts, delivery?.lastStatus],
    ['delivered', 1, 200],
  )
})

test('what fails is tried again under its id, given up in the end, and sent again by hand', async (t) => {
  const rest = await startRest(t)
  const receiver = await startReceiver(t)
  const { id } = await createHook(rest, { url: receiver.url })
  await rest.call('PUT', '/v1/files?path=acme/a', { body: 'x' })
  receiver.status = 500
  await sendAll(rest)
  await sendAll(rest)
  assert.equal(receiver.received.length, 1)
  const [waiting] = await deliveriesOf(rest, id, '?state=waiting')
  assert.deepEqual([waiting?.attempts, waiting?.lastStatus], [1, 500])
  while ((await deliveriesOf(rest, id, '?state=dead')).length === 0) {
    rest.core.clock.advance(27 * 3_600_000)
    await sendAll(rest)
  }
  assert.equal(receiver.received.length, 10)
  assert.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 1)
  receiver.status = 204
  const path = `/v1/webhooks/${id}/deliveries/${waiting?.id}/resend`
  assert.equal((await rest.call('POST', path)).status, 202)
  await sendAll(rest)
  const [done] = await deliveriesOf(rest, id)
  assert.deepEqual([done?.state, done?.attempts, done?.lastStatus], ['delivered', 11, 204])
})

test('after a rotation both secrets sign for a day, and then the new one alone', async (t) => {
  const rest = await startRest(t)
  const receiver = await startReceiver(t)
  const { id, secret } = await createHook(rest, { url: receiver.url })
  const rotated = await rest.call('POST', `/v1/webhooks/${id}/rotate-secret`)
  const next = String(rotated.json['secret'])
  assert.notEqual(next, secret)
  const signatures = async (path: string): Promise<Received> => {
    await rest.call('PUT', `/v1/files?path=acme/${path}`, { body: 'x' })
    await sendAll(rest)
    const message = receiver.received.at(-1)
    assert.ok(message !== undefined)
    return message
  }
  const both = await signatures('a')
  const expected = `${signatureOf(next, both)} ${signatureOf(secret, both)}`
  assert.equal(both.headers['webhook-signature'], expected)
  rest.core.clock.advance(86_400_000)
  const one = await signatures('b')
  assert.equal(one.headers['webhook-signature'], signatureOf(next, one))
})

test('one that is switched off is told nothing, and one that is removed is gone', async (t) => {
  const rest = await startRest(t)
  const receiver = await startReceiver(t)
  const { id } = await createHook(rest, { url: receiver.url })
  const off = await rest.call('PATCH', `/v1/webhooks/${id}`, { json: { disabled: true } })
  assert.notEqual(off.json['disabledAt'], null)
  await rest.call('PUT', '/v1/files?path=acme/a', { body: 'x' })
  await sendAll(rest)
  assert.deepEqual(await deliveriesOf(rest, id), [])
  await rest.call('PATCH', `/v1/webhooks/${id}`, { json: { disabled: false, name: 'again' } })
  await rest.call('PUT', '/v1/files?path=acme/b', { body: 'x' })
  await sendAll(rest)
  assert.equal(receiver.received.length, 1)
  assert.equal((await rest.call('GET', `/v1/webhooks/${id}`)).json['name'], 'again')
  assert.equal((await rest.call('DELETE', `/v1/webhooks/${id}`)).status, 204)
  for (const [method, path] of [
    ['GET', `/v1/webhooks/${id}`],
    ['DELETE', `/v1/webhooks/${id}`],
    ['POST', `/v1/webhooks/${id}/rotate-secret`],
    ['GET', `/v1/webhooks/${id}/deliveries`],
  ] as const) {
    const { status, json } = await rest.call(method, path)
    assert.deepEqual([status, json['code']], [404, 'webhook-not-found'])
  }
})

test('an address that may not be told is not, and neither secret nor token is seen again', async (t) => {
  const rest = await startRest(t)
  for (const url of [
    'ftp://a.example/',
    'https://user:pass@a.example/',
    '/hooks',
    'nothing',
    'https://169.254.169.254/',
    'https://0x7f.2/',
    'https://[::ffff:10.0.0.5]/',
    'http://203.0.113.9/',
  ]) {
    const json = { name: 'x', url, events: ['file.created'] }
    const { status, json: problem } = await rest.call('POST', '/v1/webhooks', { json })
    assert.deepEqual(
      [status, problem['code'], problem['field']],
      [400, 'field-invalid', 'url'],
      url,
    )
  }
  const { id, secret } = await createHook(rest, {
    url: 'https://localhost/hooks?token=canary',
  })
  await rest.call('PUT', '/v1/files?path=acme/a', { body: 'x' })
  await sendAll(rest, [])
  const [refused] = await deliveriesOf(rest, id)
  assert.deepEqual([refused?.state, refused?.lastFault], ['waiting', 'address-not-allowed'])
  const events = (await rest.call('GET', '/v1/events')).text
  const listed = (await rest.call('GET', '/v1/webhooks')).text
  assert.ok(!events.includes('canary') && !events.includes(secret) && !listed.includes(secret))
})
