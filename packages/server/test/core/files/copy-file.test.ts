import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileRecord } from '../../../src/catalog/records.ts'
import { isRefusal } from '../../../src/core/errors.ts'
import type { DomainErrorCode } from '../../../src/core/errors.ts'
import { copyFile } from '../../../src/core/files/copy-file.ts'
import type { CopiedFile, CopyFileRequest } from '../../../src/core/files/copy-file.ts'
import type { Caller } from '../../../src/core/identity.ts'
import { copyPart } from '../../../src/core/uploads/copy-part.ts'
import { writeFile } from '../../../src/core/files/write-file.ts'
import {
  admin,
  allow,
  createTestCore,
  principalWith,
  put,
  setFolder,
  streamOf,
  writeRequest,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { complete, openAt } from '../uploads/upload-fixture.ts'

const NEVER = new AbortController().signal

async function copy(
  core: TestCore,
  [from, to]: readonly [string, string],
  change: Partial<CopyFileRequest> & { readonly caller?: Caller } = {},
): Promise<CopiedFile> {
  const { caller = admin, ...request } = change
  const permits = {
    from: await allow(core, caller, 'read', from),
    to: await allow(core, caller, 'write', to),
  }
  const source = { versionId: null, conditions: {} }
  const asked = { source, draft: null, tags: null, checksum: null, ...request }
  return copyFile(core, permits, asked, NEVER)
}

async function assertRefused(call: Promise<unknown>, code: DomainErrorCode): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(isRefusal(error, code), String(error))
    return true
  })
}

async function putLarge(core: TestCore, key: string, size: number): Promise<FileRecord> {
  const permit = await allow(core, admin, 'write', key)
  const stream = { body: streamOf(Buffer.alloc(size, key)), signal: NEVER }
  return (await writeFile(core, permit, writeRequest(), stream)).file
}

async function countBlobs(core: TestCore): Promise<number> {
  let count = 0
  for await (const _ of core.blobs.list()) count += 1
  return count
}

test('a copy shares what its source holds', async () => {
  const core = await createTestCore()
  const source = await putLarge(core, 'large', 200_000)
  const { file } = await copy(core, ['large', 'copy'])
  assert.deepEqual(file.content, source.content)
  assert.notEqual(file.id, source.id)
  assert.deepEqual(
    [file.etag, file.size, file.checksums],
    [source.etag, source.size, source.checksums],
  )
  assert.equal(await countBlobs(core), 1)
})

test('a part that is a range of a file writes no byte', async () => {
  const core = await createTestCore()
  await putLarge(core, 'large', 200_000)
  const scene = { core, key: 'assembled' }
  const { id } = await openAt(scene)
  const permits = {
    from: await allow(core, admin, 'read', 'large'),
    to: await allow(core, admin, 'write', 'assembled'),
  }
  const source = { versionId: null, conditions: {} }
  const range = { start: 10, end: 150_000 }
  const { part } = await copyPart(core, permits, { uploadId: id, number: 1, source, range }, NEVER)
  await complete(scene, id, [part])
  assert.equal(await countBlobs(core), 1)
})

test('a source that is replaced while it is copied is copied as it is then', async () => {
  const core = await createTestCore()
  await put(core, 'source', 'old')
  const { files } = core
  const copyContent = files.copy.bind(files)
  let replacements = 0
  Object.assign(files, {
    copy: async (request: Parameters<typeof copyContent>[0]) => {
      if (replacements < 3) await put(core, 'source', `new ${(replacements += 1)}`)
      return copyContent(request)
    },
  })
  const { file } = await copy(core, ['source', 'copy'])
  const replaced = await files.find({ bucket: 'acme', key: 'source' })
  assert.equal(file.etag, replaced?.etag)
  assert.equal(replacements, 3)
})

test('both rights are looked at again in the transaction that makes the copy', async () => {
  const core = await createTestCore()
  await put(core, 'source', 'x')
  const { files } = core
  const find = files.find.bind(files)
  Object.assign(files, {
    find: async (path: Parameters<typeof find>[0]) => {
      await core.catalog.keys.revoke(['key_test'], core.clock.now(), null)
      return find(path)
    },
  })
  await assertRefused(copy(core, ['source', 'copy']), 'forbidden')
  assert.equal(await find({ bucket: 'acme', key: 'copy' }), null)
})

test('who may write but not read copies nothing', async () => {
  const core = await createTestCore()
  await put(core, 'source', 'x')
  const caller = principalWith({ actions: ['write'] })
  await assertRefused(copy(core, ['source', 'copy'], { caller }), 'forbidden')
})

test('the limit of the folder holds for copies', async () => {
  const core = await createTestCore()
  await put(core, 'source', 'twelve bytes')
  await setFolder(core, 'acme/inbox', { policy: { maxBytes: 11 } })
  await assertRefused(copy(core, ['source', 'inbox/copy']), 'file-too-large')
  assert.equal(await core.files.find({ bucket: 'acme', key: 'inbox/copy' }), null)
})

test('a checksum that the source does not have is computed of its bytes', async () => {
  const core = await createTestCore()
  await putLarge(core, 'large', 3_000_000)
  const { file } = await copy(core, ['large', 'copy'], { checksum: 'crc32c' })
  const again = await copy(core, ['copy', 'again'], { checksum: 'crc32c' })
  assert.equal(file.checksums[0]?.algorithm, 'crc32c')
  assert.deepEqual(again.file.checksums, file.checksums)
})
