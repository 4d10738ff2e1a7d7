import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAccessKey } from '../../../src/core/keys/access-keys.ts'
import { signFileUrl } from '../../../src/core/links/automatic-link.ts'
import {
  authorizeSweep,
  listRevocations,
  removeRevocation,
  revokeBefore,
} from '../../../src/core/links/revocations.ts'
import type { RevocationTarget, Sweep } from '../../../src/core/links/revocations.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import { admin, allow, createTestCore, issue, principalWith, put } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { openUrl, presignWith } from '../../support/presigned.ts'

const KEY = 'a/x.txt'
const FOLDER: RevocationTarget = { kind: 'folder', path: 'acme/a' }

function sweepOver(core: TestCore, target: RevocationTarget): Promise<Sweep> {
  return authorizeSweep(core, admin, target)
}

test('a sweep ends links of the same millisecond, and a link made right after works', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const permit = await allow(core, admin, 'read', KEY)
  for (let step = 0; step < 20; step += 1) {
    core.clock.advance(97)
    const old = [await issue(core, KEY, { method: 'GET' }), await signFileUrl(core, permit, file)]
    for (const { url } of old) await openUrl(core, [url, KEY])
    await revokeBefore(core, await sweepOver(core, FOLDER))
    for (const { url } of old) {
      await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-revoked' })
    }
    const fresh = [await issue(core, KEY, { method: 'GET' }), await signFileUrl(core, permit, file)]
    for (const { url } of fresh) await openUrl(core, [url, KEY])
  }
})

test('the second of two sweeps within a second ends what was issued between them', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  core.clock.advance(400)
  await revokeBefore(core, await sweepOver(core, FOLDER))
  const { url } = await issue(core, KEY, { method: 'GET' })
  await openUrl(core, [url, KEY])
  core.clock.advance(3)
  await revokeBefore(core, await sweepOver(core, { kind: 'instance' }))
  await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-revoked' })
})

test('a sweep covers URLs that an access key dates up to 60 s ahead, and says what it cannot do', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  const { record, secretAccessKey } = await createAccessKey(
    core,
    await authorizeInstance(core, admin),
    { name: 'ci', actions: ['read'] },
  )
  const credentials = { accessKeyId: record.id, secretAccessKey }
  const dated = (seconds: number): string =>
    presignWith(core, credentials, {
      method: 'GET',
      key: KEY,
      expiresInSeconds: 3600,
      signedAt: core.clock.now() + seconds * 1000,
    })
  const urls = new Map([0, 30, 60, 62].map((seconds) => [seconds, dated(seconds)]))
  for (const url of urls.values()) await openUrl(core, [url, KEY])
  const swept = await revokeBefore(core, await sweepOver(core, FOLDER))
  assert.equal(swept.foreignNotBefore.getTime() - swept.notBefore.getTime(), 60_000)
  assert.match(swept.notice, /sign again.*only revoking the key ends that/)
  for (const [seconds, url] of urls) {
    if (seconds === 62) await openUrl(core, [url, KEY])
    else await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-revoked' }, `${seconds} s`)
  }
})

test('a sweep made while the clock ran ahead stops the issuing of links, says so, and can be taken back', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const permit = await allow(core, admin, 'read', KEY)
  core.clock.advance(86_400_000)
  const sweep = await sweepOver(core, FOLDER)
  const { notBefore } = await revokeBefore(core, sweep)
  core.clock.advance(-86_400_000)
  for (const attempt of [
    () => issue(core, KEY, { method: 'GET' }),
    () => issue(core, KEY, { method: 'PUT' }),
    () => signFileUrl(core, permit, file),
  ]) {
    await assert.rejects(attempt, {
      code: 'revocation-ahead',
      details: { scope: 'folder:acme/a/', notBefore: notBefore.getTime() },
      message: /clock has not come that far; take the rule back/,
    })
  }
  await put(core, 'b/y', 'y')
  await issue(core, 'b/y', { method: 'GET' })
  await removeRevocation(core, await sweepOver(core, FOLDER))
  const { url } = await issue(core, KEY, { method: 'GET' })
  await openUrl(core, [url, KEY])
  await assert.rejects(removeRevocation(core, sweep), {
    code: 'revocation-not-found',
    details: { scope: 'folder:acme/a/' },
  })
})

