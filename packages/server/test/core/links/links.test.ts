import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GrantStatus } from '../../../src/catalog/catalog.ts'
import { deleteFile, moveFile } from '../../../src/core/files/files.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { createAccessKey } from '../../../src/core/keys/access-keys.ts'
import { createApiKey } from '../../../src/core/keys/api-keys.ts'
import { endSigningKey, rotateSigningKey } from '../../../src/core/keys/signing-keys.ts'
import { putFolder } from '../../../src/core/folders/folders.ts'
import { signFileUrl } from '../../../src/core/links/automatic-link.ts'
import { issueLink } from '../../../src/core/links/issue-link.ts'
import {
  authorizeLink,
  listLinks,
  pauseLink,
  resumeLink,
  revokeLink,
} from '../../../src/core/links/links.ts'
import type { ListLinksQuery } from '../../../src/core/links/links.ts'
import { authorizeSweep, revokeBefore } from '../../../src/core/links/revocations.ts'
import type { RevocationTarget } from '../../../src/core/links/revocations.ts'
import { narrowLink } from '../../../src/core/links/narrow-link.ts'
import { finishUse } from '../../../src/core/links/use-link.ts'
import { authorizeInstance, authorizeReach } from '../../../src/core/policy/authorize.ts'
import { expireGrants } from '../../../src/jobs/expire-grants.ts'
import { trimGrants } from '../../../src/jobs/trim-grants.ts'
import {
  admin,
  allow,
  createTestCore,
  issue,
  principalWith,
  put,
  setFolder,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { askEvents } from '../../support/events.ts'
import { openUrl, presignWith, putUrl } from '../../support/presigned.ts'

const KEY = 'a/x.txt'
const ALL: ListLinksQuery = { before: null, limit: 100, createdBy: null, status: null }

async function stateOf(core: TestCore, id: string): Promise<string> {
  const { link } = await authorizeLink(core, admin, id)
  const { status, revokedBy } = link.state
  return revokedBy === null ? status : `${status} by ${revokedBy}`
}

/** Of a file of the server's own, whose automatic link has an id. */
async function signOwnUrl(
  ...asked: Parameters<typeof signFileUrl>
): Promise<Awaited<ReturnType<typeof signFileUrl>> & { readonly id: string }> {
  const { id, ...link } = await signFileUrl(...asked)
  assert.ok(id !== null)
  return { id, ...link }
}

async function sweep(core: TestCore, target: RevocationTarget): Promise<void> {
  await revokeBefore(core, await authorizeSweep(core, admin, target))
}

async function revoke(core: TestCore, id: string): Promise<void> {
  const { permit, link } = await authorizeLink(core, admin, id)
  await revokeLink(core, permit, link)
}

test('a revoked link is dead at once and stays dead when the clock goes back', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  core.clock.advance(86_400_000)
  const { id, url } = await issue(core, KEY, { method: 'GET' })
  await openUrl(core, [url, KEY])
  await revoke(core, id)
  await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-revoked' })
  core.clock.advance(-60_000)
  await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-revoked' })
  await revoke(core, id)
})

