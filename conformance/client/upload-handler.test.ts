/** `createUploadHandler` on an application's server: what it lets in, what it tells, and what it keeps to itself. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { createHallpass } from '@hallpass/client'
import type { Hallpass } from '@hallpass/client'
import { upload } from '@hallpass/client/upload'
import type { UploadAnswer } from '@hallpass/client/upload'
import { createUploadHandler, route } from '@hallpass/client/upload-handler'
import { makeBucket } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import { startApplication } from './application.ts'

const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`

interface Setting {
  readonly hp: Hallpass
  readonly told: string[]
  readonly call: (body: unknown, change?: RequestInit) => Promise<Response>
  readonly begin: (name: string) => Promise<UploadAnswer>
  readonly handle: (request: Request) => Promise<Response>
}

function withHandler(
  use: (setting: Setting) => Promise<void>,
  webhookSecret?: string,
  startedBy: string | null = null,
): Promise<void> {
  return withServer(async (server) => {
    await makeBucket(server, 'acme')
    const hp = createHallpass({ url: server.origin, key: server.adminKey, retries: 0 })
    const told: string[] = []
    const paths = (folder: string) =>
      route({
        authorise: (request, { file }) =>
          request.headers.get('x-user') === 'nobody'
            ? null
            : { path: `acme/${folder}/${file?.name}` },
        onUploaded: ({ file, request }) => {
          told.push(`${folder}: ${file.path}${request === null ? ' by webhook' : ''}`)
        },
      })
    const handle = createUploadHandler({
      hp: startedBy === null ? hp : { ...hp, links: linksOf(hp, startedBy) },
      routes: { a: paths('a'), b: paths('b') },
      webhookSecret,
    })
    const call = (body: unknown, change: RequestInit = {}): Promise<Response> =>
      handle(
        new Request('https://app.example/api/upload', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          ...change,
        }),
      )
    const begin = async (name: string): Promise<UploadAnswer> => {
      const file = { name, size: 5, type: 'text/plain' }
      const answer = await call({ action: 'begin', route: 'a', file })
      assert.equal(answer.status, 200)
      return (await answer.json()) as UploadAnswer
    }
    await use({ hp, told, call, begin, handle })
  })
}

/** As if an end user had issued each. */
function linksOf({ links }: Hallpass, subject: string): Hallpass['links'] {
  return { ...links, get: async (which) => ({ ...(await links.get(which)), subject }) }
}

async function send({ requests }: UploadAnswer): Promise<void> {
  const [request] = requests
  assert.ok(request)
  const { url, method, headers } = request
  assert.ok((await fetch(url, { method, headers, body: 'hello' })).ok)
}

test('a program without a page uploads by the same function', () =>
  withHandler(async ({ handle, hp, told }) => {
    const application = await startApplication(handle)
    try {
      const file = new File(['some text'], 'notes.txt', { type: 'text/plain' })
      const endpoint = `${application.origin}/api/upload`
      const done = await upload(file, { endpoint, route: 'a' }).done
      assert.equal(done.file?.path, 'acme/a/notes.txt')
      assert.equal((await hp.files.get({ id: done.file.id })).size, 9)
      assert.deepEqual(told, ['a: acme/a/notes.txt'])
    } finally {
      await application.stop()
    }
  }))

test('an upload that waits in quarantine is done, and says under which id it waits', () =>
  withHandler(async ({ handle, hp, told }) => {
    await hp.folders.putPolicy({ path: 'acme/a', policy: { quarantine: [] } })
    const application = await startApplication(handle)
    try {
      const file = new File(['some text'], 'notes.txt', { type: 'text/plain' })
      const endpoint = `${application.origin}/api/upload`
      const done = await upload(file, { endpoint, route: 'a' }).done
      assert.equal(done.file, null)
      const held = await hp.quarantine.getHeld({ id: done.heldId })
      assert.equal(held.path, 'acme/a/notes.txt')
      assert.deepEqual(told, [])
    } finally {
      await application.stop()
    }
  }))

test('an upload of one route gets nowhere on another, and only with leave', () =>
  withHandler(async ({ call, begin, told }) => {
    const begun = await begin('x.txt')
    const { id } = begun.upload
    await send(begun)
    for (const action of ['look', 'sign', 'complete', 'abort']) {
      const parts = action === 'sign' ? { parts: [] } : {}
      const other = await call({ action, route: 'b', id, ...parts })
      assert.equal(other.status, 404, action)
      const headers = { 'content-type': 'application/json', 'x-user': 'nobody' }
      const refused = await call({ action, route: 'a', id, ...parts }, { headers })
      assert.equal(refused.status, 403, action)
    }
    assert.deepEqual(told, [])
    assert.equal((await call({ action: 'complete', route: 'a', id })).status, 200)
    assert.deepEqual(told, ['a: acme/a/x.txt'])
  }))

