import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { ROUTES } from '../../../src/api/rest/routes.ts'
import type { Operation } from '../../../src/api/rest/operation.ts'
import { authorize } from '../../../src/core/policy/authorize.ts'
import { writePart } from '../../../src/core/uploads/write-part.ts'
import { makeMessages } from '../../../src/core/webhooks/make-messages.ts'
import { admin } from '../../support/core.ts'
import { startRest } from '../../support/rest.ts'
import type { CallOptions, RestHarness } from '../../support/rest.ts'

const HOOK = { name: 'n', url: 'https://app.example/', events: ['file.created'] }

/** A path and body that each operation would accept, so that only the caller decides the answer. */
function sample(
  { id, path, bodyKind }: Operation,
  ids: Record<string, string>,
): [string, CallOptions] {
  const resource = path.split('/')[2] ?? ''
  const target = path
    .replace('{id}', ids[resource] ?? 'x')
    .replace('{path}', 'acme/folder')
    .replace('{code}', 'forbidden')
    .replace('{name}', 'acme-empty')
    .replace('{version}', ids['versions'] ?? 'x')
    .replace('{delivery}', ids['deliveries'] ?? 'x')
  const queries: Record<string, string> = {
    listFiles: '?folder=acme',
    deleteWatchSetting: '?folder=',
    putFile: '?path=acme/y.txt',
  }
  const bodies: Record<string, unknown> = {
    updateFile: { path: 'acme/moved.txt' },
    putFolder: { visibility: 'private' },
    putFolderPolicy: { policy: { maxBytes: 10 } },
    previewFolderPolicy: {},
    putInstancePolicy: { preset: 'strict' },
    previewInstancePolicy: {},
    createShare: { path: 'acme/x.txt' },
    changeShare: { label: 'a name' },
    createLink: { path: 'acme/x.txt' },
    createUpload: { path: 'acme/new.txt', size: 1 },
    signUpload: { parts: [1] },
    restoreFile: {},
    copyFile: { path: 'acme/copied.txt' },
    updateBucket: { versioning: 'enabled' },
    narrowLink: { label: 'a name' },
    createCookies: { path: 'acme/folder/' },
    explainRequest: { url: 'http://files.test:8787/acme/x.txt' },
    createLinks: { links: [{ path: 'acme/x.txt' }] },
    createRevocation: { all: true },
    createApiKey: { name: 'n', actions: ['read'] },
    createAccessKey: { name: 'n', actions: ['read'] },
    updateAccessKey: { disabled: true },
    updateApiKey: { quota: { maxFiles: 1 } },
    createWebhook: HOOK,
    putWatchSetting: { folder: 'acme', pause: ['volume'] },
    updateWebhook: { name: 'm' },
    decideHeld: { verdict: 'reject' },
    createTemporaryKey: { actions: ['read'], pathPrefix: 'acme' },
  }
  if (bodyKind === 'json') return [target, { json: bodies[id] }]
  if (id === 'putFile') return [target + queries[id], { body: 'x' }]
  if (id !== 'uploadFile') return [target + (queries[id] ?? ''), {}]
  const body = new FormData()
  body.append('folder', 'acme')
  body.append('file', new Blob(['x']), 'z.txt')
  return [target, { body }]
}

const OPEN = new Set([
  'getWaysIn',
  'getHealth',
  'getReadiness',
  'getOpenApi',
  'getDocs',
  'getErrorDocs',
])
const ADMIN = new Set([
  'createApiKey',
  'listApiKeys',
  'revokeApiKey',
  'createAccessKey',
  'listAccessKeys',
  'updateAccessKey',
  'updateApiKey',
  'revokeAccessKey',
  'listApiKeyDescendants',
  'listAccessKeyDescendants',
  'listSigningKeys',
  'rotateSigningKey',
  'endSigningKey',
  'getMasterKey',
  'rotateMasterKey',
  'getChecklist',
  'listRevocations',
  'putInstancePolicy',
  'getInstancePolicy',
  'listInstancePolicyChanges',
  'previewInstancePolicy',
  'listWatchSettings',
  'putWatchSetting',
  'deleteWatchSetting',
  'createWebhook',
  'listWebhooks',
  'getWebhook',
  'updateWebhook',
  'deleteWebhook',
  'rotateWebhookSecret',
  'listDeliveries',
  'resendDelivery',
  // Open to every key by the table, and refused by the rules of the core.
  'createRevocation',
])
const METRICS = new Set(['getMetrics'])
const READS = new Set([
  'beginSession',
  'endSession',
  'getConnection',
  'listFiles',
  'getFile',
  'getFileContent',
  'listFileVersions',
  'getFolder',
  'getFolderPolicy',
  'listFolderPolicyChanges',
  'listPresets',
  'listFolders',
  'listBuckets',
  'getBucket',
  'getMe',
])
/** What every key is answered: lists of what it reaches itself, and itself. */
const OWN = new Set([
  'beginSession',
  'endSession',
  'getConnection',
  'listHeld',
  'listAlerts',
  'listShares',
  'listAlerts',
  'listLinks',
  'listFolders',
  'listPresets',
  'listBuckets',
  'getMe',
  'listEvents',
  'exportEvents',
  'streamEvents',
  'getStats',
])

