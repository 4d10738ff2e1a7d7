import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRest } from '../../support/rest.ts'
import type { RestHarness } from '../../support/rest.ts'

interface EventView {
  readonly kind: string
  readonly path: string | null
  readonly link: string | null
  readonly key: string | null
  readonly target: string | null
  readonly code: string | null
  readonly address: string | null
  readonly agent: string | null
  readonly detail: Readonly<Record<string, unknown>>
}

async function list(rest: RestHarness, query = '', key?: string): Promise<EventView[]> {
  const options = key === undefined ? {} : { key }
  const { json, status, text } = await rest.call('GET', `/v1/events${query}`, options)
  assert.equal(status, 200, text)
  return json['events'] as EventView[]
}

const kindsOf = (events: readonly EventView[]): string[] => events.map(({ kind }) => kind)

test('a link’s whole life is in its events, with who did it, from where and with what', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const agent = { 'user-agent': 'backoffice/2' }
  const json = { path: 'acme/a.txt' }
  const issued = await rest.call('POST', '/v1/links', { json, headers: agent })
  const id = String(issued.json['id'])
  await rest.call('DELETE', `/v1/links/${id}`, { headers: agent })
  const events = await list(rest, `?link=${id}`)
  assert.deepEqual(kindsOf(events), ['link.revoked', 'link.issued'])
  const me = (await rest.call('GET', '/v1/me')).json['id']
  for (const event of events) {
    assert.equal(event.path, 'acme/a.txt')
    assert.equal(event.key, me)
    assert.equal(event.address, '127.0.0.1')
    assert.equal(event.agent, 'backoffice/2')
  }
})

test('a URL that came with a file is named by its id when it is revoked, although nothing was written when it was made', async (t) => {
  const rest = await startRest(t)
  const { json } = await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const id = String(json['linkId'])
  assert.deepEqual(await list(rest, `?link=${id}`), [])
  const revoked = await rest.call('DELETE', `/v1/links/${id}`)
  assert.equal(revoked.status, 204, revoked.text)
  const [event, ...others] = await list(rest, `?link=${id}`)
  assert.deepEqual([event?.kind, event?.path, others], ['link.revoked', 'acme/a.txt', []])
})

test('keys, sweeps, folders and buckets leave their entries', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/buckets/other', {})
  await rest.call('PUT', '/v1/folders/other/in', { json: { visibility: 'public', policy: {} } })
  await rest.call('DELETE', '/v1/folders/other/in')
  await rest.call('POST', '/v1/revocations', { json: { folder: 'other/in' } })
  await rest.call('DELETE', '/v1/buckets/other')
  assert.deepEqual(kindsOf(await list(rest, '?path=other/')), [
    'bucket.removed',
    'links.swept',
    'folder.removed',
    'folder.changed',
    'bucket.created',
  ])
  const made = await rest.call('POST', '/v1/api-keys', {
    json: { name: 'narrow', actions: ['read'], pathPrefix: 'acme/' },
  })
  const id = String(made.json['id'])
  await rest.call('DELETE', `/v1/api-keys/${id}`)
  assert.deepEqual(kindsOf(await list(rest, `?key=${id}`)), ['key.revoked', 'key.created'])
  await rest.call('POST', '/v1/signing-keys/rotate')
  assert.deepEqual(kindsOf(await list(rest, '?kind=key.rotated')), ['key.rotated'])
  assert.ok(!JSON.stringify(await list(rest)).includes(String(made.json['key'])))
})

test('times in a detail are told as everywhere else', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a', { body: 'x' })
  const { json } = await rest.call('POST', '/v1/links', { json: { path: 'acme/a' } })
  await rest.call('POST', '/v1/revocations', { json: { file: 'acme/a' } })
  const [swept] = await list(rest, '?kind=links.swept')
  const [issued] = await list(rest, '?kind=link.issued')
  assert.deepEqual(issued?.detail, { method: 'GET', expiresAt: json['expiresAt'] })
  const notBefore = String(swept?.detail['notBefore'])
  assert.equal(new Date(notBefore).toISOString(), notBefore)
})

test('a refusal says the operation and the code, and never what was sent', async (t) => {
  const rest = await startRest(t)
  await rest.call('GET', '/v1/files/file_nothing?x=secret', { key: 'hp_wrong' })
  await rest.core.events.flush()
  const [refused] = await list(rest, '?code=api-key-invalid')
  assert.deepEqual(
    [refused?.kind, refused?.target, refused?.path],
    ['request.refused', 'getFile', null],
  )
  assert.ok(!JSON.stringify(refused).includes('secret'))
})

