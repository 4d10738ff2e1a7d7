import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Usage } from '../../../src/catalog/records.ts'
import type { Principal } from '../../../src/core/identity.ts'
import { deleteFile } from '../../../src/core/files/files.ts'
import { writeFile } from '../../../src/core/files/write-file.ts'
import { createApiKey } from '../../../src/core/keys/api-keys.ts'
import type { ApiKeyOptions } from '../../../src/core/keys/api-keys.ts'
import { changeQuota } from '../../../src/core/keys/change-quota.ts'
import type { QuotaChange } from '../../../src/core/keys/change-quota.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { createTemporaryKey } from '../../../src/core/keys/temporary-keys.ts'
import { authorizeInstance, authorizeReach } from '../../../src/core/policy/authorize.ts'
import { issueLink } from '../../../src/core/links/issue-link.ts'
import {
  admin,
  allow,
  createTestCore,
  linkWith,
  principalWith,
  setFolder,
  streamOf,
  writeRequest,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { complete, openAt, send } from '../uploads/upload-fixture.ts'

const FULL = { code: 'quota-exceeded' }
const WIDE = ['read', 'write', 'delete', 'list', 'share', 'admin'] as const

/** A key of its own, as whoever calls with it. */
async function keyOf(
  core: TestCore,
  options: Partial<ApiKeyOptions>,
  maker: Principal = admin,
): Promise<Principal> {
  const permit = await authorizeInstance(core, maker)
  const { record } = await createApiKey(core, permit, { name: 'k', actions: WIDE, ...options })
  return principalWith(record.scope, record.id)
}

async function store(
  core: TestCore,
  caller: Parameters<typeof allow>[1],
  key: string,
  size: number,
) {
  const permit = await allow(core, caller, 'write', key)
  const request = writeRequest({ contentLength: size })
  const body = streamOf(new Uint8Array(size))
  return writeFile(core, permit, request, { body, signal: new AbortController().signal })
}

function usage(core: TestCore, { id }: Principal): Promise<Usage | null> {
  return core.catalog.keys.usage(id)
}

test('a key with a quota stores no more than it, wherever that lies, and others are not counted', async () => {
  const core = await createTestCore()
  const key = await keyOf(core, { quota: { maxTotalBytes: 10, maxFiles: 2 } })
  await store(core, admin, 'theirs', 100)
  await store(core, key, 'a/x', 4)
  await store(core, key, 'b/x', 4)
  await assert.rejects(store(core, key, 'c', 1), FULL)
  await store(core, key, 'a/x', 6)
  await assert.rejects(store(core, key, 'a/x', 7), FULL)
  assert.deepEqual(await usage(core, key), { bytes: 10, files: 2 })
  await deleteFile(core, await allow(core, admin, 'delete', 'b/x'), null)
  await store(core, key, 'theirs', 4)
  assert.deepEqual(await usage(core, key), { bytes: 10, files: 2 })
})

test('the room that somebody else freed by replacing is there again', async () => {
  const core = await createTestCore()
  const key = await keyOf(core, { quota: { maxTotalBytes: 10 } })
  await store(core, key, 'x', 10)
  await assert.rejects(store(core, key, 'y', 1), FULL)
  await store(core, admin, 'x', 50)
  await store(core, key, 'y', 10)
  assert.deepEqual(await usage(core, key), { bytes: 10, files: 1 })
})

test('a key that is made with a bounded one shares its room, temporary ones too', async () => {
  const core = await createTestCore()
  const parent = await keyOf(core, { quota: { maxTotalBytes: 10 } })
  const child = await keyOf(core, {}, parent)
  await store(core, child, 'x', 6)
  await assert.rejects(store(core, parent, 'y', 5), FULL)
  await assert.rejects(keyOf(core, { quota: { maxFiles: 1 } }, parent), { code: 'field-invalid' })
  const permit = await authorizeReach(core, child, 'share')
  const { record } = await createTemporaryKey(core, permit, {
    actions: ['write'],
    expiresInSeconds: 60,
  })
  const temporary = { ...principalWith(record.scope, record.id), temporary: record }
  await assert.rejects(store(core, temporary, 'y', 5), FULL)
  assert.deepEqual(await usage(core, parent), { bytes: 6, files: 1 })
})

test('a quota without a number is refused, and so is one that is none', async () => {
  const core = await createTestCore()
  await assert.rejects(keyOf(core, { quota: {} }), { code: 'field-invalid' })
})

test('what comes by a link counts for the key that issued it, and its bearer does not learn which', async () => {
  const core = await createTestCore()
  const key = await keyOf(core, { quota: { maxTotalBytes: 10 } })
  const issued = await issueLink(core, await allow(core, key, 'share', 'in'), {
    method: 'PUT',
    expiresInSeconds: 60,
    maxUses: 5,
    overwrite: true,
  })
  const bearer = linkWith(core, { method: 'PUT', linkId: issued.id })
  await store(core, bearer, 'in', 8)
  assert.deepEqual(await usage(core, key), { bytes: 8, files: 1 })
  await assert.rejects(store(core, bearer, 'in', 11), {
    ...FULL,
    details: { where: 'The key that it counts for', maxBytes: 10, maxFiles: null },
  })
})

test('parts count from the moment they come: many uploads at once hold no more than there is room for', async () => {
  const core = await createTestCore()
  const caller = await keyOf(core, { quota: { maxTotalBytes: 100 } })
  await setFolder(core, 'acme/in', { policy: { maxTotalBytes: 70 } })
  const scenes = Array.from({ length: 8 }, (_, index) => ({ core, caller, key: `in/${index}` }))
  const uploads = await Promise.all(
    scenes.map(async (scene) => ({ scene, id: (await openAt(scene)).id })),
  )
  const sending = uploads.flatMap(({ scene, id }) =>
    [1, 2, 3].map((number) => send(scene, id, { number, bytes: new Uint8Array(20) })),
  )
  const outcomes = await Promise.allSettled(sending)
  const stored = outcomes.filter(({ status }) => status === 'fulfilled')
  assert.equal(stored.length, 3)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'quota-exceeded')
  }
  assert.deepEqual(await usage(core, caller), { bytes: 60, files: 0 })
  assert.deepEqual(await core.catalog.folders.usage('acme/in/'), { bytes: 60, files: 0 })
})

