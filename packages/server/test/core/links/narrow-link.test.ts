import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '../../../src/core/errors.ts'
import { authorizeLink } from '../../../src/core/links/links.ts'
import { narrowLink } from '../../../src/core/links/narrow-link.ts'
import type { Narrowing } from '../../../src/core/links/narrow-link.ts'
import { admin, allow, createTestCore, issue, put } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { openUrl, putUrl } from '../../support/presigned.ts'

async function narrow(core: TestCore, id: string, narrowing: Narrowing): Promise<void> {
  const { permit } = await authorizeLink(core, admin, id)
  await narrowLink(core, permit, id, narrowing)
}

function widens(field: string): (error: unknown) => boolean {
  return (error) => isRefusal(error, 'link-widened') && error.details.field === field
}

test('a link that is shortened ends then, whatever its signature says', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const { id, url } = await issue(core, 'x.txt', { method: 'GET', expiresInSeconds: 600 })
  const end = core.clock.now() + 60_000
  await narrow(core, id, { expiresAt: end })
  await openUrl(core, [url, 'x.txt'])
  await assert.rejects(narrow(core, id, { expiresAt: end + 1 }), widens('expiresAt'))
  await assert.rejects(narrow(core, id, { expiresAt: end + 1 }), {
    message: `expiresAt: a link can be narrowed and never widened; it has "${new Date(end).toISOString()}" now.`,
  })
  await narrow(core, id, { expiresAt: core.clock.now() })
  await assert.rejects(openUrl(core, [url, 'x.txt']), { code: 'link-shortened' })
})

test('a link does nothing before its time, and is never made to begin earlier', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const notBefore = core.clock.now() + 60_000
  const { id, url } = await issue(core, 'x.txt', { method: 'GET', terms: { notBefore } })
  await assert.rejects(openUrl(core, [url, 'x.txt']), { code: 'link-not-yet' })
  await assert.rejects(narrow(core, id, { notBefore: notBefore - 1 }), widens('notBefore'))
  const late = { notBefore: core.clock.now() + 301_000 }
  await assert.rejects(narrow(core, id, late), { code: 'field-invalid' })
  await assert.rejects(issue(core, 'x.txt', { method: 'GET', terms: late }), {
    code: 'field-invalid',
  })
})

test('addresses, uses and upload terms are narrowed and never widened', async () => {
  const core = await createTestCore()
  const sha256 = 'a'.repeat(64)
  const { id, url } = await issue(core, 'in', {
    method: 'PUT',
    maxUses: 5,
    ips: ['203.0.113.0/24'],
    terms: { maxBytes: 10, contentTypes: ['image/*', 'text/plain'] },
  })
  await narrow(core, id, {
    maxUses: 2,
    ips: ['203.0.113.9'],
    maxBytes: 5,
    contentTypes: ['image/png'],
    overwrite: false,
  })
  const wider: readonly [Narrowing, string][] = [
    [{ maxUses: 3 }, 'maxUses'],
    [{ ips: ['203.0.113.0/24'] }, 'ip'],
    [{ maxBytes: 6 }, 'maxBytes'],
    [{ contentTypes: ['image/*'] }, 'contentTypes'],
    [{ overwrite: true }, 'overwrite'],
  ]
  for (const [narrowing, field] of wider) {
    await assert.rejects(narrow(core, id, narrowing), widens(field))
  }
  const attempt = (text: string, contentType: string): Promise<unknown> =>
    putUrl(core, [url, 'in'], text, { contentType })
  await assert.rejects(attempt('1234', 'text/plain'), { code: 'content-type-not-allowed' })
  await assert.rejects(attempt('123456', 'image/png'), { code: 'file-too-large' })
  await attempt('1234', 'image/png')
  await assert.rejects(attempt('1234', 'image/png'), { code: 'file-exists' })
  await narrow(core, id, { ips: ['203.0.113.9'], sha256 })
  await assert.rejects(narrow(core, id, { sha256: 'b'.repeat(64) }), widens('sha256'))
  await narrow(core, id, { maxUses: 1 })
  await assert.rejects(attempt('1234', 'image/png'), { code: 'link-used' })
})

test('a link narrowed to addresses works from nowhere else', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const { id, url } = await issue(core, 'x.txt', { method: 'GET' })
  await openUrl(core, [url, 'x.txt'])
  await narrow(core, id, { ips: ['198.51.100.7'] })
  await assert.rejects(openUrl(core, [url, 'x.txt']), { code: 'link-ip-not-allowed' })
  await assert.rejects(narrow(core, id, { ips: [] }), { code: 'field-invalid' })
  await assert.rejects(narrow(core, id, { maxBytes: 1 }), { code: 'field-invalid' })
})

test('of many who narrow a link at once, what each of them asked for holds', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const { id } = await issue(core, 'x.txt', { method: 'GET' })
  const end = core.clock.now() + 100_000
  await Promise.all([
    narrow(core, id, { expiresAt: end }),
    narrow(core, id, { maxUses: 3 }),
    narrow(core, id, { ips: ['203.0.113.9'] }),
    narrow(core, id, { label: 'for Ada' }),
  ])
  const grant = await core.catalog.grants.find(id)
  assert.equal(grant?.expiresAt, end)
  assert.equal(grant?.maxUses, 3)
  assert.deepEqual(grant?.terms, { networks: ['203.0.113.9/32'], label: 'for Ada' })
})

test('a stable link that was narrowed is not the answer to the same wish', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const wish = { method: 'GET', stableWindowSeconds: 3600 } as const
  const first = await issue(core, 'x.txt', wish)
  await narrow(core, first.id, { label: 'a name changes nothing' })
  assert.equal((await issue(core, 'x.txt', wish)).id, first.id)
  await narrow(core, first.id, { ips: ['198.51.100.7'] })
  const second = await issue(core, 'x.txt', wish)
  assert.notEqual(second.id, first.id)
  assert.equal((await issue(core, 'x.txt', wish)).id, second.id)
})

test('a key that may not share the file narrows no link to it', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const { id } = await issue(core, 'x.txt', { method: 'GET' })
  const other = { ...admin, scope: { ...admin.scope, pathPrefix: 'other/' } }
  await assert.rejects(authorizeLink(core, other, id), { code: 'link-not-found' })
  const permit = await allow(core, admin, 'share', 'x.txt')
  await assert.rejects(narrowLink(core, permit, 'link_nope', {}), { code: 'link-not-found' })
})