test('a record says what became of its link, and what ended it', async () => {
  const core = await createTestCore()
  const made = async (key: string, change: object = {}): Promise<{ id: string; url: string }> => {
    await put(core, key, 'x')
    return issue(core, key, { method: 'GET', ...change })
  }
  const cases: [string, string, (id: string, url: string, key: string) => Promise<unknown>][] = [
    ['active', 's/active', () => Promise.resolve()],
    ['revoked by link', 's/link', (id) => revoke(core, id)],
    [
      'revoked by file',
      's/file',
      (_id, _url, key) => sweep(core, { kind: 'file', path: `acme/${key}` }),
    ],
    [
      'revoked by folder',
      's/folder/x',
      () => sweep(core, { kind: 'folder', path: 'acme/s/folder' }),
    ],
    [
      'revoked by delete',
      's/delete',
      async (_id, _url, key) => deleteFile(core, await allow(core, admin, 'delete', key)),
    ],
    [
      'revoked by move',
      's/move',
      async (_id, _url, key) => {
        const from = await allow(core, admin, 'delete', key)
        await moveFile(core, { from, to: await allow(core, admin, 'write', 's/moved') }, false)
      },
    ],
    [
      'used-up',
      's/used',
      async (_id, url, key) => {
        const { use } = await openUrl(core, [url, key])
        assert.ok(use !== null)
        await finishUse(core, use, { sentBytes: 1, arrived: true })
      },
    ],
  ]
  for (const [expected, key, happen] of cases) {
    const { id, url } = await made(key, expected === 'used-up' ? { maxUses: 1 } : {})
    assert.equal(await stateOf(core, id), 'active')
    core.clock.advance(1)
    await happen(id, url, key)
    assert.equal(await stateOf(core, id), expected)
    if (expected !== 'active') {
      await assert.rejects(openUrl(core, [url, key]), /revoked|no uses|no file/, expected)
    }
  }
  const { id } = await made('s/all')
  core.clock.advance(300_000 + 1000)
  assert.equal(await stateOf(core, id), 'expired')
  const swept = await made('s/swept')
  await sweep(core, { kind: 'instance' })
  assert.equal(await stateOf(core, swept.id), 'revoked by all')
})

test('a link ends with the key that signed it, and by a sweep over the key that issued it', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  const permit = await authorizeInstance(core, admin)
  const { record } = await createApiKey(core, permit, { name: 'k', actions: ['share', 'read'] })
  const maker = principalWith(record.scope, record.id)
  const make = async (): Promise<{ id: string; url: string }> =>
    issueLink(core, await allow(core, maker, 'share', KEY), { method: 'GET' })
  const first = await make()
  await sweep(core, { kind: 'key', keyId: record.id })
  assert.equal(await stateOf(core, first.id), 'revoked by key')
  await assert.rejects(openUrl(core, [first.url, KEY]), { code: 'link-revoked' })
  core.clock.advance(5)
  const second = await make()
  await openUrl(core, [second.url, KEY])
  await revokeKey(core, permit, record.id)
  await openUrl(core, [second.url, KEY])
  await endSigningKey(core, permit, core.signingKeyId)
  assert.equal(await stateOf(core, second.id), 'revoked by key')
})

test('a key that was revoked meanwhile stops no link, lets none go on and narrows none', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  const permit = await authorizeInstance(core, admin)
  const { record } = await createApiKey(core, permit, { name: 'k', actions: ['share'] })
  const maker = principalWith(record.scope, record.id)
  const { id } = await issue(core, KEY, { method: 'GET' })
  const paused = await issue(core, KEY, { method: 'GET' })
  const { permit: share, link } = await authorizeLink(core, maker, id)
  const held = await authorizeLink(core, maker, paused.id)
  await pauseLink(core, held.permit, held.link)
  await revokeKey(core, permit, record.id)
  const refused = { code: 'forbidden' }
  await assert.rejects(revokeLink(core, share, link), refused)
  await assert.rejects(pauseLink(core, share, link), refused)
  await assert.rejects(narrowLink(core, share, id, { maxUses: 1 }), refused)
  await assert.rejects(resumeLink(core, held.permit, held.link), refused)
  assert.equal(await stateOf(core, id), 'active')
  assert.equal((await core.catalog.grants.find(paused.id))?.pausedAt, core.clock.now())
  const { events } = await core.catalog.events.list(askEvents({ keyId: record.id }))
  assert.deepEqual(
    events.map(({ event }) => event.kind),
    ['key.revoked', 'link.paused', 'key.created'],
  )
})