test('a part that is sent once more takes no more room, and its file keeps it', async () => {
  const core = await createTestCore()
  const caller = await keyOf(core, { quota: { maxTotalBytes: 20 } })
  const scene = { core, caller, key: 'big' }
  const { id } = await openAt(scene)
  await send(scene, id, { number: 1, bytes: new Uint8Array(20) })
  const part = await send(scene, id, { number: 1, bytes: new Uint8Array(20) })
  await complete(scene, id, [part])
  assert.deepEqual(await usage(core, caller), { bytes: 20, files: 1 })
  await assert.rejects(
    openAt({ ...scene, key: 'other' }, { slot: { id: 'u', idleMs: 1, bytes: 1 } }),
    FULL,
  )
})

test('an end that a key came to leaves what its links store bounded', async () => {
  const core = await createTestCore()
  const key = await keyOf(core, { quota: { maxTotalBytes: 10 } })
  await store(core, key, 'x', 8)
  await revokeKey(core, await authorizeInstance(core, admin), key.id)
  assert.deepEqual(await usage(core, key), { bytes: 8, files: 1 })
  await deleteFile(core, await allow(core, admin, 'delete', 'x'), null)
  assert.deepEqual(await usage(core, key), { bytes: 0, files: 0 })
})

async function setQuota(core: TestCore, caller: Principal, key: Principal, change: QuotaChange) {
  const permit = await authorizeInstance(core, caller)
  const { snapshot } = await core.keyRing.refresh()
  const record = snapshot.apiKeys.find(({ id }) => id === key.id)
  assert.ok(record !== undefined)
  await changeQuota(core, permit, record, change)
}

