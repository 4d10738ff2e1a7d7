import assert from 'node:assert/strict'
import { test } from 'node:test'
import { put, setFolder } from '../../support/core.ts'
import { startRest } from '../../support/rest.ts'
import type { RestAnswer, RestHarness } from '../../support/rest.ts'

const ADMIN = ['read', 'write', 'delete', 'list', 'share', 'admin'] as const

function refused({ status, json }: RestAnswer): void {
  assert.equal(status, 403)
  assert.match(String(json['detail']), /right to publish/)
}

function setVisibility(
  rest: RestHarness,
  [folder, visibility]: readonly [string, 'public' | 'private' | null],
  key: string,
): Promise<RestAnswer> {
  return rest.call('PUT', `/v1/folders/${folder}`, { key, json: { visibility } })
}

test('an administrator makes a folder public with the right to publish there, and not without', async (t) => {
  const rest = await startRest(t)
  const key = await rest.createKey({ actions: ADMIN })
  refused(await setVisibility(rest, ['acme/a', 'public'], key))
  assert.equal((await setVisibility(rest, ['acme/a', 'private'], key)).status, 200)
  refused(await setVisibility(rest, ['acme/a', 'public'], key))
  const publisher = await rest.createKey({ actions: [...ADMIN, 'publish'], pathPrefix: 'acme/a/' })
  assert.equal((await setVisibility(rest, ['acme/a', 'public'], publisher)).status, 200)
  assert.equal((await setVisibility(rest, ['acme/b', 'public'], publisher)).status, 403)
  // What is public is no more so than before, and whoever administrates closes it again.
  assert.equal((await setVisibility(rest, ['acme/a/b', 'public'], key)).status, 200)
  assert.equal((await setVisibility(rest, ['acme/a', null], key)).status, 200)
})

test('to publish alone is no right to change a folder', async (t) => {
  const rest = await startRest(t)
  const key = await rest.createKey({ actions: ['read', 'write', 'publish'] })
  assert.equal((await setVisibility(rest, ['acme/a', 'public'], key)).status, 403)
})

test('a private folder inside of a public one is opened by whoever may publish alone', async (t) => {
  const rest = await startRest(t)
  await setFolder(rest.core, 'acme/a', { visibility: 'public' })
  await setFolder(rest.core, 'acme/a/closed', { visibility: 'private' })
  const key = await rest.createKey({ actions: ADMIN })
  refused(await setVisibility(rest, ['acme/a/closed', null], key))
  refused(await rest.call('DELETE', '/v1/folders/acme/a/closed', { key }))
  assert.equal((await rest.call('GET', '/v1/folders/acme/a/closed')).json['visibility'], 'private')
  assert.equal((await rest.call('DELETE', '/v1/folders/acme/a/closed')).status, 204)
})

test('a private file is moved into a public folder by whoever may publish there', async (t) => {
  const rest = await startRest(t)
  await setFolder(rest.core, 'acme/open', { visibility: 'public' })
  const { file } = await put(rest.core, 'secret.txt', 'x')
  const move = (path: string, key: string) =>
    rest.call('PATCH', `/v1/files/${file.id}`, { key, json: { path } })
  const mover = await rest.createKey({ actions: ['read', 'write', 'delete'] })
  refused(await move('acme/open/secret.txt', mover))
  assert.equal((await move('acme/other.txt', mover)).status, 200)
  const publisher = await rest.createKey({ actions: ['read', 'write', 'delete', 'publish'] })
  assert.equal((await move('acme/open/secret.txt', publisher)).status, 200)
  assert.equal((await move('acme/open/renamed.txt', mover)).status, 200)
})

test('a key gives the right to publish on only if it has it', async (t) => {
  const rest = await startRest(t)
  const key = await rest.createKey({ actions: ADMIN })
  const json = { name: 'n', actions: ['publish'] }
  assert.equal((await rest.call('POST', '/v1/api-keys', { key, json })).status, 403)
  const made = await rest.call('POST', '/v1/api-keys', { json })
  assert.deepEqual(made.json['actions'], ['publish'])
})

/** What a change of the folder says that caches may still hold. */
async function purgeAfter(change: Promise<RestAnswer>): Promise<unknown> {
  const { status, json } = await change
  return [status, json['purge']]
}

test('whoever closes a public folder is told where what caches may hold of it begins', async (t) => {
  const rest = await startRest(t)
  const folder = 'acme/open%20%C3%BC'
  const begins = [`http://files.test:8787/${folder}/`]
  const set = (path: string, visibility: 'public' | 'private' | null): Promise<unknown> =>
    purgeAfter(setVisibility(rest, [path, visibility], rest.adminKey))
  assert.deepEqual(await set(folder, 'public'), [200, undefined])
  assert.deepEqual(await set(folder, 'public'), [200, undefined])
  assert.deepEqual(await set(folder, null), [200, begins])
  assert.deepEqual(await set(folder, 'private'), [200, undefined])
  assert.deepEqual(await set(folder, 'public'), [200, undefined])
  const remove = (): Promise<unknown> => purgeAfter(rest.call('DELETE', `/v1/folders/${folder}`))
  assert.deepEqual(await remove(), [200, begins])
  // Inherited, it stays public; and one that was private closes nothing.
  assert.deepEqual(await set('acme', 'public'), [200, undefined])
  assert.deepEqual(await set(folder, 'public'), [200, undefined])
  assert.deepEqual(await remove(), [204, undefined])
  assert.deepEqual(await set(folder, 'private'), [200, begins])
  assert.deepEqual(await set('acme', 'private'), [200, ['http://files.test:8787/acme/']])
  assert.deepEqual(await remove(), [204, undefined])
})

test('a bucket with a host of its own is told about under both of its names', async (t) => {
  const rest = await startRest(t, () => ({ filesDomain: 'files.test' }))
  await setVisibility(rest, ['acme/open', 'public'], rest.adminKey)
  const { json } = await setVisibility(rest, ['acme/open', 'private'], rest.adminKey)
  assert.deepEqual(json['purge'], [
    'http://files.test:8787/acme/open/',
    'http://acme.files.test:8787/open/',
  ])
})
