/** A program of one's own that is asked about each file: what it is told, what its answers do, and where it may be. */
import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { waitUntil } from '../lib/patience.ts'
import { ADMIN_KEY, startGuarded } from './guarded-server.ts'
import type { Guarded, Json } from './guarded-server.ts'

const SECRET = `whsec_${Buffer.alloc(32, 'verdicts').toString('base64')}`
const HERE = { HALLPASS_VERDICT_SECRET: SECRET, HALLPASS_WEBHOOK_NETWORKS: '127.0.0.1/32' }

interface Asked {
  readonly id: string
  readonly data: Json
}

type Answer = { readonly status?: number; readonly body: string }

const FAULT: Answer = { status: 500, body: '' }

interface Judge {
  readonly url: string
  readonly asked: readonly Asked[]
  /** What it answers, by the path of the file; nothing else counts as a question. */
  readonly answers: Map<string, Answer>
}

/** Checks the signature as Standard Webhooks say, by hand. */
async function startJudge(t: TestContext): Promise<Judge> {
  const asked: Asked[] = []
  const answers = new Map<string, Answer>()
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    const [id, at, given] = ['id', 'timestamp', 'signature'].map(
      (name) => request.headers[`webhook-${name}`] ?? '',
    )
    const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
    const signature = createHmac('sha256', key)
      .update(`${String(id)}.${String(at)}.${body}`)
      .digest('base64')
    assert.equal(given, `v1,${signature}`)
    const { type, data } = JSON.parse(body) as { type: string; data: Json }
    assert.equal(type, 'upload.held')
    asked.push({ id: String(id), data })
    const { status = 200, body: said } = answers.get(String(data['path'])) ?? FAULT
    response.writeHead(status).end(said)
  }
  const site = createServer((request, response) => void answer(request, response))
  const { promise, resolve } = Promise.withResolvers<void>()
  site.listen(0, '127.0.0.1', resolve)
  await promise
  t.after(() => {
    site.closeAllConnections()
    site.close()
  })
  return { url: `http://127.0.0.1:${(site.address() as AddressInfo).port}/verdict`, asked, answers }
}

async function send({ call }: Guarded, name: string): Promise<string> {
  const { json } = await call('PUT', `/v1/files?path=acme/in/${name}`, { body: `about ${name}` })
  return String(json['id'])
}

async function findLost({ call }: Guarded): Promise<boolean> {
  const { json } = await call('GET', '/v1/alerts')
  const alerts = json['alerts'] as Json[]
  return alerts.some(({ rule, subject }) => rule === 'scanner-lost' && subject === 'webhook')
}

test('a program says yes, no or later, and what is no answer holds the file', async (t) => {
  const judge = await startJudge(t)
  const guarded = await startGuarded(t, { ...HERE, HALLPASS_VERDICT_URL: judge.url })
  await guarded.setPolicy({ quarantine: ['webhook'] })
  const { answers } = judge
  answers.set('acme/in/yes', { body: '{"verdict":"accept"}' })
  answers.set('acme/in/no', { body: '{"verdict":"reject","reason":"no invoices here"}' })
  answers.set('acme/in/later', { status: 202, body: '' })
  const ids = [await send(guarded, 'yes'), await send(guarded, 'no'), await send(guarded, 'later')]
  const [yes = '', no = '', later = ''] = ids
  assert.equal(await guarded.verdictOn(yes), 'admitted')
  const refused = await guarded.verdictOn(no)
  assert.ok(refused !== 'admitted')
  assert.equal(refused['code'], 'upload-refused')
  assert.match(String(refused['reason']), /no invoices here/)
  await waitUntil(() => judge.asked.some(({ id }) => id === later), 'the question')
  const told = judge.asked.find(({ id }) => id === later)?.data ?? {}
  assert.deepEqual([told['path'], told['size']], ['acme/in/later', 11])
  assert.match(String(told['sha256']), /^[0-9a-f]{64}$/)
  const content = await fetch(`${guarded.url()}/v1/quarantine/${later}/content`, {
    headers: { authorization: ADMIN_KEY },
  })
  assert.equal(await content.text(), 'about later')
  assert.equal(await findLost(guarded), false)
  await guarded.call('POST', `/v1/quarantine/${later}/verdict`, { json: { verdict: 'accept' } })
  assert.equal(await guarded.verdictOn(later), 'admitted')

  for (const body of ['', 'yes', '"accept"', '{"verdict":"Accept"}', 'null', ' '.repeat(5000)]) {
    const name = `odd${body.length}`
    answers.set(`acme/in/${name}`, { body })
    const odd = await send(guarded, name)
    await waitUntil(async () => {
      const { json } = await guarded.call('GET', `/v1/quarantine/${odd}`)
      assert.notEqual(json['state'], 'rejected')
      return Number(json['attempts']) > 0
    }, 'an attempt')
    answers.set(`acme/in/${name}`, { body: '{"verdict":"accept"}' })
    assert.equal(await guarded.verdictOn(odd), 'admitted', body.trim())
  }
  await waitUntil(() => findLost(guarded), 'an alert')
})