test('a rule a moment ahead of the clock is waited out by the date of the link', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  const sweep = await sweepOver(core, FOLDER)
  core.clock.advance(900)
  await revokeBefore(core, sweep)
  core.clock.advance(-900)
  const { url } = await issue(core, KEY, { method: 'GET' })
  await openUrl(core, [url, KEY])
})

test('rules are listed in order, and forgotten once no link they cover can be in time', async () => {
  const core = await createTestCore()
  const targets: RevocationTarget[] = [
    { kind: 'file', path: `acme/${KEY}` },
    FOLDER,
    { kind: 'key', keyId: core.signingKeyId },
    { kind: 'instance' },
  ]
  await put(core, KEY, 'x')
  for (const target of targets) await revokeBefore(core, await sweepOver(core, target))
  const permit = await authorizeInstance(core, admin)
  const rules = await listRevocations(core, permit, { after: '', limit: 10 })
  const listed = rules.map(({ scope }) => scope)
  assert.deepEqual(
    listed.filter((scope) => scope !== ''),
    [`file:acme/${KEY}`, 'folder:acme/a/', `key:${core.signingKeyId}`],
  )
  core.clock.advance(7 * 86_400_000)
  assert.equal(await core.catalog.keys.forgetRevocations(core.clock.now()), 0)
  core.clock.advance(61_000)
  assert.equal(await core.catalog.keys.forgetRevocations(core.clock.now()), targets.length)
})

test('a sweep needs the right to share there, and over a key or everything to administer', async () => {
  const core = await createTestCore()
  const narrow = principalWith({ actions: ['share'], pathPrefix: 'acme/a/' })
  await revokeBefore(core, await authorizeSweep(core, narrow, FOLDER))
  for (const target of [
    { kind: 'folder', path: 'acme' },
    { kind: 'file', path: 'acme/b' },
    { kind: 'key', keyId: 'HPX' },
    { kind: 'instance' },
  ] as const) {
    await assert.rejects(authorizeSweep(core, narrow, target), { code: 'forbidden' })
  }
})

test('a sweep counts the living links that it ends, and those alone', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  await put(core, 'b.txt', 'x')
  const revoke = async (target: RevocationTarget): Promise<number> => {
    core.clock.advance(10)
    return (await revokeBefore(core, await sweepOver(core, target))).links
  }
  const issueAt = (key: string) => issue(core, key, { method: 'GET' })
  await issueAt(KEY)
  await issueAt(KEY)
  await issueAt('b.txt')
  assert.equal(await revoke({ kind: 'file', path: `acme/${KEY}` }), 2)
  assert.equal(await revoke({ kind: 'file', path: `acme/${KEY}` }), 0, 'they are dead already')
  await issueAt(KEY)
  assert.equal(await revoke(FOLDER), 1)
  await issueAt(KEY)
  assert.equal(await revoke({ kind: 'key', keyId: core.signingKeyId }), 2)
  await issueAt(KEY)
  await issueAt('b.txt')
  core.clock.advance(100)
  await issueAt(KEY)
  assert.equal(await revoke({ kind: 'instance' }), 3)
  await issueAt(KEY)
  core.clock.advance(400_000)
  assert.equal(await revoke({ kind: 'instance' }), 0, 'its time was over')
})

test('a sweep of a key or in a bucket that there is not is refused, and one that meets nothing says so', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  const revoke = async (target: RevocationTarget) =>
    revokeBefore(core, await sweepOver(core, target))
  await assert.rejects(revoke({ kind: 'key', keyId: 'key_none' }), { code: 'key-not-found' })
  for (const kind of ['file', 'folder'] as const) {
    await assert.rejects(revoke({ kind, path: 'nobucket/x' }), { code: 'bucket-not-found' })
  }
  const { snapshot } = await core.keyRing.refresh()
  assert.deepEqual(snapshot.revocations, [], 'a refused sweep leaves no rule')
  const typo = await revoke({ kind: 'file', path: 'acme/a' })
  assert.deepEqual([typo.holdsFiles, typo.links], [false, 0])
  assert.match(typo.notice, /^No file lies at this path/)
  const noFolder = await revoke({ kind: 'folder', path: `acme/${KEY}` })
  assert.equal(noFolder.holdsFiles, false)
  assert.match(noFolder.notice, /^No file lies below this folder.*only revoking the key/)
  assert.equal((await revoke(FOLDER)).holdsFiles, true)
})