/** Refused to everybody here for the folder, which has no CDN in front of it. */
const OF_A_CDN = new Set(['createCookies'])

/** What waits is shown to whoever sent it, and is not there for all others. */
const HIDDEN = new Set(['getHeld', 'getHeldContent', 'decideHeld'])

/** The status of an answer that never ends. */
async function statusOf(url: string, key: string | null): Promise<number> {
  const headers = key === null ? {} : { authorization: `Bearer ${key}` }
  const { status, body } = await fetch(url, { headers })
  await body?.cancel()
  return status
}

/** The id of an alert; something is set besides. */
async function raiseAlert({ core }: RestHarness): Promise<string> {
  const alert = {
    id: 'alert_1',
    rule: 'volume',
    subject: 'link_1',
    path: '',
    linkId: null,
    keyId: null,
  } as const
  const told = { raisedAt: 1, lastAt: 1, times: 1, measured: 2, threshold: 1, hasPaused: false }
  const open = { ...alert, ...told, closedAt: null, closedBy: null }
  await core.catalog.alerts.raise([{ alert: open, pause: null }])
  await core.catalog.alerts.putSetting({ path: '', thresholds: {}, pause: [] }, null)
  return open.id
}

/** The id of an upload whose only part is there. */
async function sendUpload(rest: RestHarness): Promise<string> {
  const path = { bucket: 'acme', key: 'parts.bin' }
  const json = { path: 'acme/parts.bin', size: 1, methods: ['multipart'] }
  const { id } = (await rest.call('POST', '/v1/uploads', { json })).json['upload'] as { id: string }
  const permit = await authorize(rest.core, admin, 'write', path)
  const part = { uploadId: id, number: 1, contentLength: 1, checksums: [], expected: () => [] }
  const body = Readable.from([new Uint8Array(1)])
  await writePart(rest.core, permit, part, { body, signal: new AbortController().signal })
  return id
}

/** The id of the message that the only webhook was to be told. */
async function deliveryOf({ core }: RestHarness): Promise<string> {
  const options = { limit: 1000, maxWaiting: 1 }
  await core.catalog.webhooks.spread((event, known) => makeMessages(core, event, known), options)
  const [webhook] = await core.catalog.webhooks.list()
  const query = { webhookId: webhook?.id ?? '', state: null, before: null, limit: 1 }
  const [placed] = await core.catalog.webhooks.deliveries(query)
  return placed?.delivery.id ?? ''
}

async function holdFile(rest: RestHarness): Promise<string> {
  const json = { policy: { quarantine: [] } }
  await rest.call('PUT', '/v1/folders/acme/held/policy', { json })
  const sent = await rest.call('PUT', '/v1/files?path=acme/held/x', { body: 'x' })
  assert.equal(sent.status, 202)
  return String(sent.json['id'])
}

