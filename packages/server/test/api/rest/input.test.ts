import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRest } from '../../support/rest.ts'

test('a wrong field is refused with a problem document that names it', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const refused: [method: string, path: string, json: unknown, field: string][] = [
    ['POST', '/v1/links', {}, 'path'],
    ['POST', '/v1/links', { path: 'acme/a.txt', fileId: 'x' }, 'path'],
    ['POST', '/v1/links', { path: 5 }, 'path'],
    ['POST', '/v1/links', { path: 'acme/a.txt', expiresInn: 5 }, 'expiresInn'],
    ['POST', '/v1/links', { path: 'acme/a.txt', expiresIn: '300' }, 'expiresIn'],
    ['POST', '/v1/links', { path: 'acme/a.txt', expiresIn: 0 }, 'expiresIn'],
    ['POST', '/v1/links', { path: 'acme/a.txt', expiresIn: -1 }, 'expiresIn'],
    ['POST', '/v1/links', { path: 'acme/a.txt', expiresIn: 1.5 }, 'expiresIn'],
    ['POST', '/v1/links', { path: 'acme/a.txt', expiresIn: 1e300 }, 'expiresIn'],
    ['POST', '/v1/links', { path: 'acme/a.txt', expiresIn: null }, 'expiresIn'],
    ['POST', '/v1/links', { path: 'acme/a.txt', expiresIn: 604_801, reason: 'long' }, 'expiresIn'],
    ['POST', '/v1/links', { path: 'acme/a.txt', expiresIn: 86_401 }, 'reason'],
    ['POST', '/v1/links', { path: 'acme/a.txt', method: 'DELETE' }, 'method'],
    ['POST', '/v1/links', { path: 'acme/a.txt', maxUses: 0 }, 'maxUses'],
    ['POST', '/v1/links', { path: 'acme/a.txt', ip: 'nonsense' }, 'ip'],
    ['POST', '/v1/links', { path: 'acme/a.txt', ip: ['10.0.0.0/99'] }, 'ip'],
    ['POST', '/v1/links', { path: 'acme/a.txt', ip: [] }, 'ip'],
    ['POST', '/v1/links', { path: 'acme/a.txt', ip: '010.0.0.0/8' }, 'ip'],
    ['POST', '/v1/links', { path: 'acme/a.txt', ip: '127.1' }, 'ip'],
    ['POST', '/v1/links', { path: 'acme/a.txt', ip: '2130706433' }, 'ip'],
    ['POST', '/v1/links', { path: 'acme/a.txt', ip: 'fe80::1%eth0' }, 'ip'],
    ['POST', '/v1/links', { path: 'acme/a.txt', maxBytes: 5 }, 'maxBytes'],
    ['POST', '/v1/links', { path: 'acme/a.txt', method: 'PUT', filename: 'x' }, 'filename'],
    [
      'POST',
      '/v1/links',
      { path: 'acme/a.txt', method: 'PUT', contentType: 'a\r\nb' },
      'contentType',
    ],
    ['POST', '/v1/links', [], 'body'],
    ['POST', '/v1/links', 'text', 'body'],
    ['POST', '/v1/links', null, 'body'],
    ['POST', '/v1/revocations', {}, 'body'],
    ['POST', '/v1/revocations', { all: true, key: 'x' }, 'body'],
    ['POST', '/v1/revocations', { all: false }, 'all'],
    ['PUT', '/v1/folders/acme/x', { visibility: 'open' }, 'visibility'],
    ['PUT', '/v1/folders/acme/x', { policy: { maxBytes: -1 } }, 'policy.maxBytes'],
    ['PUT', '/v1/folders/acme/x', { policy: { maxSize: 1 } }, 'policy.maxSize'],
    ['POST', '/v1/api-keys', { actions: ['read'] }, 'name'],
    ['POST', '/v1/api-keys', { name: 'n', actions: [] }, 'actions'],
    ['POST', '/v1/api-keys', { name: 'n', actions: ['root'] }, 'actions.0'],
    ['POST', '/v1/api-keys', { name: 'n', actions: ['read', 'read'] }, 'actions'],
    ['POST', '/v1/api-keys', { name: 'n', actions: ['read'], cidrs: ['x'] }, 'cidrs'],
    ['POST', '/v1/api-keys', { name: 'n', actions: ['read'], expiresAt: 'soon' }, 'expiresAt'],
    [
      'POST',
      '/v1/api-keys',
      { name: 'n', actions: ['read'], expiresAt: '2020-01-01T00:00:00Z' },
      'expiresAt',
    ],
    [
      'POST',
      '/v1/access-keys',
      { name: 'n', actions: ['read'], maxExpiresIn: 604_801 },
      'maxExpiresIn',
    ],
    ['PATCH', '/v1/files/x', {}, 'path'],
    ['PATCH', '/v1/files/x', { path: 'acme/b', overwrite: 'yes' }, 'overwrite'],
  ]
  for (const [method, path, json, field] of refused) {
    const answer = await rest.call(method, path, { json })
    const shown = `${method} ${path} ${JSON.stringify(json)} → ${answer.text}`
    assert.equal(answer.status, 400, shown)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json', shown)
    assert.equal(answer.json['field'], field, shown)
    assert.equal(answer.json['status'], 400)
    assert.match(String(answer.json['type']), new RegExp(`/${String(answer.json['code'])}$`))
    assert.ok(String(answer.json['detail']).startsWith(field), shown)
  }
})

