/**
 * Secrets go in by every door that takes one, and by many that do not; afterwards nothing that the server wrote holds any: not its log at its
 * most talkative, its metrics, its messages to webhooks and to the application, nor its database. What a secret is, is known here.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import Database from 'better-sqlite3'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import { presignS3, signS3Headers } from '@hallpass/signing/s3'
import { waitUntil } from './lib/patience.ts'
import { makeDataDir, spawnHallpass } from './start/spawn-server.ts'
import type { Spawned } from './start/spawn-server.ts'

const ADMIN_KEY = 'canary-admin-key-9d1f7c35b2e84a60'
const CREDENTIALS = {
  accessKeyId: 'HPCANARYCANARYCANARY',
  secretAccessKey: 'canary/secret+access-key/4c8e1a7b9d3f5062',
}
const AUTHORIZER_SECRET = `whsec_${Buffer.from('canary of the authorizer, 32 byt').toString('base64')}`
const REGION = 'us-east-1'
const JSON_TYPE = { 'content-type': 'application/json' }

/** Whoever is told, and whoever is asked: keeps every word. */
interface Listener {
  readonly url: string
  readonly words: () => string
  readonly told: () => number
}

async function listen(t: TestContext, keys: object): Promise<Listener> {
  const messages: string[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === 'GET') return void response.end(JSON.stringify(keys))
    messages.push(await wordsOf(request))
    response.writeHead(204).end()
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, words: () => messages.join('\n'), told: () => messages.length }
}

/** Without the signature of the message itself, which is for the receiver. */
async function wordsOf(request: IncomingMessage): Promise<string> {
  const { 'webhook-signature': _signature, ...headers } = request.headers
  return JSON.stringify(headers) + Buffer.concat(await request.toArray()).toString('utf8')
}

/** Everything that must be nowhere, each with what it is. */
interface Canaries {
  add(what: string, secret: unknown): void
  /** The signature of a URL: whoever has the rest lacks nothing else. The URL itself. */
  addUrl(what: string, url: unknown): string
  requireAbsent(where: string, text: string): void
  count(): number
}

function createCanaries(): Canaries {
  const known = new Map<string, string>()

  function add(what: string, secret: unknown): void {
    assert.ok(typeof secret === 'string' && secret.length >= 16, what)
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]
    for (const form of forms) known.set(form.replace(/=+$/, ''), what)
  }

  return {
    add,
    addUrl(what, url) {
      assert.ok(typeof url === 'string', what)
      const { searchParams } = new URL(url)
      add(what, searchParams.get('X-Amz-Signature'))
      const token = searchParams.get('X-Amz-Security-Token')
      if (token !== null) add(`${what}, its token`, token)
      return url
    },
    requireAbsent(where, text) {
      const lower = text.toLowerCase()
      for (const [secret, what] of known) {
        const at = lower.indexOf(secret.toLowerCase())
        const around = text.slice(Math.max(0, at - 80), at + 12)
        assert.equal(at, -1, `${where} holds ${what}: …${around}`)
      }
    },
    count: () => known.size,
  }
}

interface Session {
  readonly url: string
  readonly canaries: Canaries
  readonly listener: Listener
  readonly userToken: string
}

