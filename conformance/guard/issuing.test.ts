/** What issuing links and keys must never give away, over HTTP. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { presignS3 } from '@hallpass/signing/s3'
import { signMessage } from '../../packages/server/src/core/webhooks/sign-message.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, issue, statusOf, upload } from '../rest/call.ts'
import { press, share } from '../share/visit.ts'

async function makeKey(server: RunningServer, scope: object): Promise<string> {
  const json = { name: 'narrow', ...scope }
  return String((await call(server, 'POST', '/v1/api-keys', { json })).json['key'])
}

test('nothing is signed for whoever shows no right to that action and that object, and the trail names who asked', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/reports/a.txt', 'a')
    await upload(server, 'acme/private/b.txt', 'b')
    const reader = await makeKey(server, { actions: ['read', 'share'], pathPrefix: 'acme/reports' })
    const asks = [
      ['', { path: 'acme/reports/a.txt' }, 401],
      ['hp_0000000000000000000000000000000000000000', { path: 'acme/reports/a.txt' }, 401],
      [reader, { path: 'acme/private/b.txt' }, 403],
      [reader, { path: 'acme/reports/../private/b.txt' }, 400],
      [reader, { path: 'acme/reports/a.txt', method: 'PUT' }, 403],
      [reader, { path: 'acme/reports/a.txt' }, 201],
    ] as const
    for (const [key, json, expected] of asks) {
      const { status } = await call(server, 'POST', '/v1/links', { json, key })
      assert.equal(
        status,
        expected,
        `${JSON.stringify(json)} with ${key === '' ? 'nothing' : 'a key'}`,
      )
    }
    const me = (await call(server, 'GET', '/v1/me', { key: reader })).json['id']
    const events = (await call(server, 'GET', '/v1/events?kind=link.issued')).json['events']
    assert.deepEqual(
      (events as { key: string }[]).map((event) => event.key),
      [me],
    )
  })
})

test('a link takes no member that only the server may set', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'a')
    const claims = [
      'role',
      'exp',
      'aud',
      'keyId',
      'createdBy',
      'signingKeyId',
      'id',
      'uses',
      'scope',
      '__proto__x',
    ]
    for (const name of claims) {
      const json = { path: 'acme/a.txt', [name]: 'admin' }
      const { status, json: answer } = await call(server, 'POST', '/v1/links', { json })
      assert.deepEqual([status, answer['code']], [400, 'field-invalid'], name)
    }
  })
})

test('whatever the holder changes of what was signed, the link opens nothing', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'a')
    const { url } = await issue(server, {
      path: 'acme/a.txt',
      filename: 'a.txt',
      ip: ['127.0.0.1'],
    })
    assert.equal(await statusOf(url), 200)
    const names = [...new URL(url).searchParams.keys()]
    assert.ok(names.includes('response-content-disposition') && names.includes('X-Hallpass-Ip'))
    for (const name of names) {
      const changed = new URL(url)
      changed.searchParams.set(name, `${changed.searchParams.get(name)}0`)
      const without = new URL(url)
      without.searchParams.delete(name)
      for (const other of [changed, without]) {
        const status = await statusOf(other.href)
        assert.ok(status === 400 || status === 403, `${name}: ${status}`)
      }
    }
    for (const added of [
      'response-content-type=text/html',
      'versionId=null',
      'X-Hallpass-Link=link_0',
    ]) {
      const status = await statusOf(`${url}&${added}`)
      assert.ok(status === 400 || status === 403, `${added}: ${status}`)
    }
  })
})

test('a secret of one kind opens no door of another', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/a.txt', 'a')
    const pair = await server.createKey({ name: 'pair', actions: ['read'] })
    const json = { actions: ['read'], expiresIn: 900 }
    const { json: temporary } = await call(server, 'POST', '/v1/access-keys/temporary', { json })
    const shared = await share(server, { path: 'acme/a.txt' })
    const hook = { name: 'app', url: 'https://app.example/hook', events: ['file.created'] }
    const { json: webhook } = await call(server, 'POST', '/v1/webhooks', { json: hook })
    const message = await signedMessage(server, String(webhook['id']))
    const secrets = {
      'API key': server.adminKey,
      'S3 secret': pair.secretAccessKey,
      'temporary secret': String(temporary['secretAccessKey']),
      'share address': shared.url.slice(shared.url.lastIndexOf('/') + 1),
      'session token': String(temporary['sessionToken']),
      'webhook secret': String(webhook['secret']),
    }
    const presigned = (credentials: Parameters<typeof presignS3>[0]['credentials']): string =>
      presignS3({
        method: 'GET',
        endpoint: server.origin,
        region: 'us-east-1',
        bucket: 'acme',
        key: 'a.txt',
        credentials,
        expiresInSeconds: 60,
        now: new Date(server.core.clock.now()),
      }).url
    const doors: Readonly<Record<string, (secret: string) => Promise<number>>> = {
      'API key': async (key) => (await call(server, 'GET', '/v1/me', { key })).status,
      'S3 secret': (secretAccessKey) =>
        statusOf(presigned({ accessKeyId: pair.accessKeyId, secretAccessKey })),
      'temporary secret': (secretAccessKey) =>
        statusOf(
          presigned({
            accessKeyId: String(temporary['accessKeyId']),
            secretAccessKey,
            sessionToken: String(temporary['sessionToken']),
          }),
        ),
      'share address': async (token) =>
        (await press(`${server.origin}/s/${encodeURIComponent(token)}`, {})).status,
      'webhook secret': (secret) => Promise.resolve(isSignedWith(secret, message) ? 200 : 403),
    }
    for (const [door, open] of Object.entries(doors)) {
      for (const [kind, secret] of Object.entries(secrets)) {
        const status = await open(secret)
        assert.equal(status < 400, kind === door, `${kind} at the door of ${door}: ${status}`)
      }
    }
  })
})

/** What the receiver of a webhook is sent. */
interface SignedMessage {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** As the sender of webhooks does it, under the secret that was kept. */
async function signedMessage({ core }: RunningServer, webhookId: string): Promise<SignedMessage> {
  const record = await core.catalog.webhooks.find(webhookId)
  assert.ok(record !== null)
  const secret = core.sealer.for('webhook-secret').open(webhookId, record.sealedSecret)
  const body = '{"type":"file.created"}'
  return { body, headers: signMessage({ id: 'msg_1', body }, [secret], core.clock.now()) }
}

/** As a receiver checks it who holds this secret. */
function isSignedWith(secret: string, { body, headers }: SignedMessage): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const signature = createHmac('sha256', key).update(text).digest('base64')
  return headers['webhook-signature'] === `v1,${signature}`
}