test('a caller sees events below its own prefix, and nothing of the instance', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/team1/a.txt', { body: 'x' })
  await rest.call('PUT', '/v1/files?path=acme/team10/b.txt', { body: 'x' })
  const admin = await rest.createKey({ actions: ['admin'], pathPrefix: 'acme/team1/' })
  const events = await list(rest, '', admin)
  assert.deepEqual(
    events.map(({ path }) => path),
    ['acme/team1/a.txt'],
  )
  const elsewhere = await rest.call('GET', '/v1/events?path=acme/team10/', { key: admin })
  assert.equal(elsewhere.status, 403)
  const reader = await rest.createKey({ actions: ['read', 'share'], pathPrefix: '' })
  for (const path of ['/v1/events', '/v1/events/stream', '/v1/events/export']) {
    assert.equal((await rest.call('GET', path, { key: reader })).status, 403)
    assert.equal((await rest.call('GET', path, { key: null })).status, 401)
  }
})

test('pages go on by cursor; times, kinds and cursors that are none are refused', async (t) => {
  const rest = await startRest(t)
  for (const name of ['a', 'b', 'c'])
    await rest.call('PUT', `/v1/files?path=acme/${name}`, { body: 'x' })
  const first = await rest.call('GET', '/v1/events?kind=file.created&limit=2')
  const second = await rest.call(
    'GET',
    `/v1/events?kind=file.created&limit=2&cursor=${String(first.json['nextCursor'])}`,
  )
  const paths = [first, second].flatMap(({ json }) =>
    (json['events'] as EventView[]).map(({ path }) => path),
  )
  assert.deepEqual(paths, ['acme/c', 'acme/b', 'acme/a'])
  for (const query of ['since=yesterday', 'kind=nothing', 'cursor=xyz', 'code=A%20B', 'limit=0']) {
    assert.equal((await rest.call('GET', `/v1/events?${query}`)).status, 400, query)
  }
})

test('an export is JSON lines, oldest first, and the next one begins where it ended', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a', { body: 'x' })
  const read = async (cursor = ''): Promise<{ paths: (string | null)[]; next: string | null }> => {
    const query = `kind=file.created${cursor === '' ? '' : `&cursor=${cursor}`}`
    const answer = await rest.call('GET', `/v1/events/export?${query}`)
    assert.equal(answer.headers.get('content-type'), 'application/jsonl')
    const lines = answer.text.split('\n').filter((line) => line !== '')
    const paths = lines.map((line) => (JSON.parse(line) as EventView).path)
    return { paths, next: answer.headers.get('x-hallpass-next-cursor') }
  }
  const first = await read()
  assert.deepEqual(first.paths, ['acme/a'])
  await rest.call('PUT', '/v1/files?path=acme/b', { body: 'x' })
  assert.deepEqual((await read(first.next ?? '')).paths, ['acme/b'])
})

test('a live view shows what happens, resumes where it was cut, and ends with its key', async (t) => {
  const rest = await startRest(t)
  const made = await rest.call('POST', '/v1/api-keys', {
    json: { name: 'watcher', actions: ['admin'], pathPrefix: '' },
  })
  const key = String(made.json['key'])
  const follow = async (headers: Record<string, string>): Promise<Live> => {
    const response = await fetch(`${rest.url}/v1/events/stream?kind=file.created`, {
      headers: { authorization: `Bearer ${key}`, ...headers },
    })
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    return readLive(response)
  }
  const live = await follow({})
  await live.until(': here\n\n')
  await rest.call('PUT', '/v1/files?path=acme/a', { body: 'x' })
  const message = await live.until('"path":"acme/a"')
  assert.match(message, /id: [\w-]+\nevent: file\.created\ndata: \{.*\}\n\n$/)
  await rest.call('PUT', '/v1/files?path=acme/b', { body: 'x' })
  await live.until('"path":"acme/b"')
  const resumed = await follow({ 'last-event-id': /id: (\S+)/.exec(message)?.[1] ?? '' })
  assert.ok(!(await resumed.until('"path":"acme/b"')).includes('acme/a'))
  await rest.call('DELETE', `/v1/api-keys/${String(made.json['id'])}`)
  await live.until('the end')
  await resumed.until('the end')
})

interface Live {
  /** What came so far, once it holds `text`; the end of the stream comes as `the end`. */
  until(text: string): Promise<string>
}

function readLive(response: Response): Live {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  return {
    until: async (text) => {
      while (!seen.includes(text)) {
        const { value, done } = (await reader?.read()) ?? { done: true, value: '' }
        seen += done ? 'the end' : value
        if (done && !seen.includes(text)) assert.fail(`${text} never came: ${seen}`)
      }
      return seen
    },
  }
}