test('no signature and no secret is in the log, the metrics, a message or the database', async (t) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const listener = await listen(t, { keys: [{ ...(await exportJWK(publicKey)), kid: '1' }] })
  const dataDir = makeDataDir(t)
  const server = spawnHallpass(t, ['serve', '--workers', '2', '--log-level', 'trace'], {
    HALLPASS_DATA_DIR: dataDir,
    HALLPASS_PORT: '0',
    HALLPASS_ADMIN_KEY: ADMIN_KEY,
    HALLPASS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    HALLPASS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    HALLPASS_TOKEN_ISSUER: 'https://issuer.test/',
    HALLPASS_TOKEN_AUDIENCE: 'files',
    HALLPASS_TOKEN_KEYS_URL: `${listener.url}/keys`,
    HALLPASS_TOKEN_RULES:
      '[{"path": "acme/users/{sub}/**", "actions": ["read", "write", "share"]}]',
    HALLPASS_AUTHORIZER_URL: `${listener.url}/may`,
    HALLPASS_AUTHORIZER_SECRET: AUTHORIZER_SECRET,
    HALLPASS_WEBHOOK_NETWORKS: '127.0.0.1/32',
    HALLPASS_CORS_ORIGINS: 'https://app.test',
  })
  const url = await server.ready()
  const canaries = createCanaries()
  canaries.add('the admin key', ADMIN_KEY)
  canaries.add('the secret access key', CREDENTIALS.secretAccessKey)
  canaries.add('the secret of the authorizer', AUTHORIZER_SECRET.slice('whsec_'.length))
  const userToken = await new SignJWT({ email: 'ann@example.test' })
    .setProtectedHeader({ alg: 'ES256', kid: '1' })
    .setIssuer('https://issuer.test/')
    .setAudience('files')
    .setSubject('ann')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(privateKey)
  canaries.add('the token of a user', userToken)
  canaries.add('its signature', userToken.split('.')[2])
  const session = { url, canaries, listener, userToken }

  await administrate(session)
  await comeAsUser(session)
  await comeWithUrls(session)
  await putSecretsWhereTheyDoNotBelong(session)
  const metrics = await readMetrics(session)
  await waitUntil(() => listener.words().includes('request.refused'), 'the webhook is told')
  await stop(server)

  assert.ok(canaries.count() >= 40)
  assert.ok(listener.told() > 10)
  assert.ok(server.stderr().split('\n').length > 60)
  canaries.requireAbsent('the log', server.stderr())
  canaries.requireAbsent('the standard output', server.stdout())
  canaries.requireAbsent('the metrics', metrics)
  canaries.requireAbsent('a message', listener.words())
  const dump = dumpDatabase(join(dataDir, 'catalog.db'))
  // What is written is found where it is written.
  const probe = createCanaries()
  probe.add('a path', 'acme/users/ann/a.txt')
  for (const text of [dump, listener.words()]) {
    assert.throws(() => probe.requireAbsent('it', text), /a path/)
  }
  canaries.requireAbsent('the database', dump)
  for (const name of readdirSync(dataDir).filter((file) => file.startsWith('catalog.db'))) {
    canaries.requireAbsent(name, readFileSync(join(dataDir, name)).toString('latin1'))
  }
  const master = readFileSync(join(dataDir, 'master.key'))
  for (const text of [server.stderr(), dump, listener.words()]) {
    for (const form of ['hex', 'base64', 'latin1'] as const) {
      assert.ok(!text.includes(master.toString(form).trim()), 'the master key')
    }
  }
})

