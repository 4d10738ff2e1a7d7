import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createUserTokenVerifier } from '../../../src/auth/verify-user-token.ts'
import { parseTokenRules } from '../../../src/config/token-rules.ts'
import type { AskApplication } from '../../../src/core/users/ask-application.ts'
import { createKeyFetch } from '../../../src/http/fetch-keys.ts'
import { allow, linkWith, put, setFolder } from '../../support/core.ts'
import { AUDIENCE, ISSUER, startIssuer } from '../../support/issuer.ts'
import type { Issuer } from '../../support/issuer.ts'
import { openUrl } from '../../support/presigned.ts'
import { startRest } from '../../support/rest.ts'
import type { RestHarness } from '../../support/rest.ts'

const PAGE = 'https://app.test'
const RULES = JSON.stringify([
  { path: 'acme/users/{sub}/**', actions: ['read', 'write', 'delete', 'list', 'share'] },
  { path: 'acme/handbook/**', actions: ['read', 'list'] },
])

interface Setting {
  readonly rest: RestHarness
  readonly issuer: Issuer
  /** A token of that subject. */
  readonly tokenOf: (sub: string, claims?: Readonly<Record<string, unknown>>) => Promise<string>
}

async function prepare(t: TestContext, ask: AskApplication | null = null): Promise<Setting> {
  // The time of every core in memory.
  let now = (): number => 0
  const issuer = await startIssuer(t, () => now())
  const rest = await startRest(t, ({ clock, log }) => {
    now = () => clock.now()
    const fetchKeys = createKeyFetch(now)
    const options = { issuer: ISSUER, audiences: [AUDIENCE], keysUrl: issuer.keysUrl, fetchKeys }
    const verify = createUserTokenVerifier({ clock, log }, options)
    return { userTokens: { verify, rules: parseTokenRules(RULES), ask }, corsOrigins: [PAGE] }
  })
  await put(rest.core, 'users/ann/a.txt', 'of ann')
  await put(rest.core, 'users/bob/b.txt', 'of bob')
  await put(rest.core, 'handbook/h.txt', 'for all')
  const tokenOf = (sub: string, claims: object = {}) => issuer.sign({ sub, ...claims })
  return { rest, issuer, tokenOf }
}

test('an end user issues a link to a file of their own from a page, and it opens the file', async (t) => {
  const { rest, tokenOf } = await prepare(t)
  const headers = { origin: PAGE }
  const preflight = await fetch(`${rest.url}/v1/links`, {
    method: 'OPTIONS',
    headers: {
      ...headers,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  })
  assert.equal(preflight.status, 204)
  assert.equal(preflight.headers.get('access-control-allow-origin'), PAGE)
  assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization,content-type')
  assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /POST/)

  const key = await tokenOf('ann')
  const json = { path: 'acme/users/ann/a.txt' }
  const issued = await rest.call('POST', '/v1/links', { key, json, headers })
  assert.equal(issued.status, 201, issued.text)
  assert.equal(issued.headers.get('access-control-allow-origin'), PAGE)
  assert.equal(issued.headers.get('vary'), 'Origin')
  await openUrl(rest.core, [String(issued.json['url']), 'users/ann/a.txt'])

  const record = await rest.call('GET', `/v1/links/${String(issued.json['id'])}`)
  assert.equal(record.json['subject'], 'ann')
  assert.equal(record.json['createdBy'], 'user.ann')
  const events = await rest.call('GET', '/v1/events?kind=link.issued')
  const [event] = events.json['events'] as { subject: string; path: string }[]
  assert.equal(event?.subject, 'ann')
  assert.equal(event?.path, 'acme/users/ann/a.txt')
})

