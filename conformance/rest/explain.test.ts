/**
 * `POST /v1/explain` over a real server: each cause is brought about, seen to make the request fail, and asked for. No answer may hold a
 * secret, a signature that was sent or one that would have been right.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { presignS3 } from '@hallpass/signing/s3'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue, statusOf, upload } from './call.ts'
import { codesOf, evidenceOf, startExplaining } from './explaining.ts'
import type { Explaining } from './explaining.ts'

let world: Explaining
let server: RunningServer
/** Of the administrator. */
let keyId = ''

before(async () => {
  world = await startExplaining()
  ;({ server, keyId } = world)
  await upload(server, 'rec/a.txt', 'x')
  await upload(server, 'mis/a b.txt', 'x')
})
after(() => server.stop())

test('a signature that does not fit is named by what was changed', async () => {
  const now = new Date()
  const right = world.presign('mis/a b.txt', { now })
  assert.equal(await statusOf(right), 200)
  const other = await server.createKey({ name: 'other', actions: ['read'] })
  const put = world.presign('mis/up.txt', { now, method: 'PUT', contentType: 'text/plain' })
  // What would be right for that which is asked below is a canary by being signed here.
  world.presign('mis/a%20b.txt', { now })
  world.presign('mis/a b.txt', { now, method: 'DELETE' })
  world.presign('mis/a b.txt', { now, query: { 'response-content-type': 'text/html' } })
  world.presign('mis/up.txt', { now, method: 'PUT', contentType: 'image/png' })
  const cases: readonly (readonly [code: string, request: { url: string; method?: string }])[] = [
    ['host-changed', { url: right.replace('127.0.0.1', 'files.internal'), method: 'GET' }],
    ['path-double-encoded', { url: right.replace('a%20b', 'a%2520b'), method: 'GET' }],
    ['method-differs', { url: right, method: 'DELETE' }],
    ['parameter-added', { url: `${right}&response-content-type=text%2Fhtml`, method: 'GET' }],
    ['header-changed', { url: put, method: 'PUT', ...withType('image/png') }],
    [
      'secret-other-key',
      {
        url: world.presign('mis/a b.txt', { secretAccessKey: other.secretAccessKey }),
        method: 'GET',
      },
    ],
    [
      'key-mismatch',
      { url: world.presign('mis/a b.txt', { secretAccessKey: 'z'.repeat(40) }), method: 'GET' },
    ],
  ]
  for (const [code, request] of cases) {
    const explained = await world.explain({
      headers: [['Host', new URL(request.url).host]],
      ...request,
    })
    assert.equal(explained.isHere, true, code)
    assert.equal(explained.signature, 'invalid', code)
    const [first] = explained.causes
    assert.equal(first?.code, code, `${code}: ${codesOf(explained).join(', ')}`)
    assert.equal(first?.from, 'signature')
  }
})

function withType(type: string): object {
  return {
    headers: [
      ['Host', new URL(server.origin).host],
      ['Content-Type', type],
    ],
  }
}

test('a region that is not the one of this server is named, though the signature fits', async () => {
  const explained = await world.explain({
    url: world.presign('mis/a b.txt', { region: 'eu-west-1' }),
  })
  assert.equal(explained.signature, 'refused')
  assert.equal(explained.causes[0]?.code, 'scope-mismatch')
})

test('what the record of a link says is told, with when and by whose key', async () => {
  const linkTo = (more: object = {}) => issue(server, { path: 'rec/a.txt', ...more })
  const cases: Record<string, (id: string) => Promise<unknown>> = {
    'link-revoked': (id) => call(server, 'DELETE', `/v1/links/${id}`),
    'link-paused': (id) => call(server, 'POST', `/v1/links/${id}/pause`),
    'link-shortened': (id) =>
      call(server, 'PATCH', `/v1/links/${id}`, { json: { expiresAt: new Date().toISOString() } }),
  }
  for (const [code, end] of Object.entries(cases)) {
    const { id, url } = await linkTo()
    await end(id)
    assert.equal(await statusOf(url), 403, code)
    const explained = await world.explain({ url, method: 'GET' })
    assert.equal(explained.signature, 'valid')
    assert.equal(explained.causes[0]?.code, code, codesOf(explained).join(', '))
    assert.equal(explained.link?.id, id)
    if (code !== 'link-shortened') assert.match(evidenceOf(explained, code), new RegExp(keyId))
    // The record is told, too, where the signature is broken.
    const broken = await world.explain({
      url: url.replace('rec/a.txt', 'rec/b.txt'),
      method: 'GET',
    })
    assert.equal(broken.signature, 'invalid')
    assert.ok(codesOf(broken).includes(code), codesOf(broken).join(', '))
  }
  const once = await linkTo({ maxUses: 1 })
  assert.equal(await statusOf(once.url), 200)
  assert.match(evidenceOf(await world.explain({ url: once.url }), 'link-used'), /used 1 of 1 times/)
  const notBefore = new Date(Date.now() + 60_000).toISOString()
  const later = await linkTo({ notBefore })
  assert.ok(codesOf(await world.explain({ url: later.url })).includes('link-not-yet'))
})

