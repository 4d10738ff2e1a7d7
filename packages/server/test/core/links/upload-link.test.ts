import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { deleteFile, moveFile } from '../../../src/core/files/files.ts'
import { writeFile } from '../../../src/core/files/write-file.ts'
import { isDomainError } from '../../../src/core/errors.ts'
import { authorizeLink, pauseLink, resumeLink, revokeLink } from '../../../src/core/links/links.ts'
import { narrowLink } from '../../../src/core/links/narrow-link.ts'
import type { Narrowing } from '../../../src/core/links/narrow-link.ts'
import { admin, allow, createTestCore, issue, put, writeRequest } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { bearerOf, putUrl } from '../../support/presigned.ts'

async function textOf(core: TestCore, key: string): Promise<string | null> {
  const file = await core.files.find({ bucket: 'acme', key })
  if (file === null) return null
  const body = await core.files.open(file, null, new AbortController().signal)
  return body?.kind === 'bytes' ? Buffer.from(body.bytes).toString() : null
}

test('an upload link binds type and size, counts its use with the commit, and dies when revoked', async () => {
  const core = await createTestCore()
  const { id, url } = await issue(core, 'in.png', {
    method: 'PUT',
    maxUses: 1,
    terms: { maxBytes: 100, contentTypes: ['image/*'] },
  })
  const attempt = (contentType: string, size: number): Promise<unknown> =>
    putUrl(core, [url, 'in.png'], 'x'.repeat(size), { contentType })
  await assert.rejects(attempt('text/html', 5), { code: 'content-type-not-allowed' })
  await assert.rejects(attempt('image/png;, text/html', 5), { code: 'field-invalid' })
  await assert.rejects(attempt('image/png', 101), { code: 'file-too-large' })
  assert.equal((await core.catalog.grants.find(id))?.uses, 0)
  await attempt('image/png', 100)
  await assert.rejects(attempt('image/png', 100), { code: 'link-used' })
  await core.uses.flush()
  const grant = await core.catalog.grants.find(id)
  assert.deepEqual([grant?.uses, grant?.bytes], [1, 100])

  const second = await issue(core, 'in2', { method: 'PUT' })
  const { permit, link } = await authorizeLink(core, admin, second.id)
  await revokeLink(core, permit, link)
  await assert.rejects(putUrl(core, [second.url, 'in2'], 'x'), { code: 'link-revoked' })
})

test('a link for one body takes no other', async () => {
  const core = await createTestCore()
  const sha256 = createHash('sha256').update('the very body').digest('hex')
  const { id, url } = await issue(core, 'x', { method: 'PUT', terms: { sha256 } })
  await assert.rejects(putUrl(core, [url, 'x'], 'another body'), { code: 'digest-mismatch' })
  assert.equal(await textOf(core, 'x'), null)
  assert.equal((await core.catalog.grants.find(id))?.uses, 0)
  await putUrl(core, [url, 'x'], 'the very body')
  assert.equal(await textOf(core, 'x'), 'the very body')
})

test('an upload link commits once, and no clock that goes back gives it another time', async () => {
  const core = await createTestCore()
  core.clock.advance(86_400_000)
  const { url } = await issue(core, 'x', { method: 'PUT' })
  await putUrl(core, [url, 'x'], 'first')
  await assert.rejects(putUrl(core, [url, 'x'], 'second'), { code: 'link-used' })
  core.clock.advance(-60_000)
  await assert.rejects(putUrl(core, [url, 'x'], 'second'), { code: 'link-used' })
  assert.equal(await textOf(core, 'x'), 'first')
})

