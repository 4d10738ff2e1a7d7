import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PROBLEMS } from '../../../src/api/rest/render-error.ts'
import { ROUTES } from '../../../src/api/rest/routes.ts'
import { createPace } from '../../../src/core/policy/pace.ts'
import { startRest } from '../../support/rest.ts'

test('the health check says ok and nothing else', async (t) => {
  const rest = await startRest(t)
  const answer = await rest.call('GET', '/-/healthz', { key: null })
  assert.equal(answer.status, 200)
  assert.equal(answer.text, 'ok\n')
  assert.equal((await rest.call('HEAD', '/-/healthz', { key: null })).status, 200)
  assert.equal((await rest.call('GET', '/-/readyz', { key: null })).text, 'ok\n')
})

test('metrics count by operation and hold no path, key or id', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/canary-name.txt', { body: 'x' })
  await rest.call('GET', '/v1/files/canary-id')
  await rest.call('GET', '/v1/nothing?X-Amz-Signature=canary-signature')
  const { text } = await rest.call('GET', '/-/metrics')
  assert.match(text, /hallpass_requests_total\{plane="rest",operation="putFile",status="201"\} 1/)
  assert.match(text, /hallpass_requests_total\{plane="rest",operation="getFile",status="404"\} 1/)
  assert.match(text, /hallpass_requests_total\{plane="rest",operation="none",status="404"\} 1/)
  assert.doesNotMatch(text, /canary/)
  assert.ok(!text.includes(rest.adminKey))
})

test('the OpenAPI document is version 3.1 and describes every route of the table', async (t) => {
  const rest = await startRest(t)
  const { json } = await rest.call('GET', '/v1/openapi.json', { key: null })
  assert.equal(json['openapi'], '3.1.0')
  const paths = json['paths'] as Record<string, Record<string, Record<string, unknown>>>
  for (const { id, method, path, access, body, query, streamTypes } of ROUTES) {
    const operation = paths[path]?.[method.toLowerCase()] ?? {}
    assert.equal(operation['operationId'], id)
    assert.equal((operation['security'] as unknown[]).length, access === 'anyone' ? 0 : 2, id)
    assert.equal('requestBody' in operation, body !== null || streamTypes !== undefined, id)
    if (query !== null) assert.ok((operation['parameters'] as unknown[]).length > 0, id)
    const responses = operation['responses'] as Record<string, unknown>
    assert.ok(Object.keys(responses).length >= 2, id)
    assert.match(JSON.stringify(responses['default']), /application\/problem\+json/)
  }
  assert.equal(Object.values(paths).flatMap(Object.keys).length, ROUTES.length)
})

test('the documentation is one page without a script or an outside request', async (t) => {
  const rest = await startRest(t)
  const { text, headers } = await rest.call('GET', '/-/docs', { key: null })
  assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
  assert.match(
    String(headers.get('content-security-policy')),
    /^default-src 'none'; style-src 'sha256-[^']+'; /,
  )
  assert.doesNotMatch(text, /<script|javascript:|\son[a-z]+=|<img|<link|@import|url\(/i)
  assert.doesNotMatch(text, /(?:src|href)="(?:https?:)?\/\//)
  assert.match(text, /<html lang="en">/)
  assert.match(text, /name="viewport"/)
  for (const { id, summary } of ROUTES) {
    assert.ok(text.includes(`id="${id}"`), id)
    assert.ok(text.includes(summary), summary)
  }
  for (const code of Object.keys(PROBLEMS)) {
    assert.ok(text.includes(`/-/docs/errors/${code}`), code)
    const page = await rest.call('GET', `/-/docs/errors/${code}`, { key: null })
    assert.equal(page.status, 200, code)
  }
  assert.equal((await rest.call('GET', '/-/docs/errors/nothing', { key: null })).status, 404)
})

test('JSON answers may not be kept, framed or sniffed', async (t) => {
  const rest = await startRest(t)
  for (const path of ['/v1/api-keys', '/v1/nothing', '/v1/files/none']) {
    const { headers } = await rest.call('GET', path)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.match(String(headers.get('content-security-policy')), /frame-ancestors 'none'/)
  }
})

test('links are made with the public URL, whatever Host and forwarding headers say', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const headers = {
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'gopher',
    forwarded: 'host=evil.test',
  }
  const link = await rest.call('POST', '/v1/links', { json: { path: 'acme/a.txt' }, headers })
  assert.match(String(link.json['url']), /^http:\/\/files\.test:8787\//)
  const files = await rest.call('GET', '/v1/files?folder=acme', { headers })
  assert.doesNotMatch(files.text, /evil/)
})

test('too many requests of one key are answered 429 with the time to wait, and health is always told', async (t) => {
  const rest = await startRest(t)
  const clock = { now: () => 0 }
  Object.assign(rest.core, { requirePace: createPace({ address: 0, key: 1 }, clock) })
  for (let request = 0; request < 2; request += 1) {
    assert.equal((await rest.call('GET', '/v1/me')).status, 200)
  }
  const refused = await rest.call('GET', '/v1/me')
  assert.deepEqual([refused.status, refused.json['code']], [429, 'too-many-requests'])
  assert.equal(refused.headers.get('retry-after'), '1')
  const other = await rest.createKey({ actions: ['read'] })
  assert.equal((await rest.call('GET', '/v1/me', { key: other })).status, 200)
  assert.equal((await rest.call('GET', '/-/healthz', { key: null })).status, 200)
})

test('a browser that opens an address at which there is nothing gets a page, a program a problem document', async (t) => {
  const rest = await startRest(t)
  for (const path of ['/-/', '/-/docs/', '/s/x', '/v1/nothing']) {
    const headers = { accept: 'text/html,*/*;q=0.8' }
    const page = await fetch(rest.url + path, { headers })
    assert.equal(page.status, 404, path)
    assert.equal(page.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.match(await page.text(), /There is nothing at this address.*See \/-\/docs/s)
    const problem = await fetch(rest.url + path)
    assert.equal(problem.headers.get('content-type'), 'application/problem+json')
    assert.match(((await problem.json()) as { remedy: string }).remedy, /\/-\/docs/)
  }
  const asked = await fetch(`${rest.url}/v1/files`, { headers: { accept: 'text/html' } })
  assert.equal(asked.status, 401)
  assert.match(await asked.text(), /Send an API key/)
})

test('the checklist is answered for administrators of everything, and for nobody else', async (t) => {
  const rest = await startRest(t)
  const answer = await rest.call('GET', '/v1/checklist')
  assert.equal(answer.status, 200)
  const items = answer.json['items'] as { id: string; status: string; findings: unknown[] }[]
  assert.equal(items.length, 20)
  assert.equal(items.find(({ id }) => id === 'rotation')?.findings.length, 2)
  const key = await rest.createKey({ actions: ['admin'], pathPrefix: 'acme/' })
  assert.equal((await rest.call('GET', '/v1/checklist', { key })).status, 403)
  assert.equal((await rest.call('GET', '/v1/checklist', { key: null })).status, 401)
})
