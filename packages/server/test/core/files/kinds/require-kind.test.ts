import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyFile } from '../../../../src/core/files/copy-file.ts'
import { moveFile } from '../../../../src/core/files/files.ts'
import { writeFile } from '../../../../src/core/files/write-file.ts'
import { INLINE_BYTES } from '../../../../src/trees/managed/rest-body.ts'
import {
  admin,
  allow,
  createTestCore,
  put,
  setFolder,
  writeRequest,
} from '../../../support/core.ts'
import type { TestCore } from '../../../support/core.ts'
import { complete, openAt, send } from '../../uploads/upload-fixture.ts'

const POLICY = { policy: { requireMatchingType: true } }
const NEVER = new AbortController().signal
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhf',
  'base64',
)
const REFUSED = { code: 'type-contradicted' }

async function* inPieces(
  bytes: Uint8Array,
  piece: number,
  onPull: () => void,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) {
    onPull()
    yield await Promise.resolve(bytes.subarray(at, at + piece))
  }
}

async function write(
  core: TestCore,
  key: string,
  bytes: Uint8Array,
  piece: number,
): Promise<number> {
  let pulled = 0
  const body = inPieces(bytes, piece, () => (pulled += 1))
  const permit = await allow(core, admin, 'write', key)
  const request = writeRequest({ contentType: 'image/png' })
  await writeFile(core, permit, request, { body, signal: NEVER }).catch((error: unknown) => {
    throw Object.assign(new Error('refused', { cause: error }), { pulled, code: REFUSED.code })
  })
  return pulled
}

test('a body that is of another type is refused after its beginning, and nothing is left', async () => {
  const core = await createTestCore()
  await setFolder(core, 'acme', POLICY)
  const large = Buffer.concat([Buffer.from('<html>'), Buffer.alloc(INLINE_BYTES * 4, ' ')])
  await assert.rejects(write(core, 'x.png', large, 4096), { pulled: 2 })
  await assert.rejects(write(core, 'x.png', Buffer.from('<html>'), 1), REFUSED)
  assert.equal(await core.files.find({ bucket: 'acme', key: 'x.png' }), null)
  for await (const { blobId } of core.blobs.list()) assert.fail(blobId)
  const pngs = [PNG, Buffer.concat([PNG, Buffer.alloc(INLINE_BYTES * 4)])]
  for (const png of pngs) {
    await write(core, 'x.png', png, 1000)
    assert.equal((await core.files.find({ bucket: 'acme', key: 'x.png' }))?.size, png.length)
  }
})

test('copies, moves and uploads in parts pass through the same look', async () => {
  const core = await createTestCore()
  await setFolder(core, 'acme/in', POLICY)
  await put(core, 'page', '<html>', { contentType: 'image/png' })
  const from = await allow(core, admin, 'read', 'page')
  const to = await allow(core, admin, 'write', 'in/page')
  const request = {
    source: { versionId: null, conditions: {} },
    draft: null,
    tags: null,
    checksum: null,
  }
  await assert.rejects(copyFile(core, { from, to }, request, NEVER), REFUSED)
  const away = await allow(core, admin, 'delete', 'page')
  await assert.rejects(moveFile(core, { from: away, to }, false), REFUSED)

  const scene = { core, key: 'in/parts.png' }
  const { id } = await openAt(scene, { contentType: 'image/png' })
  const part = await send(scene, id, { number: 1, bytes: Buffer.from('<html>') })
  await assert.rejects(complete(scene, id, [part]), REFUSED)
  const good = await send(scene, id, { number: 1, bytes: PNG })
  await assert.rejects(complete(scene, id, [part]))
  await complete(scene, id, [good])
})

test('what was under way when the line was drawn is sent again', async () => {
  const core = await createTestCore()
  const permit = await allow(core, admin, 'write', 'x.png')
  async function* slow(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('<html>')
    await setFolder(core, 'acme', POLICY)
  }
  const stream = { body: slow(), signal: NEVER }
  await assert.rejects(writeFile(core, permit, writeRequest(), stream), { code: 'policy-refused' })
})