test('64 racers on an upload link commit once', async () => {
  const core = await createTestCore()
  const { url } = await issue(core, 'x', { method: 'PUT', overwrite: true, maxUses: 1 })
  const racers = Array.from({ length: 64 }, (_, index) => putUrl(core, [url, 'x'], `${index}`))
  const outcomes = await Promise.allSettled(racers)
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('an upload link never overwrites, unless it was made so', async () => {
  const core = await createTestCore()
  await put(core, 'x', 'before')
  const { id, url } = await issue(core, 'x', { method: 'PUT' })
  await assert.rejects(putUrl(core, [url, 'x'], 'after'), {
    code: 'file-exists',
    details: { path: 'acme/x' },
  })
  assert.equal(await textOf(core, 'x'), 'before')
  assert.equal((await core.catalog.grants.find(id))?.uses, 0)
  const replacing = await issue(core, 'x', { method: 'PUT', overwrite: true })
  for (const text of ['one', 'two']) {
    await putUrl(core, [replacing.url, 'x'], text)
    assert.equal(await textOf(core, 'x'), text)
  }
  const once = await issue(core, 'x', { method: 'PUT', overwrite: true, maxUses: 1 })
  await putUrl(core, [once.url, 'x'], 'three')
  await assert.rejects(putUrl(core, [once.url, 'x'], 'four'), { code: 'link-used' })
})

test('a link for several uploads replaces what it stored, unless that is ruled out', async () => {
  const core = await createTestCore()
  const { url } = await issue(core, 'x', { method: 'PUT', maxUses: 2 })
  await putUrl(core, [url, 'x'], 'one')
  await putUrl(core, [url, 'x'], 'two')
  await assert.rejects(putUrl(core, [url, 'x'], 'three'), { code: 'link-used' })
  const careful = await issue(core, 'y', { method: 'PUT', maxUses: 2, overwrite: false })
  await putUrl(core, [careful.url, 'y'], 'one')
  await assert.rejects(putUrl(core, [careful.url, 'y'], 'two'), { code: 'file-exists' })
})

test('a link for several uploads replaces nothing that somebody else stored, before it or between its uses', async () => {
  const core = await createTestCore()
  await put(core, 'x', 'theirs')
  const first = await issue(core, 'x', { method: 'PUT', maxUses: 3 })
  await assert.rejects(putUrl(core, [first.url, 'x'], 'mine'), { code: 'file-exists' })
  const second = await issue(core, 'y', { method: 'PUT', maxUses: 3 })
  await putUrl(core, [second.url, 'y'], 'mine')
  await put(core, 'y', 'theirs')
  await assert.rejects(putUrl(core, [second.url, 'y'], 'mine again'), { code: 'file-exists' })
  assert.deepEqual([await textOf(core, 'x'), await textOf(core, 'y')], ['theirs', 'theirs'])
  assert.equal((await core.catalog.grants.find(second.id))?.uses, 1)
})

test('after a delete or a move an old upload link neither recreates nor overwrites', async () => {
  const core = await createTestCore()
  for (const how of ['delete', 'move'] as const) {
    const key = `in/${how}`
    const { id, url } = await issue(core, key, { method: 'PUT', overwrite: true })
    await putUrl(core, [url, key], 'first')
    const from = await allow(core, admin, 'delete', key)
    if (how === 'delete') await deleteFile(core, from)
    else await moveFile(core, { from, to: await allow(core, admin, 'write', 'away') }, true)
    await assert.rejects(putUrl(core, [url, key], 'again'), { code: 'link-revoked' })
    assert.equal(await textOf(core, key), null)
    assert.equal((await core.catalog.grants.find(id))?.revokedBy, how)
    await put(core, key, 'new')
    await assert.rejects(putUrl(core, [url, key], 'again'), { code: 'link-revoked' })
    assert.equal(await textOf(core, key), 'new')
  }
})

test('a used-up upload link gives no permit, so nobody asks for a byte of its body', async () => {
  const core = await createTestCore()
  const { url } = await issue(core, 'x', { method: 'PUT' })
  await putUrl(core, [url, 'x'], 'first')
  const bearer = await bearerOf(core, url, { method: 'PUT' })
  await assert.rejects(allow(core, bearer, 'write', 'x'), { code: 'link-used' })
})

test('an upload that a link was narrowed under is held to what the link allows by then', async () => {
  const narrowings: readonly (readonly [Narrowing, string])[] = [
    [{ maxBytes: 4 }, 'file-too-large'],
    [{ contentTypes: ['image/png'] }, 'content-type-not-allowed'],
    [{ sha256: 'a'.repeat(64) }, 'digest-mismatch'],
    [{ ips: ['198.51.100.1'] }, 'link-ip-not-allowed'],
    [{ maxBytes: 5, contentTypes: ['text/*'], label: 'as wide as needed' }, 'stored'],
  ]
  for (const [narrowing, expected] of narrowings) {
    const core = await createTestCore()
    const { id, url } = await issue(core, 'x', { method: 'PUT', maxUses: 2 })
    const outcome = await putMeanwhile(core, url, async () => {
      const { permit } = await authorizeLink(core, admin, id)
      await narrowLink(core, permit, id, narrowing)
    })
    const isStored = expected === 'stored'
    assert.equal(outcome, expected)
    assert.equal(await textOf(core, 'x'), isStored ? 'first' : null)
    assert.equal((await core.catalog.grants.find(id))?.uses, isStored ? 1 : 0)
  }
})

test('an upload whose link is paused meanwhile stores nothing, and may be sent again later', async () => {
  const core = await createTestCore()
  const { id, url } = await issue(core, 'x', { method: 'PUT' })
  const { permit, link } = await authorizeLink(core, admin, id)
  const outcome = await putMeanwhile(core, url, () => pauseLink(core, permit, link))
  assert.equal(outcome, 'link-paused')
  assert.equal(await textOf(core, 'x'), null)
  await resumeLink(core, permit, link)
  await putUrl(core, [url, 'x'], 'again', { contentType: 'text/plain' })
  assert.equal(await textOf(core, 'x'), 'again')
})

/** Something is done when half of the body is there; the code that it is refused with then, or `stored`. */
async function putMeanwhile(
  core: TestCore,
  url: string,
  act: () => Promise<unknown>,
): Promise<string> {
  const caller = await bearerOf(core, url, { method: 'PUT' })
  const permit = await allow(core, caller, 'write', 'x')
  async function* halves(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('fir')
    await act()
    yield Buffer.from('st')
  }
  const stream = { body: halves(), signal: new AbortController().signal }
  try {
    await writeFile(core, permit, writeRequest({ contentType: 'text/plain' }), stream)
    return 'stored'
  } catch (error) {
    if (isDomainError(error)) return error.code
    throw error
  }
}
