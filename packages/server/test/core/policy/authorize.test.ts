import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deleteFile, listFiles, moveFile } from '../../../src/core/files/files.ts'
import { openFile } from '../../../src/core/files/open-file.ts'
import type { OpenedFile } from '../../../src/core/files/open-file.ts'
import { createFolderCache } from '../../../src/core/folders/folder-cache.ts'
import { getFolder } from '../../../src/core/folders/folders.ts'
import type { Caller, VerifiedLink } from '../../../src/core/identity.ts'
import { createAccessKey } from '../../../src/core/keys/access-keys.ts'
import {
  authorize,
  authorizeFile,
  authorizeInstance,
  authorizeReach,
} from '../../../src/core/policy/authorize.ts'
import {
  admin,
  allow,
  anonymous,
  createTestCore,
  linkWith,
  principalWith,
  put,
  reader,
  setFolder,
  issue,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { openUrl, presignWith, putUrl } from '../../support/presigned.ts'

const signal = new AbortController().signal

async function open(core: TestCore, caller: Caller, key: string): Promise<OpenedFile> {
  const request = { range: null, conditions: {}, withBody: true }
  return openFile(core, await allow(core, caller, 'read', key), request, signal)
}

test('an anonymous caller reads public folders only, and learns nothing of private ones', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  await assert.rejects(open(core, anonymous, 'a/x.txt'), { code: 'unauthenticated' })
  await assert.rejects(open(core, anonymous, 'a/missing'), { code: 'unauthenticated' })
  await setFolder(core, 'acme/a', { visibility: 'public' })
  assert.equal((await open(core, anonymous, 'a/x.txt')).file.key, 'a/x.txt')
  await assert.rejects(open(core, anonymous, 'a/missing'), { code: 'file-not-found' })
  await setFolder(core, 'acme/a/deep', { visibility: 'private' })
  await put(core, 'a/deep/y', 'y')
  await assert.rejects(open(core, anonymous, 'a/deep/y'), { code: 'unauthenticated' })
  const view = await getFolder(core, await allow(core, admin, 'list', 'a/deep/deeper/'))
  assert.deepEqual([view.visibility, view.inheritedFrom], ['private', 'acme/a/deep/'])
  await assert.rejects(allow(core, anonymous, 'list', 'a/'), { code: 'unauthenticated' })
})

test('a folder that becomes private is private for the next request', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  await setFolder(core, 'acme/a', { visibility: 'public' })
  await open(core, anonymous, 'a/x.txt')
  await setFolder(core, 'acme/a', { visibility: 'private' })
  await assert.rejects(open(core, anonymous, 'a/x.txt'), { code: 'unauthenticated' })
})

test('folders are asked of the catalog once an epoch, not once a request', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  let reads = 0
  const { folders } = core.catalog
  const counted = createFolderCache({
    findMany: (paths) => {
      reads += 1
      return folders.findMany(paths)
    },
  })
  for (let request = 0; request < 5; request += 1) {
    await open({ ...core, folders: counted }, admin, 'a/x.txt')
  }
  assert.equal(reads, 1)
})

test('a file outside the key’s folder looks like one that is not there', async () => {
  const core = await createTestCore()
  const { file } = await put(core, 'a/x.txt', 'x')
  const elsewhere = principalWith({ actions: ['read', 'delete'], pathPrefix: 'acme/b/' })
  await assert.rejects(authorizeFile(core, elsewhere, 'read', file.id), {
    code: 'file-not-found',
    details: { id: file.id },
  })
  await assert.rejects(authorizeFile(core, admin, 'read', 'file_none'), { code: 'file-not-found' })
  await assert.rejects(allow(core, elsewhere, 'delete', 'a/x.txt'), { code: 'forbidden' })
})

test('deleting what is not there succeeds; by id it does not', async () => {
  const core = await createTestCore()
  const { file } = await put(core, 'a/x.txt', 'x')
  const { permit } = await authorizeFile(core, admin, 'delete', file.id)
  assert.equal((await deleteFile(core, permit)).removed?.id, file.id)
  await assert.rejects(deleteFile(core, permit), { code: 'file-not-found' })
  const byPath = await allow(core, admin, 'delete', 'a/x.txt')
  assert.equal((await deleteFile(core, byPath)).removed, null)
})

test('a file that was moved or made anew since the right was given is not deleted by its id', async () => {
  const core = await createTestCore()
  const { file } = await put(core, 'in/x', 'x')
  const narrow = principalWith({ actions: ['delete', 'write'], pathPrefix: 'acme/in/' })
  const { permit } = await authorizeFile(core, narrow, 'delete', file.id)
  const from = await authorizeFile(core, admin, 'delete', file.id)
  const secret = await allow(core, admin, 'write', 'secret/x')
  await moveFile(core, { from: from.permit, to: secret }, false)
  await put(core, 'in/x', 'another')
  await assert.rejects(deleteFile(core, permit), { code: 'file-not-found' })
  assert.equal((await core.files.findById(file.id))?.key, 'secret/x')
  assert.notEqual(await core.files.find({ bucket: 'acme', key: 'in/x' }), null)
})

