import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FolderPolicy } from '../../../src/policy-lines/policy-lines.ts'
import { isRefusal } from '../../../src/core/errors.ts'
import { moveFile } from '../../../src/core/files/files.ts'
import { writeFile } from '../../../src/core/files/write-file.ts'
import { resolveRecords } from '../../../src/core/policy/resolve-folder.ts'
import { signFileUrl } from '../../../src/core/links/automatic-link.ts'
import type { LinkOptions } from '../../../src/core/links/issue-link.ts'
import { revokeLink, authorizeLink } from '../../../src/core/links/links.ts'
import { INSTANCE, parseFolderPath } from '../../../src/core/paths.ts'
import { authorize, authorizeInstance } from '../../../src/core/policy/authorize.ts'
import { putPolicy } from '../../../src/core/folders/folder-policy.ts'
import { previewPolicy } from '../../../src/core/links/preview-policy.ts'
import type { PresetName } from '../../../src/core/policy/presets.ts'
import {
  admin,
  allow,
  createTestCore,
  issue,
  put,
  setFolder,
  streamOf,
  writeRequest,
} from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { openUrl, presignWith, putUrl } from '../../support/presigned.ts'
import { createAccessKey } from '../../../src/core/keys/access-keys.ts'

async function setPolicy(
  core: TestCore,
  path: string,
  policy: FolderPolicy,
  preset?: PresetName,
): Promise<void> {
  const permit =
    path === INSTANCE
      ? await authorizeInstance(core, admin)
      : await authorize(core, admin, 'admin', parseFolderPath(path))
  await putPolicy(core, permit, { preset, policy, reason: null })
}

function at(path: string, policy: FolderPolicy) {
  return { path, policy, visibility: null, updatedAt: 0 }
}

test('a folder gives shares no longer life than the folders above give what they do', async () => {
  const core = await createTestCore()
  await setPolicy(core, 'acme/', { maxDownloadSeconds: 600 })
  await assert.rejects(setPolicy(core, 'acme/a/', { maxShareSeconds: 601 }), isTooLong)
  await setPolicy(core, 'acme/a/', { maxShareSeconds: 600, maxDownloadSeconds: 60 })
  await assert.rejects(setPolicy(core, 'acme/a/b/', { maxShareSeconds: 601 }), /policy/)
  await setPolicy(core, 'acme/a/b/', { maxShareSeconds: 500 })
  // A folder that says it beside the lives of links says it of itself.
  await setPolicy(core, 'acme/c/', { maxDownloadSeconds: 10, maxShareSeconds: 300 })
  const stored = resolveRecords([
    at('acme/a/', { maxShareSeconds: 604_800 }),
    at('acme/', { maxDownloadSeconds: 60 }),
    at(INSTANCE, { maxUploadSeconds: 3600 }),
  ])
  assert.equal(stored.policy.maxShareSeconds, 60)
  const both = resolveRecords([
    at('acme/a/', { maxShareSeconds: 600, maxDownloadSeconds: 10 }),
    at('acme/', { maxDownloadSeconds: 600 }),
  ])
  assert.equal(both.policy.maxShareSeconds, 600)
  const free = resolveRecords([at(INSTANCE, { maxDownloadSeconds: 60, maxShareSeconds: 86_400 })])
  assert.equal(free.policy.maxShareSeconds, 86_400)
})

function isTooLong(error: unknown): boolean {
  return isRefusal(error, 'field-invalid') && /it is 600, and a folder below/.test(error.message)
}

test('a folder lets nothing pass unseen that waits in the folders above', async () => {
  const core = await createTestCore()
  await setPolicy(core, 'acme/', { quarantine: ['clamav'] })
  const pass: FolderPolicy = { scannerLost: 'pass' }
  await assert.rejects(setPolicy(core, 'acme/a/', pass), /"hold", and a folder below/)
  await assert.rejects(
    setPolicy(core, 'acme/a/', { ...pass, quarantine: ['clamav', 'webhook'] }),
    /"hold", and a folder below/,
  )
  await setPolicy(core, 'acme/', { quarantine: ['clamav'], ...pass })
  await setPolicy(core, 'acme/a/', { quarantine: ['clamav', 'webhook'], ...pass })
  const held = resolveRecords([at('acme/a/', pass), at('acme/', { quarantine: ['clamav'] })])
  assert.equal(held.policy.scannerLost, 'hold')
  const own = resolveRecords([at('acme/a/', { quarantine: ['clamav'], ...pass }), at('acme/', {})])
  assert.equal(own.policy.scannerLost, 'pass')
})

