import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '../../../src/core/identity.ts'
import { writeFile } from '../../../src/core/files/write-file.ts'
import type { WrittenFile } from '../../../src/core/files/write-file.ts'
import { createApiKey } from '../../../src/core/keys/api-keys.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { rotateSigningKey } from '../../../src/core/keys/signing-keys.ts'
import { MAX_UPLOAD_SECONDS } from '../../../src/core/limits.ts'
import { authorizeLink, revokeLink } from '../../../src/core/links/links.ts'
import { authorizeSweep, revokeBefore } from '../../../src/core/links/revocations.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import {
  admin,
  allow,
  createTestCore,
  issue,
  linkWith,
  principalWith,
  setFolder,
  writeRequest,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { bearerOf } from '../../support/presigned.ts'

const SIZES = [10, 200_000]

/** An upload during which something happens: after its first piece, before its last. */
async function uploadAround(
  core: TestCore,
  [caller, key]: readonly [Caller, string],
  size: number,
  meanwhile: () => Promise<unknown>,
): Promise<WrittenFile> {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(size / 2)
    await meanwhile()
    yield Buffer.alloc(size / 2)
  }
  const permit = await allow(core, caller, 'write', key)
  const stream = { body: body(), signal: new AbortController().signal }
  return writeFile(core, permit, writeRequest(), stream)
}

async function assertNothingWritten(core: TestCore, key: string): Promise<void> {
  assert.equal(await core.files.find({ bucket: 'acme', key }), null)
  for await (const { blobId } of core.blobs.list()) assert.fail(`blob ${blobId} was left`)
}

test('a key revoked during an upload ends it', async () => {
  for (const size of SIZES) {
    const core = await createTestCore()
    const permit = await authorizeInstance(core, admin)
    const { record } = await createApiKey(core, permit, { name: 'k', actions: ['write'] })
    const caller = principalWith(record.scope, record.id)
    const upload = uploadAround(core, [caller, 'x'], size, () => revokeKey(core, permit, record.id))
    await assert.rejects(upload, {
      code: 'forbidden',
      message: 'The key was revoked, or has run out.',
    })
    await assertNothingWritten(core, 'x')
  }
})

test('a key that runs out during an upload does not end it: what began in time may finish', async () => {
  const core = await createTestCore()
  const permit = await authorizeInstance(core, admin)
  const expiresAt = new Date(core.clock.now() + 60_000)
  const { record } = await createApiKey(core, permit, { name: 'k', actions: ['write'], expiresAt })
  const caller = principalWith(record.scope, record.id)
  await uploadAround(core, [caller, 'x'], 10, async () => {
    core.clock.advance(3_600_000)
    // Another epoch: the rights are asked again.
    await rotateSigningKey(core, permit)
  })
  assert.notEqual(await core.files.find({ bucket: 'acme', key: 'x' }), null)
})

test('the links of a folder revoked during an upload end it', async () => {
  for (const size of SIZES) {
    const core = await createTestCore()
    const { id } = await issue(core, 'in/x', { method: 'PUT' })
    const link = linkWith(core, { method: 'PUT', linkId: id })
    const upload = uploadAround(core, [link, 'in/x'], size, async () => {
      await revokeBefore(
        core,
        await authorizeSweep(core, admin, { kind: 'folder', path: 'acme/in' }),
      )
    })
    await assert.rejects(upload, { code: 'link-revoked' })
    await assertNothingWritten(core, 'in/x')
    assert.equal((await core.catalog.grants.find(id))?.uses, 0)
  }
})

test('a link revoked during an upload ends it', async () => {
  for (const size of SIZES) {
    const core = await createTestCore()
    const { id } = await issue(core, 'x', { method: 'PUT' })
    const link = linkWith(core, { method: 'PUT', linkId: id })
    const upload = uploadAround(core, [link, 'x'], size, async () => {
      const { permit, link: view } = await authorizeLink(core, admin, id)
      await revokeLink(core, permit, view)
    })
    await assert.rejects(upload, { code: 'link-revoked' })
    await assertNothingWritten(core, 'x')
  }
})

test('a limit lowered during an upload ends it', async () => {
  for (const size of SIZES) {
    const core = await createTestCore()
    const maxBytes = size - 1
    const upload = uploadAround(core, [admin, 'in/x'], size, () =>
      setFolder(core, 'acme/in', { policy: { maxBytes } }),
    )
    await assert.rejects(upload, { code: 'file-too-large', details: { maxBytes } })
    await assertNothingWritten(core, 'in/x')
  }
})

test('a change that takes no right away does not end an upload', async () => {
  for (const size of SIZES) {
    const core = await createTestCore()
    await uploadAround(core, [admin, 'in/x'], size, () =>
      setFolder(core, 'acme/other', { policy: { maxBytes: 1 } }),
    )
    assert.equal((await core.files.find({ bucket: 'acme', key: 'in/x' }))?.size, size)
  }
})

test('a PUT link that expires during the upload is not refused for it', async () => {
  for (const size of SIZES) {
    const core = await createTestCore()
    const { id, url } = await issue(core, 'x', { method: 'PUT', expiresInSeconds: 60 })
    const link = await bearerOf(core, url, { method: 'PUT' })
    await uploadAround(core, [link, 'x'], size, () => {
      core.clock.advance(3_600_000)
      return Promise.resolve()
    })
    assert.equal((await core.catalog.grants.find(id))?.uses, 1)
    await assert.rejects(bearerOf(core, url, { method: 'PUT' }), { code: 'signature-expired' })
  }
})

test('an upload ends when its longest duration is over, however slowly it comes', async () => {
  const core = await createTestCore()
  for (const size of SIZES) {
    const upload = uploadAround(core, [admin, 'x'], size, () => {
      core.clock.advance(MAX_UPLOAD_SECONDS * 1000 + 1)
      return Promise.resolve()
    })
    await assert.rejects(upload, {
      code: 'upload-too-long',
      details: { maxSeconds: MAX_UPLOAD_SECONDS },
    })
    await assertNothingWritten(core, 'x')
  }
})

test('of an upload that takes too long no further byte is asked for', async () => {
  const core = await createTestCore()
  let asked = 0
  async function* body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      asked += 1
      core.clock.advance(3_600_000)
      yield await Promise.resolve(Buffer.alloc(100))
    }
  }
  const permit = await allow(core, admin, 'write', 'x')
  const stream = { body: body(), signal: new AbortController().signal }
  await assert.rejects(writeFile(core, permit, writeRequest(), stream), { code: 'upload-too-long' })
  assert.equal(asked, MAX_UPLOAD_SECONDS / 3600 + 1)
})
