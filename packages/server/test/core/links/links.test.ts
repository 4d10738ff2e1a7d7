import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '../../../src/core/identity.ts'
import { deleteFile, getFile, listFiles } from '../../../src/core/files/files.ts'
import { openFile } from '../../../src/core/files/open-file.ts'
import type { OpenedFile, OpenFileRequest } from '../../../src/core/files/open-file.ts'
import { getFolder, putFolder } from '../../../src/core/folders/folders.ts'
import { createApiKey, revokeKey } from '../../../src/core/keys/api-keys.ts'
import {
  createAccessKey,
  retireSigningKeys,
  rotateSigningKey,
} from '../../../src/core/keys/access-keys.ts'
import { issueLink, signFileUrl } from '../../../src/core/links/issue-link.ts'
import { listLinks, revokeBefore, revokeLink } from '../../../src/core/links/links.ts'
import {
  admin,
  anonymous,
  createTestCore,
  linkWith,
  principalWith,
  put,
  reader,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

const signal = new AbortController().signal

function open(
  core: TestCore,
  caller: Caller,
  change: Partial<OpenFileRequest> = {},
): Promise<OpenedFile> {
  const request = { bucket: 'acme', key: 'a/x.txt', range: null, conditions: {}, withBody: true }
  return openFile(core, caller, { ...request, ...change }, signal)
}

test('an anonymous caller reads public folders only, and learns nothing of private ones', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  await assert.rejects(open(core, anonymous), { code: 'unauthenticated' })
  await assert.rejects(open(core, anonymous, { key: 'a/missing' }), { code: 'unauthenticated' })
  await putFolder(core, admin, { path: 'acme/a', visibility: 'public', policy: {} })
  assert.equal((await open(core, anonymous)).file.key, 'a/x.txt')
  await assert.rejects(open(core, anonymous, { key: 'a/missing' }), { code: 'file-not-found' })
  await putFolder(core, admin, { path: 'acme/a/deep', visibility: 'private', policy: {} })
  await put(core, 'a/deep/y', 'y')
  await assert.rejects(open(core, anonymous, { key: 'a/deep/y' }), { code: 'unauthenticated' })
  const view = await getFolder(core, admin, 'acme/a/deep/deeper')
  assert.deepEqual([view.visibility, view.inheritedFrom], ['private', 'acme/a/deep/'])
  await assert.rejects(
    listFiles(core, anonymous, {
      bucket: 'acme',
      prefix: 'a/',
      delimiter: '',
      after: '',
      limit: 9,
    }),
    {
      code: 'unauthenticated',
    },
  )
})

test('links live five minutes for downloads and fifteen for uploads, a day at most without a reason, a week at most with one', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  const target = { bucket: 'acme', key: 'a/x.txt' }
  const life = ({ expiresAt }: { expiresAt: Date }): number =>
    (expiresAt.getTime() - core.clock.now()) / 1000
  assert.equal(life(await issueLink(core, admin, { ...target, method: 'GET' })), 300)
  assert.equal(life(await issueLink(core, admin, { ...target, method: 'PUT' })), 900)
  const day = { ...target, method: 'GET', expiresInSeconds: 86_400 } as const
  assert.equal(life(await issueLink(core, admin, day)), 86_400)
  const more = { ...day, expiresInSeconds: 86_401 }
  await assert.rejects(issueLink(core, admin, more), { code: 'field-invalid' })
  await assert.rejects(issueLink(core, admin, { ...more, reason: '  ' }), { code: 'field-invalid' })
  assert.equal(life(await issueLink(core, admin, { ...more, reason: 'tape backup' })), 86_401)
  const week = { ...day, expiresInSeconds: 604_801, reason: 'tape backup' }
  await assert.rejects(issueLink(core, admin, week), { code: 'expiry-too-long' })
  await putFolder(core, admin, {
    path: 'acme/a',
    visibility: null,
    policy: { maxDownloadSeconds: 60 },
  })
  assert.equal(life(await issueLink(core, admin, { ...target, method: 'GET' })), 60)
  const over = { ...target, method: 'GET', expiresInSeconds: 61 } as const
  await assert.rejects(issueLink(core, admin, over), { code: 'expiry-too-long' })
})

test('nobody shares what they may not read', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  const options = { bucket: 'acme', key: 'a/x.txt', method: 'GET' } as const
  for (const caller of [
    anonymous,
    reader('share'),
    reader('read'),
    principalWith({ actions: ['share', 'read'], pathPrefix: 'acme/b/' }),
  ]) {
    await assert.rejects(
      issueLink(core, caller, options),
      /Access is denied|does not have the right/,
    )
  }
  await assert.rejects(issueLink(core, admin, { ...options, key: 'a/none' }), {
    code: 'file-not-found',
  })
  assert.deepEqual(await listLinks(core, admin, { before: null, limit: 10 }), [])
})

test('a link with N uses works N times; HEAD, 304 and 416 do not count, a resumed range rides on its use', async () => {
  const core = await createTestCore()
  const { file } = await put(core, 'a/x.txt', 'hello world')
  for (const maxUses of [1, 2, 5]) {
    const { id } = await issueLink(core, admin, {
      bucket: 'acme',
      key: 'a/x.txt',
      method: 'GET',
      maxUses,
    })
    const link = linkWith(core, { grantId: id })
    const resumed = { range: { kind: 'from', start: 3, end: null } } as const
    await open(core, link, { withBody: false })
    await assert.rejects(open(core, link, { conditions: { ifNoneMatch: [file.etag] } }), {
      code: 'not-modified',
    })
    await assert.rejects(open(core, link, { range: { kind: 'from', start: 99, end: null } }), {
      code: 'range-not-satisfiable',
    })
    for (let use = 0; use < maxUses; use += 1) await open(core, link)
    await assert.rejects(open(core, link), { code: 'link-used' })
    await open(core, link, resumed)
    await assert.rejects(
      open(core, linkWith(core, { grantId: id, clientIp: '198.51.100.7' }), resumed),
      {
        code: 'link-used',
      },
    )
    core.clock.advance(601_000)
    await assert.rejects(open(core, link, resumed), { code: 'link-used' })
    await assert.rejects(open(core, link, { withBody: false }), { code: 'link-used' })
  }
})

