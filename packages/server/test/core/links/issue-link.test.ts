import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makePrincipal } from '../../../src/core/identity.ts'
import { MAX_LINKS_AT_ONCE } from '../../../src/core/limits.ts'
import { issueLink, issueLinks } from '../../../src/core/links/issue-link.ts'
import { maxLiveOf } from '../../../src/core/links/live-links.ts'
import type { IssuedLink, LinkOptions } from '../../../src/core/links/issue-link.ts'
import { authorizeLink, listLinks, revokeLink } from '../../../src/core/links/links.ts'
import { authorizeSweep, revokeBefore } from '../../../src/core/links/revocations.ts'
import { authorizeReach } from '../../../src/core/policy/authorize.ts'
import { createShare } from '../../../src/core/shares/create-share.ts'
import {
  admin,
  allow,
  anonymous,
  createTestCore,
  issue,
  principalWith,
  put,
  reader,
  setFolder,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { bearerOf, openUrl, presignWith } from '../../support/presigned.ts'

const KEY = 'a/x.txt'

function lifeOf(core: TestCore, { expiresAt }: IssuedLink): number {
  return (expiresAt.getTime() - core.clock.now()) / 1000
}

async function createBench(): Promise<TestCore> {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  return core
}

test('links live five minutes for downloads and fifteen for uploads, a day at most without a reason, a week at most with one', async () => {
  const core = await createBench()
  const life = async (options: LinkOptions): Promise<number> =>
    lifeOf(core, await issue(core, KEY, options))
  assert.equal(await life({ method: 'GET' }), 300)
  assert.equal(await life({ method: 'PUT' }), 900)
  const day = { method: 'GET', expiresInSeconds: 86_400 } as const
  assert.equal(await life(day), 86_400)
  const more = { ...day, expiresInSeconds: 86_401 }
  await assert.rejects(issue(core, KEY, more), { code: 'field-invalid' })
  await assert.rejects(issue(core, KEY, { ...more, terms: { reason: '  ' } }), {
    code: 'field-invalid',
  })
  assert.equal(await life({ ...more, terms: { reason: 'tape backup' } }), 86_401)
  const week = { ...day, expiresInSeconds: 604_801, terms: { reason: 'tape backup' } }
  await assert.rejects(issue(core, KEY, week), { code: 'expiry-too-long' })
  await setFolder(core, 'acme/a', { policy: { maxDownloadSeconds: 60 } })
  assert.equal(await life({ method: 'GET' }), 60)
  const over = { method: 'GET', expiresInSeconds: 61 } as const
  await assert.rejects(issue(core, KEY, over), {
    code: 'expiry-too-long',
    message: 'expiresIn: at most 60 seconds. The folder lowers it.',
  })
})

test('expiresIn: N gives at least N seconds, at every moment of a second', async () => {
  const core = await createBench()
  await setFolder(core, 'acme/a', { policy: { maxDownloadSeconds: 1 } })
  for (let step = 0; step < 14; step += 1) {
    core.clock.advance(73)
    const link = await issue(core, KEY, { method: 'GET', expiresInSeconds: 1 })
    assert.ok(lifeOf(core, link) >= 1, `${lifeOf(core, link)} s`)
    const issuedAt = core.clock.now()
    await openUrl(core, [link.url, KEY])
    core.clock.advance(999)
    await openUrl(core, [link.url, KEY])
    core.clock.advance(issuedAt + 2000 - core.clock.now())
    await assert.rejects(bearerOf(core, link.url), { code: 'signature-expired' })
  }
})

test('a key has so many links and shares alive as linksPerKey says, whichever way it makes them', async () => {
  const core = { ...(await createBench()), linksPerKey: 3 }
  const permit = await allow(core, admin, 'share', KEY)
  const options = { method: 'GET' } as const
  const wish = { permit, options }
  await issueLinks(core, [wish, wish])
  const limit = {
    code: 'link-limit',
    message: 'Links that have not ended are at most 3 of one key or end user here.',
  }
  await assert.rejects(issueLinks(core, [wish, wish]), limit)
  const { grant } = await createShare(core, permit, { kind: 'file' })
  await assert.rejects(createShare(core, permit, { kind: 'file' }), limit)
  await assert.rejects(issueLink(core, permit, options), limit)
  await core.catalog.grants.revoke(grant.id, { nowMs: core.clock.now(), stub: null }, null)
  await issueLink(core, permit, options)
})

test('an end user has a tenth of the links that a key may have', async () => {
  const core = await createBench()
  const permit = await allow(core, admin, 'share', KEY)
  const { scope, clientIp } = admin
  const user = makePrincipal({ kind: 'user', id: 'user.a', scope, clientIp })
  assert.equal(maxLiveOf(core, { ...permit, caller: user }), core.linksPerKey / 10)
  assert.equal(maxLiveOf(core, permit), core.linksPerKey)
})

test('nobody shares what they may not read', async () => {
  const core = await createBench()
  for (const caller of [
    anonymous,
    reader('share'),
    reader('read'),
    principalWith({ actions: ['share', 'read'], pathPrefix: 'acme/b/' }),
  ]) {
    await assert.rejects(
      async () => issueLink(core, await allow(core, caller, 'share', KEY), { method: 'GET' }),
      /Access is denied|does not have the right/,
    )
  }
  await assert.rejects(issue(core, 'a/none', { method: 'GET' }), { code: 'file-not-found' })
  const query = { before: null, limit: 10, createdBy: null, status: null }
  const { links } = await listLinks(core, await authorizeReach(core, admin, 'share'), query)
  assert.deepEqual(links, [])
})

test('an empty list of addresses is no link from anywhere, and malformed ones are refused', async () => {
  const core = await createBench()
  for (const ips of [[], ['010.0.0.0/8'], ['127.1'], ['2130706433'], ['fe80::1%eth0']]) {
    await assert.rejects(issue(core, KEY, { method: 'GET', ips }), { code: 'field-invalid' })
  }
})

test('a link made by an address-bound key carries its addresses, or narrower ones', async () => {
  const core = await createBench()
  const bound = principalWith({ actions: ['share', 'read'], cidrs: ['203.0.113.0/24'] })
  const permit = await allow(core, bound, 'share', KEY)
  const { url, id } = await issueLink(core, permit, { method: 'GET' })
  await openUrl(core, [url, KEY])
  await assert.rejects(openUrl(core, [url, KEY], { clientIp: '198.51.100.7' }), {
    code: 'link-ip-not-allowed',
  })
  assert.deepEqual((await core.catalog.grants.find(id))?.terms.networks, ['203.0.113.0/24'])
  const narrower = await issueLink(core, permit, { method: 'GET', ips: ['203.0.113.9'] })
  await openUrl(core, [narrower.url, KEY])
  await assert.rejects(issueLink(core, permit, { method: 'GET', ips: ['203.0.112.0/23'] }), {
    code: 'forbidden',
  })
})

test('a download is saved under its own name, and shown in place if asked for', async () => {
  const core = await createBench()
  const disposition = (link: IssuedLink): string | null =>
    new URL(link.url).searchParams.get('response-content-disposition')
  assert.equal(
    disposition(await issue(core, KEY, { method: 'GET' })),
    'attachment; filename="x.txt"',
  )
  const shown = { method: 'GET', disposition: 'inline', filename: 'y.txt' } as const
  assert.equal(disposition(await issue(core, KEY, shown)), 'inline; filename="y.txt"')
})

test('many links are issued at once, all or none', async () => {
  const core = await createBench()
  const keys = Array.from({ length: 120 }, (_, index) => `many/${index}`)
  for (const key of keys) await put(core, key, key)
  const wish = async (key: string) => ({
    permit: await allow(core, admin, 'share', key),
    options: { method: 'GET' } as const,
  })
  const wishes = await Promise.all(keys.map(wish))
  const issued = await issueLinks(core, wishes)
  assert.equal(new Set(issued.map(({ id }) => id)).size, keys.length)
  for (const [index, { url }] of issued.entries()) {
    const key = keys[index] ?? ''
    assert.equal((await openUrl(core, [url, key])).file.key, key)
  }
  const { links: before } = await listLinks(core, await authorizeReach(core, admin, 'share'), {
    before: null,
    limit: 1000,
    createdBy: null,
    status: null,
  })
  await assert.rejects(issueLinks(core, [...wishes, await wish('many/none')]), {
    code: 'file-not-found',
    details: { path: 'acme/many/none' },
  })
  const { links: after } = await listLinks(core, await authorizeReach(core, admin, 'share'), {
    before: null,
    limit: 1000,
    createdBy: null,
    status: null,
  })
  assert.equal(after.length, before.length)
  const [first] = wishes
  assert.ok(first !== undefined)
  const tooMany = Array.from({ length: MAX_LINKS_AT_ONCE + 1 }, () => first)
  await assert.rejects(issueLinks(core, tooMany), { code: 'field-invalid' })
})

test('a link is not issued under rights that ended while it was made', async () => {
  const core = await createBench()
  const permit = await allow(core, admin, 'share', KEY)
  await setFolder(core, 'acme/a', { policy: { maxDownloadSeconds: 60 } })
  assert.equal(lifeOf(core, await issueLink(core, permit, { method: 'GET' })), 60)
  await core.catalog.keys.revoke(['key_test'], core.clock.now(), null)
  await assert.rejects(issueLink(core, permit, { method: 'GET' }), { code: 'forbidden' })
})

test('a stable link is the same within its window, and always has the life that was asked for left', async () => {
  const core = await createBench()
  core.clock.advance(600_000 - (core.clock.now() % 600_000))
  const options = { method: 'GET', stableWindowSeconds: 600, expiresInSeconds: 60 } as const
  const first = await issue(core, KEY, options)
  core.clock.advance(599_999)
  const second = await issue(core, KEY, options)
  assert.equal(second.url, first.url)
  assert.ok(lifeOf(core, second) >= 60)
  core.clock.advance(60_000)
  await openUrl(core, [second.url, KEY])
  const third = await issue(core, KEY, options)
  assert.notEqual(third.url, first.url)
  const { links } = await listLinks(core, await authorizeReach(core, admin, 'share'), {
    before: null,
    limit: 10,
    createdBy: null,
    status: null,
  })
  assert.deepEqual(links.map(({ grant }) => grant.id).toSorted(), [first.id, third.id].toSorted())
  const other = await issue(core, KEY, { ...options, filename: 'other.txt' })
  assert.notEqual(other.id, third.id)
})

test('a stable link that was revoked, or swept, is another one the next time', async () => {
  const core = await createBench()
  const options = { method: 'GET', stableWindowSeconds: 600 } as const
  const first = await issue(core, KEY, options)
  const { permit, link } = await authorizeLink(core, admin, first.id)
  await revokeLink(core, permit, link)
  const second = await issue(core, KEY, options)
  assert.notEqual(second.id, first.id)
  await openUrl(core, [second.url, KEY])
  await revokeBefore(core, await authorizeSweep(core, admin, { kind: 'file', path: `acme/${KEY}` }))
  const third = await issue(core, KEY, options)
  await assert.rejects(openUrl(core, [second.url, KEY]), { code: 'link-revoked' })
  await openUrl(core, [third.url, KEY])
})

test('a stable link asked for twice at once, in one call or in two, is one link', async () => {
  const core = await createBench()
  const permit = await allow(core, admin, 'share', KEY)
  const options = { method: 'GET', stableWindowSeconds: 600 } as const
  const wish = { permit, options }
  const [first, second] = await issueLinks(core, [wish, wish])
  assert.deepEqual(second, first)
  const other = { permit, options: { ...options, filename: 'other.txt' } }
  const calls = await Promise.all([1, 2, 3].map(() => issueLinks(core, [wish, other])))
  for (const [same, named] of calls) {
    assert.equal(same?.url, first?.url)
    assert.equal(named?.id, calls[0]?.[1]?.id)
  }
  await openUrl(core, [first?.url ?? '', KEY])
})

test('a stable link keeps to the folder’s longest life, window and all, and has no number of uses', async () => {
  const core = await createBench()
  await setFolder(core, 'acme/a', { policy: { maxDownloadSeconds: 300 } })
  const options = { method: 'GET', stableWindowSeconds: 240 } as const
  const link = await issue(core, KEY, options)
  await openUrl(core, [link.url, KEY])
  await assert.rejects(issue(core, KEY, { ...options, expiresInSeconds: 61 }), {
    code: 'expiry-too-long',
  })
  await assert.rejects(issue(core, KEY, { ...options, stableWindowSeconds: 300 }), {
    code: 'expiry-too-long',
  })
  for (const change of [{ maxUses: 1 }, { method: 'PUT' }, { stableWindowSeconds: 0.5 }] as const) {
    await assert.rejects(issue(core, KEY, { ...options, ...change }), {
      code: 'field-invalid',
      message: /^stableWindow/,
    })
  }
})

test('nobody makes a link of the server’s own kind with a key of theirs', async () => {
  const core = await createBench()
  const { id } = await issue(core, KEY, { method: 'GET', maxUses: 1 })
  const credentials = { accessKeyId: 'HPNOBODY', secretAccessKey: 'x'.repeat(40) }
  const url = presignWith(core, credentials, { method: 'GET', key: KEY })
  await assert.rejects(bearerOf(core, `${url}&X-Hallpass-Link=${id}`), { code: 'key-unknown' })
})