test('of every line the tighter one holds, and says where it comes from', () => {
  const { policy, policyFrom } = resolveRecords([
    at('acme/a/', {
      maxBytes: 50,
      methods: ['GET', 'PUT'],
      requireIp: false,
      contentTypes: ['image/png', 'text/*'],
      defaultDownloadSeconds: 500,
      minBytes: 5,
    }),
    at('acme/', {
      maxBytes: 100,
      methods: ['GET', 'POST'],
      requireIp: true,
      contentTypes: ['image/*'],
      maxDownloadSeconds: 400,
    }),
    at(INSTANCE, { reasonOverSeconds: 604_800, minBytes: 1 }),
  ])
  assert.equal(policy.maxBytes, 50)
  assert.deepEqual(policy.methods, ['GET'])
  assert.equal(policy.requireIp, true)
  assert.deepEqual(policy.contentTypes, ['image/png'])
  assert.equal(policy.minBytes, 5)
  assert.equal(policy.reasonOverSeconds, 604_800)
  // A default is a choice of the nearest, within what is allowed.
  assert.equal(policy.defaultDownloadSeconds, 400)
  assert.equal(policy.defaultUploadSeconds, 900)
  assert.deepEqual(policyFrom, {
    reasonOverSeconds: INSTANCE,
    minBytes: 'acme/a/',
    maxDownloadSeconds: 'acme/',
    methods: 'acme/a/',
    requireIp: 'acme/',
    maxBytes: 'acme/a/',
    contentTypes: 'acme/a/',
    defaultDownloadSeconds: 'acme/',
  })
})

test('a folder that loosens what holds above is refused with the line, and the instance is above all', async () => {
  const core = await createTestCore()
  await setPolicy(core, INSTANCE, { maxBytes: 1000, methods: ['GET'], contentTypes: ['image/*'] })
  await setPolicy(core, 'acme', { maxBytes: 100, maxUses: 3, requireIp: true })
  const looser: readonly [FolderPolicy, string][] = [
    [{ maxBytes: 101 }, 'policy.maxBytes: the policy of acme/ says 100'],
    [{ maxUses: 4 }, 'policy.maxUses: the policy of acme/ says 3'],
    [{ requireIp: false }, 'policy.requireIp: the policy of acme/ says true'],
    [{ methods: ['GET', 'PUT'] }, 'policy.methods: the policy of the instance says ["GET"]'],
    [
      { contentTypes: ['text/*'] },
      'policy.contentTypes: the policy of the instance says ["image/*"]',
    ],
    [{ reasonOverSeconds: 90_000 }, 'policy.reasonOverSeconds: the standard policy says 86400'],
  ]
  for (const [policy, message] of looser) {
    await assert.rejects(setPolicy(core, 'acme/a', policy), (error: Error) => {
      assert.ok(error.message.startsWith(message), error.message)
      return 'code' in error && error.code === 'field-invalid'
    })
  }
  await setPolicy(core, 'acme/a', { maxBytes: 100, methods: [], contentTypes: ['image/png'] })
})

test('a policy that contradicts itself or what holds above is refused with the line', async () => {
  const core = await createTestCore()
  await setPolicy(core, 'acme', { maxBytes: 100, maxDownloadSeconds: 60 })
  const rows: readonly [string, FolderPolicy, string][] = [
    ['acme', { minBytes: 11, maxBytes: 10 }, 'policy.minBytes'],
    ['acme/a', { minBytes: 101 }, 'policy.minBytes'],
    ['acme/a', { defaultDownloadSeconds: 61 }, 'policy.defaultDownloadSeconds'],
    ['acme', { contentTypes: [] }, 'policy.contentTypes'],
    ['acme', { maxUses: 0 }, 'policy.maxUses'],
    ['acme', { corsOrigins: ['https://app.example.com/'] }, 'policy.corsOrigins'],
    ['acme', { corsOrigins: ['*'] }, 'policy.corsOrigins'],
    [INSTANCE, { maxDownloadSeconds: 604_801 }, 'policy.maxDownloadSeconds'],
  ]
  for (const [path, policy, field] of rows) {
    await assert.rejects(setPolicy(core, path, policy), (error) => {
      return isRefusal(error, 'field-invalid') && error.details.field === field
    })
  }
})