test('lists are newest first, and within the reach of the key', async () => {
  const core = await createTestCore()
  for (const key of ['a/1', 'b/2', 'a/3']) {
    await put(core, key, 'x')
    await issue(core, key, { method: 'GET' })
    core.clock.advance(10)
  }
  const list = async (prefix: string, query: Partial<ListLinksQuery> = {}): Promise<string[]> => {
    const caller = principalWith({ actions: ['share'], pathPrefix: prefix })
    const permit = await authorizeReach(core, caller, 'share')
    const { links } = await listLinks(core, permit, { ...ALL, ...query })
    return links.map(({ grant }) => grant.key)
  }
  assert.deepEqual(await list(''), ['a/3', 'b/2', 'a/1'])
  assert.deepEqual(await list('acme/a/'), ['a/3', 'a/1'])
  const { links } = await listLinks(core, await authorizeReach(core, admin, 'share'), ALL)
  const [newest] = links
  await revoke(core, newest?.grant.id ?? '')
  const byStatus = async (status: GrantStatus): Promise<string[]> => list('', { status })
  assert.deepEqual(await byStatus('revoked'), ['a/3'])
  assert.deepEqual(await byStatus('active'), ['b/2', 'a/1'])
  assert.deepEqual(await list('', { createdBy: 'key_other' }), [])
})

test('a GET link is for the file it was made for: not for another of the name, however the first one went', async () => {
  const core = await createTestCore()
  for (const how of ['delete', 'move'] as const) {
    const key = `files/${how}`
    const { file } = await put(core, key, 'first')
    const stored = await issue(core, key, { method: 'GET' })
    const automatic = await signOwnUrl(core, await allow(core, admin, 'read', key), file)
    for (const { url } of [stored, automatic]) await openUrl(core, [url, key])
    const from = await allow(core, admin, 'delete', key)
    if (how === 'delete') await deleteFile(core, from)
    else await moveFile(core, { from, to: await allow(core, admin, 'write', 'away') }, true)
    await put(core, key, 'another')
    for (const { url } of [stored, automatic]) {
      await assert.rejects(openUrl(core, [url, key]), { code: 'link-revoked' })
    }
  }
})

test('a URL that a client presigned is for a name, as S3 has it', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'first')
  const options = { name: 'ci', actions: ['read'] } as const
  const made = await createAccessKey(core, await authorizeInstance(core, admin), options)
  const credentials = { accessKeyId: made.record.id, secretAccessKey: made.secretAccessKey }
  const url = presignWith(core, credentials, { method: 'GET', key: KEY })
  await deleteFile(core, await allow(core, admin, 'delete', KEY))
  await put(core, KEY, 'another')
  assert.equal((await openUrl(core, [url, KEY])).file.size, 'another'.length)
})

test('a file that is overwritten stays the file its links are for', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'first')
  const { url } = await issue(core, KEY, { method: 'GET' })
  await put(core, KEY, 'second')
  assert.equal((await openUrl(core, [url, KEY])).file.size, 6)
})

test('an automatic link has an id and no record, until it is revoked', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const permit = await allow(core, admin, 'read', KEY)
  const links = await Promise.all([1, 2, 3].map(() => signOwnUrl(core, permit, file)))
  const [first, second] = links
  assert.ok(first !== undefined && second !== undefined)
  assert.equal(new Set(links.map(({ id }) => id)).size, 3)
  const reach = await authorizeReach(core, admin, 'share')
  assert.deepEqual(await listLinks(core, reach, ALL), { links: [], next: null })
  const { link } = await authorizeLink(core, admin, first.id)
  assert.deepEqual([link.grant.key, link.grant.fileId, link.state.status], [KEY, file.id, 'active'])
  await revoke(core, first.id)
  await assert.rejects(openUrl(core, [first.url, KEY]), { code: 'link-revoked' })
  await openUrl(core, [second.url, KEY])
  assert.equal(await stateOf(core, first.id), 'revoked by link')
  assert.deepEqual(
    (await listLinks(core, reach, ALL)).links.map(({ grant }) => grant.id),
    [first.id],
  )
})