async function ask(
  { url }: Session,
  method: string,
  path: string,
  {
    key = ADMIN_KEY,
    json,
    body,
    headers = {},
  }: {
    readonly key?: string
    readonly json?: unknown
    readonly body?: BodyInit
    readonly headers?: Readonly<Record<string, string>>
  } = {},
): Promise<Record<string, unknown>> {
  const answer = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${key}`,
      ...(json === undefined ? {} : JSON_TYPE),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(body === undefined ? {} : { body }),
  })
  const text = await answer.text()
  return text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
}

/** Whatever makes a secret, and whatever changes rights. */
async function administrate(session: Session): Promise<void> {
  const { canaries, listener } = session
  const hook = await ask(session, 'POST', '/v1/webhooks', {
    json: {
      name: 'all',
      url: `${listener.url}/hook`,
      events: [
        'file.created',
        'link.issued',
        'link.used',
        'link.revoked',
        'key.created',
        'request.refused',
        'key.used',
        'upload.rejected',
      ],
    },
  })
  canaries.add('the secret of a webhook', String(hook['secret']).slice('whsec_'.length))
  const rotated = await ask(session, 'POST', `/v1/webhooks/${String(hook['id'])}/rotate-secret`)
  canaries.add('its new secret', String(rotated['secret']).slice('whsec_'.length))
  await ask(session, 'PUT', '/v1/buckets/acme')
  const made = await ask(session, 'POST', '/v1/api-keys', {
    json: { name: 'n', actions: ['read', 'share'] },
  })
  canaries.add('an API key', made['key'])
  const pair = await ask(session, 'POST', '/v1/access-keys', {
    json: { name: 'n', actions: ['read', 'write'] },
  })
  canaries.add('the secret of a key pair', pair['secretAccessKey'])
  const temporary = await ask(session, 'POST', '/v1/access-keys/temporary', {
    json: { actions: ['read'], pathPrefix: 'acme' },
  })
  canaries.add('a temporary secret', temporary['secretAccessKey'])
  canaries.add('a session token', temporary['sessionToken'])
  const stored = await ask(session, 'PUT', '/v1/files?path=acme/a.txt', { body: 'a' })
  canaries.addUrl('the signedUrl of a file', stored['signedUrl'])
  const credentials = {
    accessKeyId: String(temporary['accessKeyId']),
    secretAccessKey: String(temporary['secretAccessKey']),
    sessionToken: String(temporary['sessionToken']),
  }
  const presigned = presignS3({ ...placed(session), credentials, method: 'GET', key: 'a.txt' })
  await open(canaries.addUrl('a URL of temporary credentials', presigned.url))
  for (const url of [presigned.url, String(stored['signedUrl'])]) {
    const changed = url.replace('a.txt', 'b.txt')
    const told = [
      await ask(session, 'POST', '/v1/explain', { json: { url } }),
      await ask(session, 'POST', '/v1/explain', { json: { url: changed } }),
      await ask(session, 'POST', '/v1/explain', { json: { url, what: url } }),
      await ask(session, 'POST', '/v1/explain', { json: { url }, key: String(made['key']) }),
    ]
    canaries.requireAbsent('an explanation', JSON.stringify(told))
  }
  await ask(session, 'GET', '/v1/me', { key: String(made['key']) })
  await ask(session, 'DELETE', `/v1/api-keys/${String(made['id'])}`)
  await ask(session, 'GET', '/v1/me', { key: String(made['key']) })
  await ask(session, 'POST', '/v1/signing-keys/rotate')
}

async function comeAsUser(session: Session): Promise<void> {
  const { canaries, userToken: key } = session
  const stored = await ask(session, 'PUT', '/v1/files?path=acme/users/ann/a.txt', {
    key,
    body: 'x',
  })
  canaries.addUrl('the signedUrl of a user', stored['signedUrl'])
  const issued = await ask(session, 'POST', '/v1/links', {
    key,
    json: { path: 'acme/users/ann/a.txt' },
  })
  await open(canaries.addUrl('the link of a user', issued['url']))
  // The application is asked, and says yes to all.
  await ask(session, 'POST', '/v1/links', { key, json: { path: 'acme/a.txt' } })
  const broken = `${key.slice(0, -20)}AAAAAAAAAAAAAAAAAAAA`
  await ask(session, 'GET', '/v1/me', { key: broken })
  await ask(session, 'GET', '/v1/me', { key: `x.${key}` })
}

/** Links that are good, used up, revoked, changed by a letter, and of another method. */
async function comeWithUrls(session: Session): Promise<void> {
  const { canaries } = session
  const path = 'acme/a.txt'
  const issue = async (json: object): Promise<{ readonly id: string; readonly url: string }> => {
    const issued = await ask(session, 'POST', '/v1/links', { json: { path, ...json } })
    return { id: String(issued['id']), url: canaries.addUrl('a link', issued['url']) }
  }
  const once = await issue({ maxUses: 1, label: 'once' })
  await open(once.url, { headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0' } })
  await open(once.url)
  await open(once.url)
  const revoked = await issue({})
  await ask(session, 'DELETE', `/v1/links/${revoked.id}`)
  await open(revoked.url, {
    headers: { referer: revoked.url, 'user-agent': `curl ${revoked.url}` },
  })
  const good = await issue({})
  await open(good.url.replace(/(Signature=.)./, '$1x'))
  await open(good.url.replace('X-Amz-Signature', 'x-amz-signature'))
  await open(good.url.replace('X-Amz-Signature', 'X%2DAmz%2DSignature'))
  await open(good.url.replaceAll('&', '%26').replace('?', '%3F'))
  await open(good.url, { method: 'PUT', body: 'y' })
  await open(`${good.url}&X-Amz-Signature=${new URL(good.url).searchParams.get('X-Amz-Signature')}`)
  const upload = await issue({ method: 'PUT', path: 'acme/up.txt', maxBytes: 2 })
  await open(upload.url, { method: 'PUT', body: 'too much' })
  const form = await ask(session, 'POST', '/v1/links', {
    json: { path: 'acme/form.txt', method: 'POST' },
  })
  const fields = form['fields'] as Readonly<Record<string, string>>
  canaries.add('the signature of a form', fields['X-Amz-Signature'] ?? fields['x-amz-signature'])
  for (const change of [{}, { policy: 'broken' }]) {
    const body = new FormData()
    for (const [name, value] of Object.entries({ ...fields, ...change })) body.append(name, value)
    body.append('file', new Blob(['f']), 'f.txt')
    await open(String(form['url']), { method: 'POST', body })
  }
  const { expiresInSeconds: _, ...place } = placed(session)
  const signed = signS3Headers({
    ...place,
    credentials: CREDENTIALS,
    method: 'GET',
    key: 'a.txt',
    payloadHash: createHash('sha256').update('').digest('hex'),
  })
  const authorization = new Headers(signed.headers).get('authorization') ?? ''
  canaries.add('the signature of a header', /Signature=([0-9a-f]+)/.exec(authorization)?.[1])
  await open(signed.url, { headers: { ...signed.headers } })
  await open(signed.url, { headers: { ...signed.headers, 'x-amz-date': '20200101T000000Z' } })
}

/** By mistake or by intent: in paths, names, queries, bodies and headers that are for something else. */
async function putSecretsWhereTheyDoNotBelong(session: Session): Promise<void> {
  const { canaries, url, userToken } = session
  const issued = await ask(session, 'POST', '/v1/links', { json: { path: 'acme/a.txt' } })
  const link = canaries.addUrl('a link in the wrong place', issued['url'])
  const encoded = encodeURIComponent(link)
  for (const path of [
    `/v1/files?path=${encoded}`,
    `/v1/files?folder=acme&cursor=${encoded}`,
    `/v1/links/${encoded}`,
    `/v1/me?access_token=${userToken}`,
    `/v1/me?key=${ADMIN_KEY}`,
    `/v1/${encoded}`,
    `/-/docs/errors/${encoded}`,
  ]) {
    await ask(session, 'GET', path)
    await ask(session, 'GET', path, { key: userToken })
  }
  await ask(session, 'POST', '/v1/links', { json: { path: link } })
  await ask(session, 'POST', '/v1/links', { json: { path: 'acme/a.txt', [link]: ADMIN_KEY } })
  await ask(session, 'POST', '/v1/links', { body: `{"path": "${link}`, headers: JSON_TYPE })
  await ask(session, 'POST', '/v1/explain', { json: { url: link } })
  await ask(session, 'GET', '/v1/me', { key: `Basic ${btoa(`x:${ADMIN_KEY}`)}` })
  for (const headers of [
    { 'user-agent': `app (${link})`, referer: link },
    { 'user-agent': `token=${userToken}`, referer: `https://app.test/?token=${userToken}` },
    { 'x-forwarded-for': link, origin: link },
  ]) {
    await open(`${url}/acme/none.txt`, { headers })
    await ask(session, 'GET', '/v1/me', { headers })
    await ask(session, 'GET', '/v1/api-keys', { key: userToken, headers })
  }
  await open(
    `${url}/acme/a.txt?token=${userToken}&secret=${encodeURIComponent(CREDENTIALS.secretAccessKey)}`,
  )
}

async function open(url: string, init: RequestInit = {}): Promise<void> {
  const answer = await fetch(url, { redirect: 'manual', ...init })
  await answer.arrayBuffer()
}

function placed({ url }: Session): {
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  readonly addressing: 'path'
  readonly expiresInSeconds: number
} {
  return {
    endpoint: url,
    region: REGION,
    bucket: 'acme',
    addressing: 'path',
    expiresInSeconds: 300,
  }
}

async function readMetrics({ url }: Session): Promise<string> {
  const answer = await fetch(`${url}/-/metrics`, { headers: { authorization: ADMIN_KEY } })
  assert.equal(answer.status, 200)
  return answer.text()
}

async function stop({ child, exited }: Spawned): Promise<void> {
  child.kill('SIGTERM')
  assert.equal(await exited, 0)
}

/** Every value of every table, text as it is and bytes as those who look for text would see them. */
function dumpDatabase(path: string): string {
  const db = new Database(path, { readonly: true })
  try {
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
      .pluck()
      .all() as string[]
    return tables
      .flatMap((name) => db.prepare(`SELECT * FROM "${name}"`).raw().all() as unknown[][])
      .map((row) =>
        row
          .map((value) =>
            value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
          )
          .join(' '),
      )
      .join('\n')
  } finally {
    db.close()
  }
}
