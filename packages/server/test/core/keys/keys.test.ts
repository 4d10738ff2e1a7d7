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
  rotateAgedSigningKey,
  rotateSigningKey,
} from '../../../src/core/keys/signing-keys.ts'
import { createBucket, deleteBucket } from '../../../src/core/buckets/buckets.ts'
import { deleteFolder, putFolder } from '../../../src/core/folders/folders.ts'
import {
  authorizeSweep,
  removeRevocation,
  revokeBefore,
} from '../../../src/core/links/revocations.ts'
import { issueLink } from '../../../src/core/links/issue-link.ts'
import { authorize, authorizeInstance } from '../../../src/core/policy/authorize.ts'
import type { Permit } from '../../../src/core/policy/permit.ts'
import {
  admin,
  allow,
  createTestCore,
  issue,
  principalWith,
  put,
  reader,
  setFolder,
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

test('of a key that makes others while it ends with its descendants none is left', async () => {
  const core = await createTestCore()
  const permit = await asAdmin(core)
  const parent = await makeKey(core, admin)
  const making = await asAdmin(core, parent)
  let late: string | null = null
  // Its last key appears when the keys were listed already.
  const racing: TestCore = {
    ...core,
    keyRing: {
      ...core.keyRing,
      refresh: async () => {
        const keys = await core.keyRing.refresh()
        if (late === null) {
          const { record } = await createApiKey(core, making, { name: 'late', actions: ['read'] })
          late = record.id
        }
        return keys
      },
    },
  }
  const ended = await revokeKey(racing, permit, parent.id, { descendants: true })
  assert.deepEqual(ended, [parent.id, late])
  assert.deepEqual(await listDescendants(core, permit, parent.id), [])
})

/** The test's own key ends as another process would end it: what is known here of keys is a moment old. */
async function endElsewhere(core: TestCore): Promise<void> {
  await core.catalog.keys.revoke(['key_test'], core.clock.now(), null)
}

test('a key that ended changes no key, folder, rule or bucket, however early it was let in', async () => {
  const core = await createTestCore()
  const permit = await asAdmin(core)
  const { record: other } = await createApiKey(core, permit, { name: 'other', actions: ['read'] })
  await setFolder(core, 'acme/kept', { visibility: 'private' })
  const target = { kind: 'folder', path: 'acme/kept' } as const
  await revokeBefore(core, await authorizeSweep(core, admin, target))
  const sweep = await authorizeSweep(core, admin, target)
  const folder = await allow(core, admin, 'admin', 'kept/')
  const writing = await authorize(core, admin, 'write', { bucket: 'late', key: '' })
  const deleting = await authorize(core, admin, 'delete', { bucket: 'acme', key: '' })
  const asked = { name: 'k', actions: ['read'] } as const
  await endElsewhere(core)
  const before = await core.catalog.keys.snapshot()
  const changes: Readonly<Record<string, () => Promise<unknown>>> = {
    'API key': () => createApiKey(core, permit, asked),
    'access key': () => createAccessKey(core, permit, asked),
    revocation: () => revokeKey(core, permit, other.id),
    'revocation of descendants': () => revokeKey(core, permit, other.id, { descendants: true }),
    rotation: () => rotateSigningKey(core, permit),
    'end of a signing key': () => endSigningKey(core, permit, core.signingKeyId),
    sweep: () => revokeBefore(core, sweep),
    'sweep taken back': () => removeRevocation(core, sweep),
    folder: () => putFolder(core, folder, { visibility: 'public', policy: {}, reason: null }),
    'folder removed': () => deleteFolder(core, folder),
    bucket: () => createBucket(core, writing),
    'bucket deleted': () => deleteBucket(core, deleting),
  }
  for (const [name, change] of Object.entries(changes)) {
    await assert.rejects(change(), { code: 'forbidden' }, name)
  }
  assert.deepEqual(await core.catalog.keys.snapshot(), before)
  assert.equal(await core.catalog.buckets.find('late'), null)
  assert.equal((await core.catalog.folders.find('acme/kept/'))?.visibility, 'private')
  assert.notEqual(await core.catalog.buckets.find('acme'), null)
})

test('a key that has run out makes none, however early it was let in', async () => {
  const core = await createTestCore()
  const expiresAt = new Date(core.clock.now() + 2000)
  const parent = await makeKey(core, admin, { expiresAt })
  const permit = await asAdmin(core, parent)
  core.clock.advance(2000)
  const asked = { name: 'k', actions: ['read'] } as const
  const before = await core.catalog.keys.snapshot()
  await assert.rejects(createApiKey(core, permit, asked), { code: 'forbidden' })
  await assert.rejects(createAccessKey(core, permit, asked), { code: 'forbidden' })
  assert.deepEqual(await core.catalog.keys.snapshot(), before)
})

test('many keys are made at once, whatever changes meanwhile', async () => {
  const core = await createTestCore()
  const permit = await asAdmin(core)
  const asked = { name: 'k', actions: ['read'] } as const
  const made = await Promise.all(
    Array.from({ length: 30 }, () => createApiKey(core, permit, asked)),
  )
  assert.equal(new Set(made.map(({ record }) => record.id)).size, 30)
})

test('a list of addresses that came out empty makes no key that works from everywhere', async () => {
  const core = await createTestCore()
  const permit = await asAdmin(core)
  const asked = { name: 'k', actions: ['read'], cidrs: [] } as const
  const refused = { code: 'field-invalid', message: /^cidrs: / }
  for (const create of [createApiKey, createAccessKey]) {
    await assert.rejects(create(core, permit, asked), refused)
  }
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
  const terms = { reason: 'archive' }
  const week = { method: 'GET', expiresInSeconds: 604_800, terms } as const
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

test('a signing key that has signed for long enough is rotated by itself, once', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  assert.equal(await rotateAgedSigningKey(core, DAY), 0)
  core.clock.advance(DAY - 60_000)
  const before = await issue(core, 'x.txt', { method: 'GET' })
  core.clock.advance(60_000)
  assert.equal(await rotateAgedSigningKey(core, Number.POSITIVE_INFINITY), 0)
  assert.equal(await rotateAgedSigningKey(core, DAY), 1)
  assert.equal(await rotateAgedSigningKey(core, DAY), 0)
  const after = await issue(core, 'x.txt', { method: 'GET' })
  const signerOf = (url: string): string | null => new URL(url).searchParams.get('X-Amz-Credential')
  assert.notEqual(signerOf(after.url), signerOf(before.url))
  await openUrl(core, [before.url, 'x.txt'])
  await openUrl(core, [after.url, 'x.txt'])
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