test('a folder above that is tightened later binds looser folders below', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  await setPolicy(core, 'acme/a', { maxDownloadSeconds: 600 })
  await setPolicy(core, 'acme', { maxDownloadSeconds: 60 })
  await assert.rejects(issue(core, 'a/x.txt', { method: 'GET', expiresInSeconds: 61 }), {
    code: 'expiry-too-long',
  })
})

test('the defaults of the instance are changed live, and a reason is asked for as it says', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const life = async (): Promise<number> => {
    const { expiresAt } = await issue(core, 'x.txt', { method: 'GET' })
    return Math.round((expiresAt.getTime() - core.clock.now()) / 1000)
  }
  assert.equal(await life(), 300)
  await setPolicy(core, INSTANCE, { defaultDownloadSeconds: 42 })
  assert.equal(await life(), 42)
  await setPolicy(core, INSTANCE, {}, 'strict')
  assert.equal(await life(), 60)
  const long = { method: 'GET', expiresInSeconds: 901 } as const
  await assert.rejects(issue(core, 'x.txt', long), { code: 'field-invalid' })
  await issue(core, 'x.txt', { ...long, terms: { reason: 'a long talk' } })
  await setPolicy(core, INSTANCE, {}, 'open')
  await issue(core, 'x.txt', { method: 'GET', expiresInSeconds: 604_800 })
})

test('links that a policy does not allow are not issued', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const attempt = async (policy: FolderPolicy, options: Partial<LinkOptions>): Promise<unknown> => {
    await setPolicy(core, 'acme', policy)
    return issue(core, 'x.txt', { method: 'GET', ...options })
  }
  const refused = { code: 'policy-refused' }
  await assert.rejects(attempt({ methods: ['PUT'] }, {}), refused)
  await assert.rejects(attempt({ methods: [] }, {}), refused)
  await assert.rejects(attempt({ requireIp: true }, {}), refused)
  await assert.rejects(attempt({ requireIp: true }, { ips: ['0.0.0.0/0'] }), refused)
  await assert.rejects(
    attempt({ requireIp: true }, { ips: ['203.0.113.9', '10.0.0.0/8'] }),
    refused,
  )
  await attempt({ requireIp: true }, { ips: ['203.0.113.0/24'] })
  await assert.rejects(attempt({ maxUses: 2 }, { maxUses: 3 }), refused)
  await attempt({ maxUses: 2 }, { maxUses: 1 })
  await assert.rejects(attempt({ reasonOverSeconds: 0 }, {}), { code: 'field-invalid' })
  await attempt({ reasonOverSeconds: 0 }, { terms: { reason: 'for the auditors' } })
})

test('where uses are limited, a link that names no number gets as many as there are', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  await setPolicy(core, 'acme', { maxUses: 5 })
  const { id } = await issue(core, 'x.txt', { method: 'GET' })
  assert.equal((await core.catalog.grants.find(id))?.maxUses, 5)
})

test('a policy binds links that are out there, whoever signed them', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const own = await issue(core, 'x.txt', { method: 'GET' })
  const { record, secretAccessKey } = await createAccessKey(
    core,
    await authorizeInstance(core, admin),
    { name: 'k', actions: ['read', 'write'] },
  )
  await core.keyRing.refresh()
  const credentials = { accessKeyId: record.id, secretAccessKey }
  const foreign = presignWith(core, credentials, { method: 'GET', key: 'x.txt' })
  const bound = presignWith(core, credentials, {
    method: 'GET',
    key: 'x.txt',
    query: { 'X-Hallpass-Ip': '203.0.113.9' },
  })
  for (const url of [own.url, foreign, bound]) await openUrl(core, [url, 'x.txt'])
  for (const policy of [{ methods: ['PUT'] }, { maxUses: 1 }] as const) {
    await setPolicy(core, 'acme', policy)
    for (const url of [own.url, foreign, bound]) {
      await assert.rejects(openUrl(core, [url, 'x.txt']), { code: 'policy-refused' })
    }
  }
  await setPolicy(core, 'acme', { requireIp: true })
  for (const url of [own.url, foreign]) {
    await assert.rejects(openUrl(core, [url, 'x.txt']), { code: 'policy-refused' })
  }
  await openUrl(core, [bound, 'x.txt'])
  await setPolicy(core, 'acme', {})
  for (const url of [own.url, foreign, bound]) await openUrl(core, [url, 'x.txt'])
})

