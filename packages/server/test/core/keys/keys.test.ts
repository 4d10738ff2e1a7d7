import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Principal } from '../../../src/core/identity.ts'
import { createAccessKey } from '../../../src/core/keys/access-keys.ts'
import { createApiKey } from '../../../src/core/keys/api-keys.ts'
import type { ApiKeyOptions } from '../../../src/core/keys/api-keys.ts'
import { listDescendants, revokeKey } from '../../../src/core/keys/revoke-key.ts'
import {
  endSigningKey,
  listSigningKeys,
  retireSigningKeys,
  rotateSigningKey,
} from '../../../src/core/keys/signing-keys.ts'
import { issueLink } from '../../../src/core/links/issue-link.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import type { Permit } from '../../../src/core/policy/permit.ts'
import {
  admin,
  allow,
  createTestCore,
  issue,
  principalWith,
  put,
  reader,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { bearerOf, openUrl } from '../../support/presigned.ts'

const DAY = 86_400_000

function asAdmin(core: TestCore, principal: Principal = admin): Promise<Permit<'admin'>> {
  return authorizeInstance(core, principal)
}

/** A key as it is used: its maker's, and what may be done with it. */
async function makeKey(
  core: TestCore,
  maker: Principal,
  options: Partial<ApiKeyOptions> = {},
): Promise<Principal> {
  const asked = { name: 'k', actions: ['admin', 'read', 'share'], ...options } as const
  const { record } = await createApiKey(core, await asAdmin(core, maker), asked)
  return principalWith(record.scope, record.id)
}

test('a key never makes one with more rights than its own', async () => {
  const core = await createTestCore()
  const small = principalWith({ actions: ['admin', 'read'], cidrs: ['203.0.113.0/24'] })
  const permit = await asAdmin(core, small)
  await assert.rejects(createApiKey(core, permit, { name: 'k', actions: ['write'] }), {
    code: 'forbidden',
  })
  const { record } = await createApiKey(core, permit, { name: 'k', actions: ['read'] })
  assert.deepEqual(record.scope.cidrs, ['203.0.113.0/24'])
  await assert.rejects(asAdmin(core, reader('read')), { code: 'forbidden' })
  await revokeKey(core, await asAdmin(core), record.id)
  await assert.rejects(revokeKey(core, await asAdmin(core), record.id), { code: 'key-not-found' })
})

test('a child key ends with its parent at the latest', async () => {
  const core = await createTestCore()
  const expiresAt = new Date(core.clock.now() + DAY)
  const parent = await makeKey(core, admin, { expiresAt })
  const permit = await asAdmin(core, parent)
  const endOf = async (wanted?: Date): Promise<number | null> => {
    const options = { name: 'k', actions: ['read'], ...(wanted && { expiresAt: wanted }) } as const
    const { record } = await createApiKey(core, permit, options)
    const access = await createAccessKey(core, permit, options)
    assert.equal(access.record.expiresAt, record.expiresAt)
    return record.expiresAt
  }
  assert.equal(await endOf(), expiresAt.getTime())
  assert.equal(await endOf(new Date(expiresAt.getTime() - 1)), expiresAt.getTime() - 1)
  await assert.rejects(endOf(new Date(expiresAt.getTime() + 1)), {
    code: 'forbidden',
    message: 'A key cannot make one with more rights than its own: outlive it.',
  })
})

test('what a key made is shown before, and ends with it if asked for', async () => {
  const core = await createTestCore()
  await put(core, 'x', 'x')
  const permit = await asAdmin(core)
  const parent = await makeKey(core, admin)
  const child = await makeKey(core, parent)
  const grandchild = await makeKey(core, child)
  const { record: pair } = await createAccessKey(core, await asAdmin(core, child), {
    name: 'pair',
    actions: ['read'],
  })
  const stranger = await makeKey(core, admin)
  const { url } = await issueLink(core, await allow(core, grandchild, 'share', 'x'), {
    method: 'GET',
  })
  const listed = await listDescendants(core, permit, parent.id)
  assert.deepEqual(
    listed.map(({ id }) => id).toSorted(),
    [child.id, grandchild.id, pair.id].toSorted(),
  )

  await revokeKey(core, permit, parent.id)
  await asAdmin(core, child)
  await openUrl(core, [url, 'x'])

  core.clock.advance(1)
  const ended = await revokeKey(core, permit, parent.id, { descendants: true })
  assert.deepEqual([...ended].toSorted(), [parent.id, ...listed.map(({ id }) => id)].toSorted())
  for (const key of [parent, child, grandchild]) {
    await assert.rejects(asAdmin(core, key), { code: 'forbidden' })
  }
  await assert.rejects(openUrl(core, [url, 'x']), { code: 'link-revoked' })
  await asAdmin(core, stranger)
  assert.deepEqual(await listDescendants(core, permit, parent.id), [])
})

test('an access key’s secret is sealed at rest', async () => {
  const core = await createTestCore()
  const options = { name: 'ci', actions: ['read'] } as const
  const { record, secretAccessKey } = await createAccessKey(core, await asAdmin(core), options)
  assert.equal(Buffer.from(record.sealedSecret).includes(secretAccessKey), false)
  const keys = await core.keyRing.refresh()
  assert.equal(keys.findAccessKey(record.id, core.clock.now())?.secretAccessKey, secretAccessKey)
})

test('a rotated signing key verifies until its last link must have run out', async () => {
  const core = await createTestCore()
  await put(core, 'x', 'x')
  const reason = 'archive'
  const week = { method: 'GET', expiresInSeconds: 604_800, reason } as const
  const old = await issue(core, 'x', week)
  core.clock.advance(5000)
  const { id } = await rotateSigningKey(core, await asAdmin(core))
  assert.equal((await core.keyRing.refresh()).signingKey?.accessKeyId, id)
  assert.equal(await retireSigningKeys(core), 0)
  core.clock.advance(6 * DAY)
  await openUrl(core, [old.url, 'x'])
  assert.equal(await retireSigningKeys(core), 0)
  core.clock.advance(DAY + 1)
  assert.equal(await retireSigningKeys(core), 1)
  const after = await core.keyRing.refresh()
  assert.equal(after.findAccessKey(core.signingKeyId, core.clock.now()), null)
})

test('a leaked signing key ends at once, with every link it signed', async () => {
  const core = await createTestCore()
  await put(core, 'x', 'x')
  const permit = await asAdmin(core)
  const leaked = await issue(core, 'x', { method: 'GET' })
  await endSigningKey(core, permit, core.signingKeyId)
  await assert.rejects(bearerOf(core, leaked.url), { code: 'key-unknown' })
  const keys = await listSigningKeys(core, permit)
  const alive = keys.filter(({ revokedAt }) => revokedAt === null)
  assert.deepEqual([keys.length, alive.length], [2, 1])
  assert.notEqual(alive[0]?.id, core.signingKeyId)
  const { url } = await issue(core, 'x', { method: 'GET' })
  await openUrl(core, [url, 'x'])
  for (const id of [core.signingKeyId, 'HPNONE', 'key_test']) {
    await assert.rejects(endSigningKey(core, permit, id), { code: 'key-not-found' })
  }
})