/** As it calls from now on. */
async function again(core: TestCore, { id }: Principal): Promise<Principal> {
  const { snapshot } = await core.keyRing.refresh()
  const record = snapshot.apiKeys.find((key) => key.id === id)
  assert.ok(record !== undefined)
  return principalWith(record.scope, id)
}

test('an administrator widens and narrows a quota, for the key and for those that share its room', async () => {
  const core = await createTestCore()
  const key = await keyOf(core, { quota: { maxTotalBytes: 10 } })
  const child = await keyOf(core, {}, key)
  await store(core, key, 'a', 8)
  await assert.rejects(store(core, child, 'b', 8), FULL)
  await setQuota(core, admin, key, { maxTotalBytes: 20 })
  await store(core, await again(core, child), 'b', 8)
  await setQuota(core, admin, key, { maxTotalBytes: 12, maxFiles: 2 })
  await assert.rejects(store(core, await again(core, key), 'c', 1), FULL)
  assert.deepEqual(await usage(core, key), { bytes: 16, files: 2 })
  await setQuota(core, admin, key, { maxTotalBytes: null })
  await assert.rejects(store(core, await again(core, child), 'c', 1), FULL)
  await setQuota(core, admin, key, { maxFiles: null })
  await store(core, await again(core, child), 'c', 100)
  assert.deepEqual(await usage(core, key), { bytes: 116, files: 3 })
})

test('of two who change one bound each at the same time both are heard', async () => {
  const core = await createTestCore()
  const key = await keyOf(core, { quota: { maxTotalBytes: 10, maxFiles: 1 } })
  await Promise.all([
    setQuota(core, admin, key, { maxTotalBytes: 20 }),
    setQuota(core, admin, key, { maxFiles: 2 }),
  ])
  const { quota } = (await again(core, key)).scope
  assert.deepEqual(quota, { keyId: key.id, maxBytes: 20, maxFiles: 2 })
})

test('a change of a quota holds for temporary credentials and links that were made before', async () => {
  const core = await createTestCore()
  const key = await keyOf(core, { quota: { maxTotalBytes: 10 } })
  const permit = await authorizeReach(core, key, 'share')
  const { record } = await createTemporaryKey(core, permit, {
    actions: ['write'],
    expiresInSeconds: 900,
  })
  const temporary = principalWith(record.scope, key.id)
  const { id: linkId } = await issueLink(core, await allow(core, key, 'share', 'in'), {
    method: 'PUT',
    maxUses: 5,
    overwrite: true,
  })
  const bearer = linkWith(core, { method: 'PUT', linkId })
  await assert.rejects(store(core, temporary, 'a', 11), FULL)
  await assert.rejects(store(core, bearer, 'in', 11), FULL)
  await setQuota(core, admin, key, { maxTotalBytes: 30 })
  await store(core, temporary, 'a', 11)
  await store(core, bearer, 'in', 11)
  await setQuota(core, admin, key, { maxTotalBytes: 5 })
  await assert.rejects(store(core, temporary, 'b', 1), FULL)
  await assert.rejects(store(core, bearer, 'in', 12), FULL)
})

test('no key with a quota changes one, and none is given to a key that was made without', async () => {
  const core = await createTestCore()
  const key = await keyOf(core, { quota: { maxTotalBytes: 10 } })
  const child = await keyOf(core, {}, key)
  const free = await keyOf(core, {})
  for (const caller of [key, child]) {
    await assert.rejects(setQuota(core, caller, key, { maxTotalBytes: 20 }), { code: 'forbidden' })
  }
  for (const other of [child, free]) {
    await assert.rejects(setQuota(core, admin, other, { maxFiles: 9 }), { code: 'field-invalid' })
  }
  assert.equal((await again(core, key)).scope.quota?.maxBytes, 10)
})