test('a revoked automatic link stays dead as long as its URL is in time, whatever its folder has said since', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const week = 604_800
  const long = { defaultDownloadSeconds: week, reasonOverSeconds: week }
  await putFolder(core, await authorizeInstance(core, admin), {
    visibility: null,
    policy: long,
    reason: null,
  })
  const { id, url } = await signOwnUrl(core, await allow(core, admin, 'read', KEY), file)
  await setFolder(core, 'acme', { policy: { defaultDownloadSeconds: 60 } })
  await revoke(core, id)
  core.clock.advance((week - 60) * 1000)
  const retention = { linkDays: 1, maxLinks: 0 }
  const { signal } = new AbortController()
  const gone = await trimGrants(core, retention, signal)
  await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-revoked' })
  assert.equal(gone, 0)
  core.clock.advance(2 * 86_400_000)
  assert.equal(await trimGrants(core, retention, signal), 1)
  await assert.rejects(openUrl(core, [url, KEY]), { code: 'signature-expired' })
})

test('a paused automatic link that was shortened to a moment long ago stays dead as long as its URL is in time', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const { id, url } = await signOwnUrl(core, await allow(core, admin, 'read', KEY), file)
  const { permit, link } = await authorizeLink(core, admin, id)
  await pauseLink(core, permit, link)
  await narrowLink(core, permit, id, { expiresAt: 0 })
  const { signal } = new AbortController()
  await expireGrants(core, signal)
  const gone = await trimGrants(core, { linkDays: 1, maxLinks: 0 }, signal)
  await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-paused' })
  assert.equal(gone, 0)
})

test('a sweep by key, and one with descendants, ends the automatic links made for that key, and no others', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const maker = principalWith({ actions: ['read', 'share', 'admin'] }, 'key_maker')
  await core.catalog.keys.insertApiKey(
    {
      id: maker.id,
      name: 'maker',
      secretHash: 'hash',
      scope: maker.scope,
      createdAt: core.clock.now(),
      createdBy: 'test',
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    },
    null,
  )
  await core.keyRing.refresh()
  const made = await createApiKey(core, await authorizeInstance(core, maker), {
    name: 'made',
    actions: ['read'],
  })
  const reader = principalWith({ actions: ['read'] }, made.record.id)
  const urlFor = async (caller: typeof admin): Promise<string> =>
    (await signOwnUrl(core, await allow(core, caller, 'read', KEY), file)).url
  const [mine, others] = [await urlFor(reader), await urlFor(admin)]
  await openUrl(core, [mine, KEY])
  await sweep(core, { kind: 'key', keyId: made.record.id })
  await assert.rejects(openUrl(core, [mine, KEY]), { code: 'link-revoked' })
  await openUrl(core, [others, KEY])

  core.clock.advance(10)
  const later = [await urlFor(reader), await urlFor(maker)]
  for (const url of later) await openUrl(core, [url, KEY])
  await revokeKey(core, await authorizeInstance(core, admin), maker.id, { descendants: true })
  for (const url of later) {
    await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-revoked' })
  }
  await openUrl(core, [others, KEY])
})

test('the record of an automatic link says for whom it was made', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const { id } = await signOwnUrl(core, await allow(core, admin, 'read', KEY), file)
  const { link } = await authorizeLink(core, admin, id)
  assert.equal(link.grant.createdBy, admin.id)
  await sweep(core, { kind: 'key', keyId: admin.id })
  assert.equal(await stateOf(core, id), 'revoked by key')
})

test('a URL that the server’s own key signed needs a record, or reads the one file its id names', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const { signingKey } = await core.keyRing.current()
  assert.ok(signingKey !== null)
  const { id } = await signOwnUrl(core, await allow(core, admin, 'read', KEY), file)
  const signed = (method: 'GET' | 'PUT' | 'DELETE', linkId: string | null): string => {
    const query = linkId === null ? {} : { 'X-Hallpass-Link': linkId }
    return presignWith(core, signingKey, { method, key: KEY, query })
  }
  await openUrl(core, [signed('GET', id), KEY])
  await assert.rejects(openUrl(core, [signed('GET', null), KEY]), { code: 'link-revoked' })
  for (const linkId of [id, null]) {
    await assert.rejects(putUrl(core, [signed('PUT', linkId), KEY], 'y'), { code: 'link-revoked' })
  }
})