test('a first range that starts later consumes a use of its own', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'hello world')
  const { id } = await issueLink(core, admin, {
    bucket: 'acme',
    key: 'a/x.txt',
    method: 'GET',
    maxUses: 1,
  })
  const link = linkWith(core, { grantId: id })
  await open(core, link, { range: { kind: 'from', start: 3, end: null } })
  await assert.rejects(open(core, link), { code: 'link-used' })
})

test('64 racers on a one-use link get it once', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  const { id } = await issueLink(core, admin, {
    bucket: 'acme',
    key: 'a/x.txt',
    method: 'GET',
    maxUses: 1,
  })
  const racers = Array.from({ length: 64 }, () => open(core, linkWith(core, { grantId: id })))
  const outcomes = await Promise.allSettled(racers)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('a revoked link is dead at once and stays dead when the clock goes back', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  const { id } = await issueLink(core, admin, { bucket: 'acme', key: 'a/x.txt', method: 'GET' })
  const link = linkWith(core, { grantId: id })
  await open(core, link)
  await revokeLink(core, admin, id)
  await assert.rejects(open(core, link), { code: 'link-revoked' })
  core.clock.advance(-86_400_000)
  await assert.rejects(open(core, link), { code: 'link-revoked' })
})

test('revoking a folder ends its links of the same second, and a link made right after works', async () => {
  const core = await createTestCore()
  const { file } = await put(core, 'a/x.txt', 'x')
  core.clock.advance(400)
  const signedAt = Math.floor(core.clock.now() / 1000) * 1000
  const old = linkWith(core, { signedAt })
  await open(core, old)
  await revokeBefore(core, admin, { kind: 'folder', path: 'acme/a' })
  await assert.rejects(open(core, old), { code: 'link-revoked' })
  core.clock.advance(1)
  const { url } = await signFileUrl(core, file)
  const date = /X-Amz-Date=(\d{8}T\d{6}Z)/.exec(url)?.[1] ?? ''
  const fresh = Date.parse(
    date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'),
  )
  await open(core, linkWith(core, { signedAt: fresh }))
})

test('an address-bound link works from its network only', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  await open(core, linkWith(core, { ips: ['203.0.113.0/24'] }))
  await assert.rejects(open(core, linkWith(core, { ips: ['198.51.100.0/24'] })), {
    code: 'link-ip-not-allowed',
  })
})

test('a key never makes one with more rights than its own', async () => {
  const core = await createTestCore()
  const small = principalWith({
    actions: ['admin', 'read'],
    pathPrefix: '',
    cidrs: ['203.0.113.0/24'],
  })
  await assert.rejects(createApiKey(core, small, { name: 'k', actions: ['write'] }), {
    code: 'forbidden',
  })
  const { record } = await createApiKey(core, small, { name: 'k', actions: ['read'] })
  assert.deepEqual(record.scope.cidrs, ['203.0.113.0/24'])
  await assert.rejects(createApiKey(core, reader('read'), { name: 'k', actions: ['read'] }), {
    code: 'forbidden',
  })
  await revokeKey(core, admin, record.id)
  await assert.rejects(revokeKey(core, admin, record.id), { code: 'key-not-found' })
})

test('a rotated signing key verifies until its last link must have run out', async () => {
  const core = await createTestCore()
  const before = (await core.keyRing.refresh()).signingKey
  core.clock.advance(1000)
  const { id } = await rotateSigningKey(core, admin)
  const keys = await core.keyRing.refresh()
  assert.equal(keys.signingKey?.accessKeyId, id)
  assert.notEqual(keys.findAccessKey(before?.accessKeyId ?? '', core.clock.now()), null)
  assert.equal(await retireSigningKeys(core), 0)
  core.clock.advance(604_800_001)
  assert.equal(await retireSigningKeys(core), 1)
  const after = await core.keyRing.refresh()
  assert.equal(after.findAccessKey(before?.accessKeyId ?? '', core.clock.now()), null)
})

test('an access key’s secret is sealed at rest', async () => {
  const core = await createTestCore()
  const { record, secretAccessKey } = await createAccessKey(core, admin, {
    name: 'ci',
    actions: ['read'],
  })
  assert.equal(Buffer.from(record.sealedSecret).includes(secretAccessKey), false)
  const keys = await core.keyRing.refresh()
  assert.equal(keys.findAccessKey(record.id, core.clock.now())?.secretAccessKey, secretAccessKey)
})

test('a file outside the key’s folder looks like one that is not there, and deletes are scoped', async () => {
  const core = await createTestCore()
  const { file } = await put(core, 'a/x.txt', 'x')
  const elsewhere = principalWith({ actions: ['read', 'delete'], pathPrefix: 'acme/b/' })
  await assert.rejects(getFile(core, elsewhere, file.id), { code: 'file-not-found' })
  await assert.rejects(deleteFile(core, elsewhere, { bucket: 'acme', key: 'a/x.txt' }), {
    code: 'forbidden',
  })
  assert.equal((await deleteFile(core, admin, { bucket: 'acme', key: 'a/x.txt' }))?.id, file.id)
  assert.equal(await deleteFile(core, admin, { bucket: 'acme', key: 'a/x.txt' }), null)
})