test('a query is read strictly: unknown, repeated, broken and absurd parameters are named', async (t) => {
  const rest = await startRest(t)
  const refused: [string, string][] = [
    ['/v1/files', 'folder'],
    ['/v1/files?folder=acme&folder=b', 'folder'],
    ['/v1/files?folder=%ff', 'folder'],
    ['/v1/files?folder=acme&page=2', 'page'],
    ['/v1/files?folder=acme&limit=0', 'limit'],
    ['/v1/files?folder=acme&limit=1001', 'limit'],
    ['/v1/files?folder=acme&limit=1e2', 'limit'],
    ['/v1/files?folder=acme&limit=0x10', 'limit'],
    ['/v1/files?folder=acme&limit=%2010', 'limit'],
    ['/v1/files?folder=acme&limit=', 'limit'],
    ['/v1/files?folder=acme&limit=99999999999999999999', 'limit'],
    ['/v1/files?folder=acme&recursive=1', 'recursive'],
    ['/v1/files?folder=acme&cursor=%21', 'cursor'],
    ['/v1/files?folder=acme&__proto__=1', '__proto__'],
    ['/v1/links?cursor=!!!', 'cursor'],
    ['/v1/files/a%20b', 'id'],
    [`/v1/files/${'x'.repeat(2001)}`, 'id'],
  ]
  for (const [path, field] of refused) {
    const answer = await rest.call('GET', path)
    assert.equal(answer.status, 400, `${path} ${answer.text}`)
    assert.equal(answer.json['field'], field, `${path} ${answer.text}`)
  }
})

test('what no route takes is 404, and the wrong method of a route is 405 with the right ones', async (t) => {
  const rest = await startRest(t)
  for (const path of [
    '/v1',
    '/v1/',
    '/v1/nothing',
    '/v2/files',
    '/-/console/x',
    '/v1/files/',
    '/v1/files//x',
  ]) {
    const answer = await rest.call('GET', path)
    assert.ok([404, 400].includes(answer.status), `${path} ${answer.status}`)
    assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  }
  const answer = await rest.call('DELETE', '/v1/links')
  assert.equal(answer.status, 405)
  assert.equal(answer.headers.get('allow'), 'POST, GET')
  assert.equal((await rest.call('GET', '/v1/files/%zz')).json['code'], 'path-invalid')
})

test('folder paths are decoded once, by the canonicaliser and not by the router', async (t) => {
  const rest = await startRest(t)
  const put = await rest.call('PUT', '/v1/folders/acme/a%20b%252F/%C3%A4', { json: {} })
  assert.equal(put.json['path'], 'acme/a b%2F/ä/')
  const listed = await rest.call('GET', '/v1/folders')
  assert.deepEqual(
    (listed.json['folders'] as { path: string }[]).map(({ path }) => path),
    ['acme/a b%2F/ä/'],
  )
  for (const path of ['acme/..%2f..%2fx', 'acme/%2e%2e/x', 'acme//x', 'acme/a%00', 'ab']) {
    const answer = await rest.call('PUT', `/v1/folders/${path}`, { json: {} })
    assert.equal(answer.status, 400, path)
  }
})

test('a value that is not one of those allowed is told which are', async (t) => {
  const rest = await startRest(t)
  const cases: readonly (readonly [string, string, object, string])[] = [
    [
      'POST',
      '/v1/links',
      { path: 'acme/a', method: 'DELETE' },
      'method: it must be "GET" or "PUT" or "POST".',
    ],
    [
      'POST',
      '/v1/links',
      { path: 'acme/a', disposition: 'x' },
      'disposition: it must be "attachment" or "inline".',
    ],
    [
      'PUT',
      '/v1/folders/acme/x',
      { visibility: 'x' },
      'visibility: it must be "public" or "private" or null.',
    ],
    ['POST', '/v1/revocations', { all: false }, 'all: it must be true.'],
    [
      'POST',
      '/v1/links',
      { path: 'acme/a.txt', expiresIn: '300' },
      'expiresIn: it must be a whole number.',
    ],
    ['POST', '/v1/links', { path: 5 }, 'path: it must be a text.'],
    [
      'POST',
      '/v1/links',
      { path: 'acme/a.txt', expiresInn: 5 },
      'expiresInn: no field of this name is known here; /-/docs lists those that are.',
    ],
  ]
  for (const [method, path, json, detail] of cases) {
    assert.equal((await rest.call(method, path, { json })).json['detail'], detail)
  }
  const json = { name: 'n', actions: ['foo'] }
  const key = await rest.call('POST', '/v1/api-keys', { json })
  assert.match(String(key.json['detail']), /^actions\.0: it must be "\w+" or .*"share"/)
})

test('of many links the one that is refused is named', async (t) => {
  const rest = await startRest(t)
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const fine = { path: 'acme/a.txt' }
  const cases: readonly (readonly [object, string, RegExp])[] = [
    [{ path: 'acme/none' }, 'links.1', /^links\.1: There is no file at this path\.$/],
    [{ ...fine, expiresIn: 100_000 }, 'links.1.reason', /^links\.1\.reason: /],
    [{ ...fine, ip: 'nonsense' }, 'links.1.ip', /^links\.1\.ip: /],
    [{ path: 'acme/../x' }, 'links.1', /^links\.1: The path is not valid/],
  ]
  for (const [wrong, field, detail] of cases) {
    const answer = await rest.call('POST', '/v1/links/batch', { json: { links: [fine, wrong] } })
    assert.equal(answer.json['field'], field)
    assert.match(String(answer.json['detail']), detail)
  }
})