test('lists by status tell the truth about sweeps and ended signing keys, however few links they reach', async () => {
  const core = await createTestCore()
  const keys = ['a/1', 'b/2', 'a/3', 'b/4', 'b/5']
  for (const key of keys) {
    await put(core, key, 'x')
    await issue(core, key, { method: 'GET' })
  }
  await sweep(core, { kind: 'folder', path: 'acme/a' })
  const reach = await authorizeReach(core, admin, 'share')
  const pages = async (status: GrantStatus): Promise<string[][]> => {
    const all: string[][] = []
    let before: string | null = null
    do {
      const page = await listLinks(core, reach, { ...ALL, limit: 2, status, before })
      all.push(page.links.map(({ grant }) => grant.key))
      before = page.next
    } while (before !== null)
    return all
  }
  assert.deepEqual(await pages('revoked'), [['a/3', 'a/1']])
  assert.deepEqual(await pages('active'), [['b/5', 'b/4'], ['b/2']])
  const { signingKey } = await core.keyRing.current()
  await rotateSigningKey(core, await authorizeInstance(core, admin))
  await endSigningKey(core, await authorizeInstance(core, admin), signingKey?.accessKeyId ?? '')
  assert.deepEqual((await pages('revoked')).flat(), keys.toReversed())
  assert.deepEqual(await pages('active'), [[]])
})

test('nobody sees or ends a link beyond the reach of their key', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const stored = await issue(core, KEY, { method: 'GET' })
  const automatic = await signOwnUrl(core, await allow(core, admin, 'read', KEY), file)
  const elsewhere = principalWith({ actions: ['share'], pathPrefix: 'acme/b/' })
  for (const { id } of [stored, automatic]) {
    await assert.rejects(authorizeLink(core, elsewhere, id), { code: 'link-not-found' })
    const reading = principalWith({ actions: ['read'] })
    await assert.rejects(authorizeLink(core, reading, id), { code: 'forbidden' })
  }
  for (const id of ['link_none', 'auto_none', `x${automatic.id}`]) {
    await assert.rejects(authorizeLink(core, admin, id), { code: 'link-not-found' })
  }
})

test('an automatic link of an address-bound key works from its network only', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const bound = principalWith({ actions: ['read'], cidrs: ['203.0.113.0/24'] })
  const { url } = await signOwnUrl(core, await allow(core, bound, 'read', KEY), file)
  await openUrl(core, [url, KEY])
  await assert.rejects(openUrl(core, [url, KEY], { clientIp: '198.51.100.7' }), {
    code: 'link-ip-not-allowed',
  })
})

test('an automatic link that was paused goes on once it is resumed, whatever was rotated and tightened meanwhile', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const { id, url } = await signOwnUrl(core, await allow(core, admin, 'read', KEY), file)
  await rotateSigningKey(core, await authorizeInstance(core, admin))
  const { permit, link } = await authorizeLink(core, admin, id)
  await pauseLink(core, permit, link)
  await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-paused' })
  await setFolder(core, 'acme/a', { policy: { maxDownloadSeconds: 300 } })
  await resumeLink(core, permit, link)
  await openUrl(core, [url, KEY])
})

test('an automatic link is over once its file was moved away, or deleted, also if it comes back', async () => {
  const core = await createTestCore()
  const move = async (from: string, to: string): Promise<void> => {
    core.clock.advance(1)
    const both = {
      from: await allow(core, admin, 'delete', from),
      to: await allow(core, admin, 'write', to),
    }
    await moveFile(core, both, false)
  }
  const { file } = await put(core, KEY, 'x')
  const permit = await allow(core, admin, 'read', KEY)
  const before = await signOwnUrl(core, permit, file)
  await openUrl(core, [before.url, KEY])
  await put(core, KEY, 'replaced')
  await openUrl(core, [before.url, KEY])
  await move(KEY, 'elsewhere')
  await move('elsewhere', KEY)
  await assert.rejects(openUrl(core, [before.url, KEY]), { code: 'link-revoked' })
  const back = await core.files.find({ bucket: 'acme', key: KEY })
  assert.ok(back !== null)
  assert.equal(back.id, file.id)
  await openUrl(core, [(await signOwnUrl(core, permit, back)).url, KEY])
})
