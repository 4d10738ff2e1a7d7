import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { isRefusal } from '../../../src/core/errors.ts'
import type { DomainErrorCode } from '../../../src/core/errors.ts'
import { openFile } from '../../../src/core/files/open-file.ts'
import { abortUpload } from '../../../src/core/uploads/abort-upload.ts'
import { admin, allow, createTestCore, principalWith, put, setFolder } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { complete, openAt, send } from './upload-fixture.ts'

const MIN = 5 * 1024 * 1024
const NEVER = new AbortController().signal

async function assertRefused(call: Promise<unknown>, code: DomainErrorCode): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(isRefusal(error, code), String(error))
    return true
  })
}

async function read(core: TestCore, key: string): Promise<Buffer> {
  const permit = await allow(core, admin, 'read', key)
  const { body } = await openFile(
    core,
    permit,
    { range: null, conditions: {}, withBody: true },
    NEVER,
  )
  assert.ok(body?.kind === 'bytes')
  return Buffer.from(body.bytes)
}

/** A thousand by hand. */
const RACES = Number(process.env['HALLPASS_RACE_UPLOADS'] ?? 200)

test('of a completion and an abort at once exactly one wins, however often', async () => {
  const core = await createTestCore()
  const rounds = Array.from({ length: RACES }, (_, round) => round)
  const bytes = Buffer.from('part')
  const won = { completed: 0, aborted: 0 }
  for (let start = 0; start < rounds.length; start += 50) {
    await Promise.all(rounds.slice(start, start + 50).map(race))
  }
  assert.equal(won.completed + won.aborted, RACES)
  assert.ok(won.completed > 0 && won.aborted > 0, JSON.stringify(won))
  const open = { bucket: 'acme', prefix: '', delimiter: '', after: '', afterUploadId: '' }
  assert.deepEqual((await core.files.uploads.list({ ...open, limit: 1 })).entries, [])
  const listing = { bucket: 'acme', prefix: '', delimiter: '', after: '', limit: 2000 }
  assert.equal((await core.files.list(listing)).entries.length, won.completed)

  async function race(round: number): Promise<void> {
    const scene = { core, key: `race-${round}` }
    const { id } = await openAt(scene)
    const part = await send(scene, id, { number: 1, bytes })
    const permit = await allow(core, admin, 'write', scene.key)
    // A completion asks more before it commits, so the abort starts so many turns of the event loop later.
    const later = async (): Promise<'aborted'> => {
      for (let turn = 0; turn < round % 4; turn += 1) await setImmediate()
      await abortUpload(core, permit, { uploadId: id, initiatedAt: null })
      return 'aborted'
    }
    const completing = complete(scene, id, [part]).then(() => 'completed' as const)
    const outcomes = await Promise.allSettled([completing, later()])
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled')
    const losers = outcomes.filter((outcome) => outcome.status === 'rejected')
    assert.equal(winners.length, 1)
    assert.ok(isRefusal(losers[0]?.reason, 'upload-not-found'))
    const winner = winners[0]?.value ?? 'aborted'
    won[winner] += 1
    const file = await core.files.find({ bucket: 'acme', key: scene.key })
    assert.equal(file !== null, winner === 'completed')
  }
})

test('a file that was completed stays, whoever aborts its upload afterwards', async () => {
  const core = await createTestCore()
  const scene = { core, key: 'kept' }
  const { id } = await openAt(scene)
  const part = await send(scene, id, { number: 1, bytes: Buffer.from('kept') })
  await complete(scene, id, [part])
  await assertRefused(
    abortUpload(core, await allow(core, admin, 'write', 'kept'), {
      uploadId: id,
      initiatedAt: null,
    }),
    'upload-not-found',
  )
  assert.equal((await read(core, 'kept')).toString(), 'kept')
})

test('the ETag is the MD5 of the MD5s and how many there are', async () => {
  const core = await createTestCore()
  const scene = { core, key: 'etag' }
  const { id } = await openAt(scene)
  const bodies = [Buffer.alloc(MIN, 1), Buffer.from('tail')]
  const parts = [
    await send(scene, id, { number: 2, bytes: bodies[0] ?? Buffer.alloc(0) }),
    await send(scene, id, { number: 9, bytes: bodies[1] ?? Buffer.alloc(0) }),
  ]
  const { etag, partCount } = await complete(scene, id, parts)
  const md5s = bodies.map((bytes) => createHash('md5').update(bytes).digest())
  assert.equal(etag, `${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-2`)
  assert.equal(partCount, 2)
})