test('a network is judged where it is told, and guessed at where it is not', async () => {
  const { url } = await issue(server, { path: 'rec/a.txt', ip: '10.1.0.0/16' })
  const wrong = await world.explain({ url, ip: '192.0.2.7' })
  assert.equal(wrong.causes[0]?.code, 'link-ip-not-allowed')
  assert.ok((wrong.causes[0]?.confidence ?? 0) > 0.9)
  const untold = await world.explain({ url })
  assert.equal(untold.causes.find(({ code }) => code === 'link-ip-not-allowed')?.confidence, 0.3)
  assert.ok(!codesOf(await world.explain({ url, ip: '10.1.2.3' })).includes('link-ip-not-allowed'))
})

test('one that is over is told so, and what stands against it besides', async () => {
  const now = new Date(Date.now() - 900_000)
  const url = world.presign('rec/a.txt', { now, expiresInSeconds: 60 })
  const explained = await world.explain({ url, method: 'GET' })
  assert.equal(explained.signature, 'refused')
  assert.equal(explained.causes[0]?.code, 'url-expired')
  const gone = world.presign('rec/none.txt', { now, expiresInSeconds: 60 })
  assert.deepEqual(
    codesOf(await world.explain({ url: gone }))
      .slice(0, 2)
      .toSorted(),
    ['file-not-found', 'url-expired'],
  )
})

test('a policy that was tightened since refuses in its own words', async () => {
  await upload(server, 'pol/a.txt', 'x')
  const { url } = await issue(server, { path: 'pol/a.txt', expiresIn: 3600 })
  assert.deepEqual(codesOf(await world.explain({ url, method: 'GET' })).slice(0, 1), [
    'host-private',
  ])
  const json = { policy: { maxDownloadSeconds: 60, requireIp: true } }
  await call(server, 'PUT', '/v1/folders/pol/policy', { json })
  assert.notEqual(await statusOf(url), 200)
  const codes = codesOf(await world.explain({ url, method: 'GET' }))
  assert.deepEqual(codes.slice(0, 2), ['expiry-too-long', 'policy-refused'])
})

test('what is not there any more is told with who took it away', async () => {
  const file = await upload(server, 'gone/a.txt', 'x')
  const { url } = await issue(server, { path: 'gone/a.txt' })
  const signed = world.presign('gone/a.txt')
  await call(server, 'DELETE', `/v1/files/${String(file['id'])}`)
  const byLink = await world.explain({ url })
  assert.match(evidenceOf(byLink, 'link-revoked'), new RegExp(`deleted, at .* by the key ${keyId}`))
  const byKey = await world.explain({ url: signed })
  assert.match(evidenceOf(byKey, 'file-not-found'), new RegExp(keyId))
  const nowhere = await world.explain({ url: world.presign('no-bucket/a.txt') })
  assert.ok(codesOf(nowhere).includes('bucket-not-found'))
  const version = await world.explain({ url: `${server.origin}/rec/a.txt?versionId=none` })
  assert.ok(codesOf(version).includes('unauthenticated'))
})

test('a sweep, and a key that ended, are told', async () => {
  await upload(server, 'swept/a.txt', 'x')
  const { url } = await issue(server, { path: 'swept/a.txt' })
  await call(server, 'POST', '/v1/revocations', { json: { folder: 'swept' } })
  assert.match(
    evidenceOf(await world.explain({ url }), 'link-revoked'),
    new RegExp(`folder.*${keyId}`),
  )
  const pair = await server.createKey({ name: 'k', actions: ['read'], pathPrefix: 'rec/' })
  const signed = world.presign('rec/a.txt', pair)
  assert.equal(await statusOf(signed), 200)
  await call(server, 'PATCH', `/v1/access-keys/${pair.accessKeyId}`, { json: { disabled: true } })
  const off = await world.explain({ url: signed })
  assert.equal(off.signature, 'valid')
  assert.match(off.causes[0]?.what ?? '', /switched off/)
  await call(server, 'DELETE', `/v1/access-keys/${pair.accessKeyId}`)
  assert.equal(await statusOf(signed), 403)
  const ended = await world.explain({ url: signed })
  assert.equal(ended.causes[0]?.code, 'key-unknown')
  assert.match(evidenceOf(ended, 'key-unknown'), new RegExp(keyId))
  const unknown = world.presign('rec/a.txt', { accessKeyId: 'HPNOBODYKNOWSTHISKEY' })
  assert.ok(codesOf(await world.explain({ url: unknown })).includes('key-unknown'))
  const narrow = await server.createKey({ name: 'n', actions: ['read'], pathPrefix: 'swept/' })
  assert.ok(
    codesOf(await world.explain({ url: world.presign('rec/a.txt', narrow) })).includes('forbidden'),
  )
})