test('nobody reaches the files of somebody else, or does what the rules do not say', async (t) => {
  const { rest, tokenOf } = await prepare(t)
  const ann = await tokenOf('ann')
  const link = (path: string, key: string, method = 'GET') =>
    rest.call('POST', '/v1/links', { key, json: { path, method } })
  assert.equal((await link('acme/users/bob/b.txt', ann)).status, 403)
  assert.equal((await link('acme/users/ann/new.txt', ann, 'PUT')).status, 201)
  assert.equal((await link('acme/handbook/h.txt', ann)).status, 403)
  assert.equal((await link('other/users/ann/a.txt', ann)).status, 403)
  for (const sub of ['.', '..', '*', 'ann/../bob', '../bob', 'ANN', 'ann ', '']) {
    const key = await tokenOf(sub)
    const { status } = await link('acme/users/bob/b.txt', key)
    assert.ok(status === 403 || status === 401, sub)
    assert.ok((await link('acme/users/ann/a.txt', key)).status >= 401, sub)
  }
  const list = (folder: string) => rest.call('GET', `/v1/files?folder=${folder}`, { key: ann })
  assert.equal((await list('acme/users/ann')).status, 200)
  assert.equal((await list('acme/handbook')).status, 200)
  for (const folder of ['acme/users', 'acme', 'acme/users/bob']) {
    assert.equal((await list(folder)).status, 403, folder)
  }
  for (const [method, path] of [
    ['GET', '/v1/api-keys'],
    ['GET', '/v1/events'],
    ['GET', '/v1/policy'],
    ['GET', '/-/metrics'],
    ['GET', '/v1/buckets'],
  ] as const) {
    assert.equal((await rest.call(method, path, { key: ann })).status, 403, path)
  }
  for (const path of ['/v1/api-keys', '/v1/access-keys', '/v1/access-keys/temporary']) {
    const json = { name: 'x', actions: ['read'], pathPrefix: 'acme/users/ann' }
    const { name: _name, ...temporary } = json
    const body = path.endsWith('temporary') ? temporary : json
    assert.equal((await rest.call('POST', path, { key: ann, json: body })).status, 403, path)
  }
})

test('an end user stores, lists, moves and deletes within their folder', async (t) => {
  const { rest, tokenOf } = await prepare(t)
  const key = await tokenOf('ann')
  const stored = await rest.call('PUT', '/v1/files?path=acme/users/ann/n.txt', { key, body: 'new' })
  assert.equal(stored.status, 201, stored.text)
  const listed = await rest.call('GET', '/v1/files?folder=acme/users/ann', { key })
  const files = listed.json['files'] as { path: string; signedUrl?: string }[]
  assert.deepEqual(files.map(({ path }) => path).toSorted(), [
    'acme/users/ann/a.txt',
    'acme/users/ann/n.txt',
  ])
  await openUrl(rest.core, [String(files[0]?.signedUrl), 'users/ann/a.txt'])
  const id = String(stored.json['id'])
  const moveTo = (path: string) => rest.call('PATCH', `/v1/files/${id}`, { key, json: { path } })
  assert.equal((await moveTo('acme/users/bob/n.txt')).status, 403)
  assert.equal((await moveTo('acme/users/ann/m.txt')).status, 200)
  const me = await rest.call('GET', '/v1/me', { key })
  assert.equal(me.json['subject'], 'ann')
  assert.equal((await rest.call('DELETE', `/v1/files/${id}`, { key })).status, 204)
  const bobs = await allow(rest.core, linkWith(rest.core), 'read', 'users/bob/b.txt').catch(
    () => null,
  )
  assert.equal(bobs, null)
})

test('rights end with the token', async (t) => {
  const { rest, tokenOf } = await prepare(t)
  const key = await tokenOf('ann')
  const json = { path: 'acme/users/ann/a.txt' }
  assert.equal((await rest.call('POST', '/v1/links', { key, json })).status, 201)
  rest.core.clock.advance(331_000)
  const late = await rest.call('POST', '/v1/links', { key, json })
  assert.equal(late.status, 401)
  assert.equal(late.json['code'], 'user-token-invalid')
})

test('revoking a subject ends their links and their tokens, and nobody else’s', async (t) => {
  const { rest, tokenOf } = await prepare(t)
  const [ann, bob] = [await tokenOf('ann'), await tokenOf('bob')]
  const issue = (key: string, path: string) =>
    rest.call('POST', '/v1/links', { key, json: { path } })
  const hers = String((await issue(ann, 'acme/users/ann/a.txt')).json['url'])
  const his = String((await issue(bob, 'acme/users/bob/b.txt')).json['url'])
  const [file] = (await rest.call('GET', '/v1/files?folder=acme/users/ann', { key: ann })).json[
    'files'
  ] as { signedUrl: string }[]
  rest.core.clock.advance(10)
  const json = { subject: 'ann' }
  assert.equal((await rest.call('POST', '/v1/revocations', { key: ann, json })).status, 403)
  const swept = await rest.call('POST', '/v1/revocations', { json })
  assert.equal(swept.status, 201, swept.text)
  assert.equal(swept.json['links'], 1)
  assert.match(String(swept.json['notice']), /only ending the account there ends that/)
  await assert.rejects(openUrl(rest.core, [hers, 'users/ann/a.txt']), { code: 'link-revoked' })
  const automatic = openUrl(rest.core, [String(file?.signedUrl), 'users/ann/a.txt'])
  await assert.rejects(automatic, { code: 'link-revoked' })
  await openUrl(rest.core, [his, 'users/bob/b.txt'])
  assert.equal((await issue(ann, 'acme/users/ann/a.txt')).status, 401)
  assert.equal((await rest.call('GET', '/v1/me', { key: ann })).json['code'], 'user-token-invalid')
  assert.equal((await issue(bob, 'acme/users/bob/b.txt')).status, 201)
  const [rule] = (await rest.call('GET', '/v1/revocations')).json['revocations'] as {
    reach: string
    target: string
  }[]
  assert.deepEqual([rule?.reach, rule?.target], ['subject', 'ann'])
  // A token that was issued since is another one.
  rest.core.clock.advance(31_000)
  assert.equal((await issue(await tokenOf('ann'), 'acme/users/ann/a.txt')).status, 201)
  const id = String(swept.json['id'])
  assert.equal((await rest.call('DELETE', `/v1/revocations/${id}`)).status, 204)
})