test('an upload goes on with another key than the one it was opened with, and after that one is gone', async () => {
  const core = await createTestCore()
  const scene = { core, key: 'outlives' }
  const { id } = await openAt({ ...scene, caller: principalWith({ actions: ['write'] }) })
  core.clock.advance(23 * 3_600_000)
  const part = await send(scene, id, { number: 1, bytes: Buffer.from('x') })
  core.clock.advance(23 * 3_600_000)
  await complete(scene, id, [part])
  const stranger = principalWith({ actions: ['write'], pathPrefix: 'acme/elsewhere/' })
  await assertRefused(
    send({ ...scene, caller: stranger }, id, { number: 1, bytes: Buffer.from('x') }),
    'forbidden',
  )
})

test('the limit of the folder holds for the whole, also when it is lowered meanwhile', async () => {
  const core = await createTestCore()
  const scene = { core, key: 'inbox/large' }
  await setFolder(core, 'acme/inbox', { policy: { maxBytes: MIN + 2 } })
  const { id } = await openAt(scene)
  const first = await send(scene, id, { number: 1, bytes: Buffer.alloc(MIN) })
  const second = await send(scene, id, { number: 2, bytes: Buffer.alloc(3) })
  await assertRefused(complete(scene, id, [first, second]), 'file-too-large')
  const third = await send(scene, id, { number: 3, bytes: Buffer.alloc(2) })
  await setFolder(core, 'acme/inbox', { policy: { maxBytes: 10 } })
  await assertRefused(complete(scene, id, [first, third]), 'file-too-large')
  await setFolder(core, 'acme/inbox', { policy: {} })
  await complete(scene, id, [first, second])
})

test('rights that end before the commit end the completion', async () => {
  const core = await createTestCore()
  const scene = { core, key: 'revoked' }
  const { id } = await openAt(scene)
  const part = await send(scene, id, { number: 1, bytes: Buffer.from('x') })
  const listParts = core.files.uploads.listParts.bind(core.files.uploads)
  Object.assign(core.files.uploads, {
    listParts: async (...asked: Parameters<typeof listParts>) => {
      await core.catalog.keys.revoke(['key_test'], core.clock.now(), null)
      return listParts(...asked)
    },
  })
  await assertRefused(complete(scene, id, [part]), 'forbidden')
  assert.equal(await core.files.find({ bucket: 'acme', key: 'revoked' }), null)
  assert.notEqual(await core.files.uploads.find(id), null)
})

test('of many that complete an upload at once all are answered the same', async () => {
  const core = await createTestCore()
  for (let round = 0; round < 20; round += 1) {
    const scene = { core, key: `same-${round}` }
    const { id } = await openAt(scene)
    const part = await send(scene, id, { number: 1, bytes: Buffer.from(`round ${round}`) })
    const answers = await Promise.all(Array.from({ length: 8 }, () => complete(scene, id, [part])))
    assert.equal(new Set(answers.map(({ etag }) => etag)).size, 1)
    assert.equal(new Set(answers.map(({ fileId }) => fileId)).size, 1)
  }
})

test('a part that is replaced while the upload is completed is not taken for the one before', async () => {
  const core = await createTestCore()
  const scene = { core, key: 'replaced' }
  const { id } = await openAt(scene)
  const part = await send(scene, id, { number: 1, bytes: Buffer.from('old') })
  const { uploads } = core.files
  const completeSlot = uploads.complete.bind(uploads)
  Object.assign(uploads, {
    complete: async (request: Parameters<typeof completeSlot>[0]) => {
      await send(scene, id, { number: 1, bytes: Buffer.from('new') })
      return completeSlot(request)
    },
  })
  await assertRefused(complete(scene, id, [part]), 'part-invalid')
  assert.notEqual(await uploads.find(id), null)
})

test('conditions are compared in the transaction that makes the file', async () => {
  const core = await createTestCore()
  const scene = { core, key: 'conditional' }
  const { id } = await openAt(scene)
  const part = await send(scene, id, { number: 1, bytes: Buffer.from('x') })
  await assertRefused(complete(scene, id, [part], { ifEtag: 'none' }), 'precondition-failed')
  const { file } = await put(core, 'conditional', 'there')
  await assertRefused(complete(scene, id, [part], { ifAbsent: true }), 'precondition-failed')
  await assertRefused(complete(scene, id, [part], { ifEtag: 'other' }), 'precondition-failed')
  const { fileId } = await complete(scene, id, [part], { ifEtag: file.etag })
  assert.equal(fileId, file.id)
})