test('temporary credentials end with the key that made them', async () => {
  const made = await call(server, 'POST', '/v1/api-keys', {
    json: { name: 'n', actions: ['read', 'share'], pathPrefix: 'rec/' },
  })
  const json = { actions: ['read'], pathPrefix: 'rec', expiresIn: 3600 }
  const pair = await call(server, 'POST', '/v1/access-keys/temporary', {
    json,
    key: String(made.json['key']),
  })
  assert.equal(pair.status, 201, pair.text)
  const { sessionToken } = pair.json as { sessionToken: string }
  const { accessKeyId, secretAccessKey } = pair.json as { [name: string]: string }
  const url = world.presign('rec/a.txt', { accessKeyId, secretAccessKey, sessionToken })
  world.hide(String(secretAccessKey), 'a temporary secret')
  world.hide(sessionToken, 'a token')
  assert.equal(await statusOf(url), 200)
  assert.equal((await world.explain({ url })).signature, 'valid')
  await call(server, 'DELETE', `/v1/api-keys/${String(made.json['id'])}`)
  assert.equal(await statusOf(url), 403)
  assert.equal((await world.explain({ url })).causes[0]?.code, 'key-unknown')
})

test('an upload by a link that stores nothing twice, a share and a page without a signature are explained', async () => {
  await upload(server, 'upl/b.txt', 'x')
  const { url, headers } = await issue(server, { path: 'upl/a.txt', method: 'PUT', expiresIn: 600 })
  assert.equal(await statusOf(url, { method: 'PUT', headers, body: 'x' }), 200)
  assert.ok(codesOf(await world.explain({ url, method: 'PUT' })).includes('link-used'))
  const onto = await issue(server, { path: 'upl/b.txt', method: 'PUT' })
  assert.ok(codesOf(await world.explain({ url: onto.url, method: 'PUT' })).includes('file-exists'))
  const json = { path: 'upl/b.txt', password: 'correct horse' }
  const share = (await call(server, 'POST', '/v1/shares', { json })).json
  const page = String(share['url'])
  assert.deepEqual(codesOf(await world.explain({ url: page })), ['share-password-needed'])
  await call(server, 'DELETE', `/v1/shares/${String(share['id'])}`)
  assert.match(evidenceOf(await world.explain({ url: page }), 'link-revoked'), new RegExp(keyId))
  const bare = await world.explain({ url: `${server.origin}/upl/b.txt` })
  assert.deepEqual(codesOf(bare), ['unauthenticated'])
})

test('a request to another service is explained without keys', async () => {
  const { url } = presignS3({
    method: 'GET',
    region: 'eu-west-1',
    bucket: 'other-bucket',
    key: 'a.txt',
    expiresInSeconds: 60,
    now: new Date(Date.now() - 600_000),
    credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) },
  })
  const explained = await world.explain({ url, method: 'GET' })
  assert.equal(explained.isHere, false)
  assert.equal(explained.signature, 'unchecked')
  assert.equal(explained.causes[0]?.code, 'url-expired')
})

test('a signing key that was ended is told, of links that it signed', async () => {
  const { url } = await issue(server, { path: 'rec/a.txt' })
  const { snapshot } = await server.core.keyRing.refresh()
  const signing = snapshot.accessKeys.find(({ kind }) => kind === 'signing')?.id ?? ''
  await call(server, 'POST', '/v1/signing-keys/rotate')
  assert.equal((await world.explain({ url, method: 'GET' })).signature, 'valid')
  await call(server, 'DELETE', `/v1/signing-keys/${signing}`)
  assert.equal(await statusOf(url), 403)
  const explained = await world.explain({ url, method: 'GET' })
  assert.equal(explained.signature, 'valid')
  assert.equal(explained.causes[0]?.code, 'key-unknown')
  assert.match(explained.causes[0]?.what ?? '', new RegExp(signing))
})