test('an API key is refused to a page that is let in, and a page that is not gets no answer', async (t) => {
  const { rest, tokenOf } = await prepare(t)
  const fromPage = await rest.call('GET', '/v1/me', { headers: { origin: PAGE } })
  assert.equal(fromPage.status, 403)
  const headers = { origin: 'https://evil.test', 'access-control-request-method': 'POST' }
  const preflight = await fetch(`${rest.url}/v1/links`, { method: 'OPTIONS', headers })
  assert.notEqual(preflight.status, 204)
  assert.equal(preflight.headers.get('access-control-allow-origin'), null)
  const answer = await rest.call('GET', '/v1/me', { key: await tokenOf('ann'), headers })
  assert.equal(answer.headers.get('access-control-allow-origin'), null)
})

test('a folder that names the pages it is for binds end users, too', async (t) => {
  const { rest, tokenOf } = await prepare(t)
  await setFolder(rest.core, 'acme/users', { policy: { corsOrigins: ['https://other.test'] } })
  const json = { path: 'acme/users/ann/a.txt' }
  const key = await tokenOf('ann')
  const fromPage = await rest.call('POST', '/v1/links', { key, json, headers: { origin: PAGE } })
  assert.equal(fromPage.json['code'], 'policy-refused')
  assert.equal((await rest.call('POST', '/v1/links', { key, json })).status, 201)
})

test('while the issuer’s keys cannot be read, nobody is let in and the answer says to come back', async (t) => {
  const { rest, issuer, tokenOf } = await prepare(t)
  issuer.answerWith({ status: 500, body: '' })
  const answer = await rest.call('GET', '/v1/me', { key: await tokenOf('ann') })
  assert.equal(answer.status, 503)
  assert.equal(answer.json['code'], 'issuer-unavailable')
  assert.equal(answer.headers.get('retry-after'), '1')
})

test('without settings for tokens one is a key that nobody knows', async (t) => {
  const { tokenOf } = await prepare(t)
  const rest = await startRest(t)
  const answer = await rest.call('GET', '/v1/me', { key: await tokenOf('ann') })
  assert.equal(answer.json['code'], 'api-key-invalid')
})

test('what the rules do not answer is asked of the application, and silence is a no', async (t) => {
  const questions: { readonly subject: string; readonly action: string; readonly path: string }[] =
    []
  let isAllowed = true
  const { rest, tokenOf } = await prepare(t, async ({ user: { subject }, action, path }) => {
    questions.push({ subject, action, path: `${path.bucket}/${path.key}` })
    return isAllowed
  })
  const key = await tokenOf('ann')
  const link = (path: string) => rest.call('POST', '/v1/links', { key, json: { path } })
  assert.equal((await link('acme/users/ann/a.txt')).status, 201)
  assert.deepEqual(questions, [])
  const issued = await link('acme/users/bob/b.txt')
  assert.equal(issued.status, 201, issued.text)
  await openUrl(rest.core, [String(issued.json['url']), 'users/bob/b.txt'])
  const path = 'acme/users/bob/b.txt'
  assert.deepEqual(questions, [
    { subject: 'ann', action: 'share', path },
    { subject: 'ann', action: 'read', path },
  ])
  isAllowed = false
  assert.equal((await link(path)).status, 403)
  for (const admins of ['/v1/api-keys', '/v1/events', '/v1/buckets', '/-/metrics']) {
    const before: number = questions.length
    assert.equal((await rest.call('GET', admins, { key })).status, 403, admins)
    assert.equal(questions.length, before, 'administration is not asked for')
  }
})