test('a verdict is on the bytes that were asked about, whatever is sent under their name meanwhile', async (t) => {
  const judge = await startJudge(t)
  const guarded = await startGuarded(t, { ...HERE, HALLPASS_VERDICT_URL: judge.url })
  await guarded.setPolicy({ quarantine: ['webhook'] })
  judge.answers.set('acme/in/a', { status: 202, body: '' })
  const put = async (body: string): Promise<string> =>
    String((await guarded.call('PUT', '/v1/files?path=acme/in/a', { body })).json['id'])
  const decide = (id: string, json: Json): ReturnType<Guarded['call']> =>
    guarded.call('POST', `/v1/quarantine/${id}/verdict`, { json })
  const stored = async (): Promise<string> => {
    const { json } = await guarded.call('GET', '/v1/files?folder=acme/in')
    const [file] = json['files'] as Json[]
    if (file === undefined) return ''
    const answer = await fetch(String(file['signedUrl']))
    return answer.text()
  }
  const askedAbout = async (id: string, body: string): Promise<void> => {
    await waitUntil(() => judge.asked.some((question) => question.id === id), 'the question')
    const question = judge.asked.find(({ id: asked }) => asked === id)
    assert.equal(question?.data['sha256'], createHash('sha256').update(body).digest('hex'))
  }
  const first = await put('what was looked at')
  await askedAbout(first, 'what was looked at')
  const second = await put('what was put in its place')
  assert.notEqual(second, first)
  assert.equal((await decide(first, { verdict: 'accept' })).status, 200)
  assert.equal(await guarded.verdictOn(first), 'admitted')
  assert.equal(await stored(), 'what was looked at')
  await askedAbout(second, 'what was put in its place')
  await decide(second, { verdict: 'reject', reason: 'swapped' })
  assert.equal((await decide(first, { verdict: 'accept' })).status, 404)
  assert.equal(await stored(), 'what was looked at')
})

test('a program within a private network is not asked unless the settings name the network', async (t) => {
  const judge = await startJudge(t)
  const { HALLPASS_VERDICT_SECRET } = HERE
  const guarded = await startGuarded(t, {
    HALLPASS_VERDICT_SECRET,
    HALLPASS_VERDICT_URL: judge.url,
  })
  await guarded.setPolicy({ quarantine: ['webhook'] })
  judge.answers.set('acme/in/x', { body: '{"verdict":"accept"}' })
  const held = await send(guarded, 'x')
  await waitUntil(() => findLost(guarded), 'an alert')
  const { json } = await guarded.call('GET', `/v1/quarantine/${held}`)
  assert.equal(json['state'], 'waiting')
  assert.deepEqual(judge.asked, [])
})

test('a policy names nobody whom the settings do not', async (t) => {
  const guarded = await startGuarded(t, {})
  for (const name of ['clamav', 'webhook']) {
    const json = { policy: { quarantine: [name] } }
    const refused = await guarded.call('PUT', '/v1/folders/acme/in/policy', { json })
    assert.equal(refused.status, 400)
    assert.match(String(refused.json['detail']), new RegExp(`policy.quarantine: .*no ${name}`))
  }
  await guarded.setPolicy({ quarantine: [] })
  const json = { policy: { quarantine: [], scannerLost: 'pass' } }
  assert.equal((await guarded.call('PUT', '/v1/folders/acme/in/deep/policy', { json })).status, 200)
  const sent = await guarded.call('PUT', '/v1/files?path=acme/in/page.png', { body: '<html>' })
  const verdict = await guarded.verdictOn(String(sent.json['id']))
  assert.ok(verdict !== 'admitted')
  assert.equal(verdict['code'], 'type-contradicted')
})