test('every living link is listed by its id, its key, its folder and its file, and revoked by each', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/reports/a.txt', 'a')
    const key = await makeKey(server, { actions: ['read', 'share'], pathPrefix: 'acme' })
    const me = String((await call(server, 'GET', '/v1/me', { key })).json['id'])
    const { json: made } = await call(server, 'POST', '/v1/links', {
      json: { path: 'acme/reports/a.txt' },
      key,
    })
    const id = String(made['id'])
    assert.equal((await call(server, 'GET', `/v1/links/${id}`)).status, 200)
    for (const query of [`key=${me}`, 'path=acme/reports/', 'path=acme/reports/a.txt']) {
      const { json } = await call(server, 'GET', `/v1/links?${query}`)
      const listed = (json['links'] as { id: string }[]).map((link) => link.id)
      assert.deepEqual(listed, [id], query)
    }
    const targets = [
      { linkId: id },
      { key: me },
      { folder: 'acme/reports' },
      { file: 'acme/reports/a.txt' },
    ]
    for (const target of targets) {
      const { json } = await call(server, 'POST', '/v1/links', {
        json: { path: 'acme/reports/a.txt' },
        key,
      })
      const [url, one] = [String(json['url']), String(json['id'])]
      assert.equal(await statusOf(url), 200)
      const { status } =
        'linkId' in target
          ? await call(server, 'DELETE', `/v1/links/${one}`)
          : await call(server, 'POST', '/v1/revocations', { json: target })
      assert.ok(status < 300, JSON.stringify(target))
      assert.equal(await statusOf(url), 403, JSON.stringify(target))
    }
  })
})