test('every route answers nobody, a foreign user, a reader and an administrator as it should', async (t) => {
  for (const route of ROUTES) {
    const rest = await startRest(t)
    // Two versions, of which the one before can be brought back.
    await rest.core.catalog.buckets.update('acme', { versioning: 'enabled' }, null)
    await rest.call('PUT', '/v1/files?path=acme/x.txt', { body: 'w' })
    const put = await rest.call('PUT', '/v1/files?path=acme/x.txt', { body: 'x' })
    await rest.call('PUT', '/v1/folders/acme/folder', { json: {} })
    const link = await rest.call('POST', '/v1/links', { json: { path: 'acme/x.txt' } })
    const share = await rest.call('POST', '/v1/shares', { json: { path: 'acme/x.txt' } })
    const scope = { name: 'n', actions: ['read'] }
    const bounded = { ...scope, quota: { maxFiles: 9 } }
    const apiKey = await rest.call('POST', '/v1/api-keys', { json: bounded })
    const accessKey = await rest.call('POST', '/v1/access-keys', { json: scope })
    await rest.call('PUT', '/v1/buckets/acme-empty')
    const revocation = await rest.call('POST', '/v1/revocations', { json: { file: 'acme/none' } })
    const webhooks = String((await rest.call('POST', '/v1/webhooks', { json: HOOK })).json['id'])
    await rest.call('PUT', '/v1/files?path=acme/told.txt', { body: 'x' })
    const held = await holdFile(rest)
    const { signingKeyId } = rest.core
    const versions = await rest.core.files.listVersions({
      bucket: 'acme',
      prefix: 'x.txt',
      delimiter: '',
      after: '',
      afterVersionId: null,
      limit: 1,
    })
    const [latest] = versions.entries
    const ids = {
      versions: latest?.kind === 'file' ? latest.file.versionId : '',
      files: String(put.json['id']),
      links: String(link.json['id']),
      shares: String(share.json['id']),
      'api-keys': String(apiKey.json['id']),
      'access-keys': String(accessKey.json['id']),
      revocations: String(revocation.json['id']),
      'signing-keys': signingKeyId,
      webhooks,
      quarantine: held,
      alerts: await raiseAlert(rest),
      deliveries: await deliveryOf(rest),
      uploads: await sendUpload(rest),
    }
    const [path, options] = sample(route, ids)
    const as = async (key: string | null): Promise<number> =>
      route.contentType === 'text/event-stream'
        ? statusOf(rest.url + path, key)
        : (await rest.call(route.method, path, { ...options, key })).status
    const foreign = await rest.createKey({
      actions: ['read', 'write', 'delete', 'list', 'share', 'admin'],
      pathPrefix: 'another/',
    })
    const reader = await rest.createKey({ actions: ['read', 'list'] })

    if (OPEN.has(route.id)) {
      assert.equal(await as(null), 200, route.id)
      continue
    }
    assert.equal(await as(null), 401, `${route.id} by nobody`)
    assert.equal(await as('hp_wrong'), 401, `${route.id} with a wrong key`)
    const byForeign = await as(foreign)
    assert.ok(
      OWN.has(route.id) ? byForeign < 300 : [403, 404].includes(byForeign),
      `${route.id}: ${byForeign}`,
    )
    const byReader = await as(reader)
    const refused = HIDDEN.has(route.id) ? 404 : 403
    assert.ok(
      READS.has(route.id) ? byReader < 400 : byReader === refused,
      `${route.id}: ${byReader}`,
    )
    const byAdmin = await as(rest.adminKey)
    assert.ok(
      OF_A_CDN.has(route.id) ? byAdmin === 403 : byAdmin < 400,
      `${route.id} by an administrator: ${byAdmin}`,
    )
  }
})

test('every administrative operation is marked so in the table or refused by the core', () => {
  const marked = ROUTES.filter(({ access }) => access === 'admin').map(({ id }) => id)
  const open = ROUTES.filter(({ access }) => access === 'anyone').map(({ id }) => id)
  const metrics = ROUTES.filter(({ access }) => access === 'metrics').map(({ id }) => id)
  assert.deepEqual(new Set([...marked, 'createRevocation']), ADMIN)
  assert.deepEqual(new Set(metrics), METRICS)
  assert.deepEqual(new Set(open), OPEN)
})

test('the key comes as Bearer or bare, and nothing else is a key', async (t) => {
  const rest = await startRest(t)
  const as = async (authorization: string): Promise<number> =>
    (await rest.call('GET', '/v1/api-keys', { key: null, headers: { authorization } })).status
  assert.equal(await as(rest.adminKey), 200)
  assert.equal(await as(`Bearer ${rest.adminKey}`), 200)
  assert.equal(await as(`bearer ${rest.adminKey}`), 200)
  for (const wrong of [
    `Basic ${rest.adminKey}`,
    `${rest.adminKey}x`,
    rest.adminKey.slice(1),
    'Bearer',
    'x',
  ]) {
    assert.equal(await as(wrong), 401, wrong)
  }
})

test('who calls is settled before the body is looked at', async (t) => {
  const rest = await startRest(t)
  const answer = await rest.call('POST', '/v1/links', {
    key: null,
    body: '{"nonsense',
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(answer.status, 401)
  assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="hallpass"')
})

test('a revoked key is refused at the next request', async (t) => {
  const rest = await startRest(t)
  const created = await rest.call('POST', '/v1/api-keys', {
    json: { name: 'n', actions: ['admin'] },
  })
  const key = String(created.json['key'])
  assert.equal((await rest.call('GET', '/v1/api-keys', { key })).status, 200)
  await rest.call('DELETE', `/v1/api-keys/${String(created.json['id'])}`)
  const refused = await rest.call('GET', '/v1/api-keys', { key })
  assert.equal(refused.status, 401)
  assert.equal(refused.json['code'], 'api-key-invalid')
})