test('a reason that a policy asks for earlier than usual binds links that are out there', async () => {
  const core = await createTestCore()
  await put(core, 'x.txt', 'x')
  const without = await issue(core, 'x.txt', { method: 'GET', expiresInSeconds: 120 })
  const reasoned = await issue(core, 'x.txt', {
    method: 'GET',
    expiresInSeconds: 120,
    terms: { reason: 'for the auditors' },
  })
  await setPolicy(core, 'acme', { reasonOverSeconds: 60 })
  await assert.rejects(openUrl(core, [without.url, 'x.txt']), { code: 'policy-refused' })
  await openUrl(core, [reasoned.url, 'x.txt'])
  // What comes with a file keeps to what needs none.
  const { file } = await put(core, 'y.txt', 'y')
  const { url } = await signFileUrl(core, await allow(core, admin, 'read', 'y.txt'), file)
  await openUrl(core, [url, 'y.txt'])
})

test('type and size bounds hold for keys and links, and for moves and copies into the folder', async () => {
  const core = await createTestCore()
  await setPolicy(core, 'acme/in', { contentTypes: ['image/*'], minBytes: 3, maxBytes: 5 })
  const write = async (text: string, contentType: string): Promise<unknown> =>
    writeFile(
      core,
      await allow(core, admin, 'write', 'in/x'),
      writeRequest({ contentType, contentLength: null }),
      { body: streamOf(Buffer.from(text)), signal: new AbortController().signal },
    )
  await assert.rejects(write('1234', 'text/plain'), { code: 'content-type-not-allowed' })
  await assert.rejects(write('12', 'image/png'), { code: 'file-too-small' })
  await assert.rejects(write('123456', 'image/png'), { code: 'file-too-large' })
  await write('1234', 'image/png')

  const link = await issue(core, 'in/y', {
    method: 'PUT',
    terms: { contentTypes: ['text/plain', 'image/png'] },
  })
  await assert.rejects(putUrl(core, [link.url, 'in/y'], '1234', { contentType: 'text/plain' }), {
    code: 'content-type-not-allowed',
  })
  await putUrl(core, [link.url, 'in/y'], '1234', { contentType: 'image/png' })

  await put(core, 'out.txt', '1234')
  const permits = {
    from: await allow(core, admin, 'delete', 'out.txt'),
    to: await allow(core, admin, 'write', 'in/out.txt'),
  }
  await assert.rejects(moveFile(core, permits, false), { code: 'content-type-not-allowed' })
})

test('no URL comes along by itself where a policy wants more of a link than it can have', async () => {
  const core = await createTestCore()
  const { file } = await put(core, 'x.txt', 'x')
  for (const policy of [
    { maxUses: 1 },
    { requireIp: true },
    { reasonOverSeconds: 0 },
    { methods: ['PUT'] },
  ] as const) {
    await setPolicy(core, 'acme', policy)
    await assert.rejects(signFileUrl(core, await allow(core, admin, 'read', 'x.txt'), file), {
      code: 'policy-refused',
    })
  }
})

test('a preview says which living links a change would refuse, and changes nothing', async () => {
  const core = await createTestCore()
  await put(core, 'a/x.txt', 'x')
  await put(core, 'b/x.txt', 'x')
  const long = await issue(core, 'a/x.txt', { method: 'GET', expiresInSeconds: 600 })
  await issue(core, 'a/x.txt', { method: 'GET', expiresInSeconds: 60 })
  await issue(core, 'b/x.txt', { method: 'GET', expiresInSeconds: 600 })
  const revoked = await issue(core, 'a/x.txt', { method: 'GET', expiresInSeconds: 600 })
  const { permit, link } = await authorizeLink(core, admin, revoked.id)
  await revokeLink(core, permit, link)
  const asking = await authorize(core, admin, 'admin', parseFolderPath('acme/a'))
  const page = { before: null, limit: 100 }
  const preview = await previewPolicy(core, asking, { maxDownloadSeconds: 300 }, page)
  assert.deepEqual(
    preview.refused.map(({ grant, rule }) => [grant.id, rule]),
    [[long.id, 'folder-longest-life']],
  )
  assert.equal(preview.examined, 2)
  assert.equal(preview.next, null)
  await openUrl(core, [long.url, 'a/x.txt'])

  // What does not work today is not refused by the change.
  await setFolder(core, 'acme/a', { policy: { maxDownloadSeconds: 100 } })
  const again = await previewPolicy(core, asking, { maxDownloadSeconds: 50 }, page)
  assert.equal(again.refused.length, 1)
  assert.notEqual(again.refused[0]?.grant.id, long.id)
  await assert.rejects(previewPolicy(core, asking, { maxUses: -1 }, page), {
    code: 'field-invalid',
  })
})