test('what is no call of a page is refused, and forms of other origins are none', () =>
  withHandler(async ({ call, hp }) => {
    const file = { name: 'x', size: 1, type: '' }
    const wrong = [
      {},
      null,
      { action: 'begin', route: 'a' },
      { action: 'begin', route: 'a', file: { ...file, size: -1 } },
      { action: 'begin', route: 'a', file: { ...file, size: 'many' } },
      { action: 'look', route: 'a', id: '../keys' },
      { action: 'sign', route: 'a', id: 'x', parts: ['1'] },
      { action: 'nonsense', route: 'a' },
    ]
    for (const body of wrong) assert.equal((await call(body)).status, 400, JSON.stringify(body))
    for (const name of ['toString', '__proto__', 'c']) {
      assert.equal((await call({ action: 'begin', route: name, file })).status, 404, name)
    }
    const begin = JSON.stringify({ action: 'begin', route: 'a', file })
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const headers = { 'content-type': type }
      assert.equal((await call(null, { headers, body: begin })).status, 400, type)
    }
    assert.deepEqual((await hp.links.list()).links, [])
  }))

test('of a body without an end little is read, whoever sends it', () =>
  withHandler(async ({ handle }) => {
    for (const header of ['content-type', 'webhook-signature']) {
      let pulled = 0
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pulled += 1
          controller.enqueue(Buffer.alloc(16 * 1024, 'x'))
        },
      })
      const headers = { [header]: 'application/json' }
      const init = { method: 'POST', headers, body, duplex: 'half' } as const
      const answer = await handle(new Request('https://app.example/', init))
      assert.equal(answer.status, 400, header)
      assert.ok(pulled < 10, `${pulled} pieces`)
    }
  }, SECRET))

test('that the key of the application is wrong is not told to a page', () =>
  withServer(async ({ origin }) => {
    const handle = createUploadHandler({
      hp: createHallpass({ url: origin, key: 'hp_wrong', retries: 0 }),
      routes: { a: route({ authorise: () => ({ path: 'acme/x' }) }) },
    })
    const file = { name: 'x', size: 1, type: '' }
    const answer = await handle(
      new Request('https://app.example/', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ action: 'begin', route: 'a', file }),
      }),
    )
    assert.equal(answer.status, 503)
    assert.doesNotMatch(await answer.text(), /key/i)
  }))

/** Sends a message as the server signs it. */
function createTeller(handle: Setting['handle']) {
  return async (body: string, change: Record<string, string> = {}): Promise<number> => {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const text = `msg_1.${timestamp}.${body}`
    const key = Buffer.from(SECRET.slice(6), 'base64')
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${createHmac('sha256', key).update(text).digest('base64')}`,
      ...change,
    }
    const request = new Request('https://app.example/', { method: 'POST', headers, body })
    return (await handle(request)).status
  }
}

test('with a webhook the application is told of what came although the page is gone, if it is signed', () =>
  withHandler(async ({ handle, hp, told, begin, call }) => {
    const first = await begin('gone.txt')
    await send(first)
    const second = await begin('here.txt')
    await send(second)
    await call({ action: 'complete', route: 'a', id: second.upload.id })
    assert.deepEqual(told, [], 'only the webhook tells')
    const hear = createTeller(handle)
    const { events } = await hp.events.list({ kind: 'file.created' })
    assert.equal(events.length, 2)
    for (const data of events) {
      const body = JSON.stringify({ type: data.kind, timestamp: data.at, data })
      assert.equal(await hear(body, { 'webhook-timestamp': '1' }), 401)
      assert.equal(await hear(body, { 'webhook-id': 'msg_2' }), 401)
      assert.equal(await hear(body, { 'webhook-signature': 'v1,' }), 401)
      assert.equal(await hear(body), 204)
    }
    const expected = ['a: acme/a/gone.txt by webhook', 'a: acme/a/here.txt by webhook']
    assert.deepEqual(new Set(told), new Set(expected))
  }, SECRET))

test('what end users upload by themselves is no upload of the application, whatever they call it', () =>
  withHandler(
    async ({ handle, hp, told, begin }) => {
      await send(await begin('own.txt'))
      const { events } = await hp.events.list({ kind: 'file.created' })
      for (const data of events) {
        const body = JSON.stringify({ type: data.kind, timestamp: data.at, data })
        assert.equal(await createTeller(handle)(body), 204)
      }
      assert.equal(events.length, 1)
      assert.deepEqual(told, [])
    },
    SECRET,
    'ann',
  ))

test('the trail says by which link a file in parts came', () =>
  withServer(async (server) => {
    await makeBucket(server, 'acme')
    const hp = createHallpass({ url: server.origin, key: server.adminKey })
    const begun = await hp.uploads.create({ path: 'acme/p', size: 5, methods: ['multipart'] })
    await send({ ...begun, file: null })
    await hp.uploads.complete({ id: begun.upload.id })
    const { events } = await hp.events.list({ kind: 'file.created' })
    assert.equal(events[0]?.link, begun.upload.linkId)
  }))