test('of a key scoped to in/ and an owner who moves the file away, only one has it', async () => {
  const core = await createTestCore()
  const narrow = principalWith({ actions: ['delete', 'write'], pathPrefix: 'acme/in/' })
  for (let round = 0; round < 25; round += 1) {
    const { file } = await put(core, `in/${round}`, 'x')
    const away = async (): Promise<void> => {
      const { permit } = await authorizeFile(core, admin, 'delete', file.id)
      const to = await allow(core, admin, 'write', `secret/${round}`)
      await moveFile(core, { from: permit, to }, false)
    }
    const pull = async (): Promise<void> => {
      const { permit } = await authorizeFile(core, narrow, 'delete', file.id)
      const to = await allow(core, narrow, 'write', `in/mine-${round}`)
      await moveFile(core, { from: permit, to }, false)
    }
    const [moved, pulled] = await Promise.allSettled([away(), pull()])
    const key = (await core.files.findById(file.id))?.key
    if (moved.status === 'fulfilled') assert.equal(key, `secret/${round}`)
    else assert.equal(pulled.status, 'fulfilled')
  }
})

test('a move honours the largest body of its target', async () => {
  const core = await createTestCore()
  await setFolder(core, 'acme/small/', { policy: { maxBytes: 4 } })
  const { file } = await put(core, 'x', 'hello')
  const { permit } = await authorizeFile(core, admin, 'delete', file.id)
  const to = await allow(core, admin, 'write', 'small/x')
  await assert.rejects(moveFile(core, { from: permit, to }, false), {
    code: 'file-too-large',
    details: { maxBytes: 4 },
  })
  assert.equal((await core.files.findById(file.id))?.key, 'x')
})

test('the right to list is asked for the prefix', async () => {
  const core = await createTestCore()
  await put(core, 'a/x', 'x')
  await put(core, 'b/y', 'y')
  const query = { delimiter: '', after: '', limit: 10 }
  const { entries } = await listFiles(core, await allow(core, admin, 'list', 'a/'), query)
  assert.equal(entries.length, 1)
  const narrow = principalWith({ actions: ['list'], pathPrefix: 'acme/a/' })
  await assert.rejects(allow(core, narrow, 'list', ''), { code: 'forbidden' })
  assert.deepEqual((await authorizeReach(core, narrow, 'list')).path, { bucket: 'acme', key: 'a/' })
  const missing = await authorize(core, admin, 'list', { bucket: 'none', key: '' })
  await assert.rejects(listFiles(core, missing, query), { code: 'bucket-not-found' })
})

test('keys and settings of the instance need the right to administer all of it', async () => {
  const core = await createTestCore()
  await authorizeInstance(core, admin)
  for (const caller of [
    reader('read', 'write'),
    principalWith({ actions: ['admin'], pathPrefix: 'acme/' }),
  ]) {
    await assert.rejects(authorizeInstance(core, caller), { code: 'forbidden' })
  }
  await assert.rejects(authorizeInstance(core, anonymous), { code: 'unauthenticated' })
})

test('an address-bound link works from its network only', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  const { id: linkId } = await issue(core, 'a/x.txt', { method: 'GET' })
  const from = (cidr: string): VerifiedLink => linkWith(core, { linkId, ips: [cidr] })
  await open(core, from('203.0.113.0/24'), 'a/x.txt')
  await assert.rejects(open(core, from('198.51.100.0/24'), 'a/x.txt'), {
    code: 'link-ip-not-allowed',
  })
})

test('a folder’s longest life binds URLs that clients presign too', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  const { record, secretAccessKey } = await createAccessKey(
    core,
    await authorizeInstance(core, admin),
    { name: 'ci', actions: ['read', 'write'], maxExpiresInSeconds: 604_800 },
  )
  const credentials = { accessKeyId: record.id, secretAccessKey }
  const get = (expiresInSeconds: number): Promise<unknown> => {
    const url = presignWith(core, credentials, { method: 'GET', key: 'a/x.txt', expiresInSeconds })
    return openUrl(core, [url, 'a/x.txt'])
  }
  const upload = (expiresInSeconds: number): Promise<unknown> => {
    const url = presignWith(core, credentials, { method: 'PUT', key: 'a/y.txt', expiresInSeconds })
    return putUrl(core, [url, 'a/y.txt'], 'y')
  }
  await get(604_800)
  await setFolder(core, 'acme/a', { policy: { maxDownloadSeconds: 60, maxUploadSeconds: 30 } })
  await get(60)
  await upload(30)
  for (const [attempt, maxSeconds] of [
    [get(61), 60],
    [get(604_800), 60],
    [upload(31), 30],
  ] as const) {
    await assert.rejects(attempt, (error: Error & { code?: string; details?: object }) => {
      assert.equal(error.code, 'expiry-too-long')
      assert.equal((error.details as { maxSeconds: number }).maxSeconds, maxSeconds)
      return true
    })
  }
})

test('a key’s own longest life and its right to presign a DELETE bind what it signs', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  const { record, secretAccessKey } = await createAccessKey(
    core,
    await authorizeInstance(core, admin),
    { name: 'ci', actions: ['read', 'delete'], maxExpiresInSeconds: 60 },
  )
  const credentials = { accessKeyId: record.id, secretAccessKey }
  const long = presignWith(core, credentials, {
    method: 'GET',
    key: 'a/x.txt',
    expiresInSeconds: 61,
  })
  await assert.rejects(openUrl(core, [long, 'a/x.txt']), {
    code: 'expiry-too-long',
    message: 'X-Amz-Expires: at most 60 seconds. The key allows no longer life.',
  })
  const link = linkWith(core, {
    method: 'DELETE',
    keyId: record.id,
    isOwn: false,
    scope: record.scope,
    expiresAt: core.clock.now() + 30_000,
  })
  await assert.rejects(allow(core, link, 'delete', 'a/x.txt'), {
    code: 'forbidden',
    details: {
      action: 'presign DELETE',
      reason: 'This key does not have the right to presign DELETE',
    },
  })
})
