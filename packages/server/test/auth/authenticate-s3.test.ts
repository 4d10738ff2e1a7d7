import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLink } from '../../src/core/identity.ts'
import type { VerifiedLink } from '../../src/core/identity.ts'
import { createAccessKey } from '../../src/core/keys/access-keys.ts'
import { signFileUrl } from '../../src/core/links/automatic-link.ts'
import { createAutomaticLinkId } from '../../src/core/link-id.ts'
import { authorizeInstance } from '../../src/core/policy/authorize.ts'
import { admin, allow, createTestCore, issue, put } from '../support/core.ts'
import type { TestCore } from '../support/core.ts'
import { bearerOf, openUrl, presignWith } from '../support/presigned.ts'
import type { Bearer } from '../support/presigned.ts'

const KEY = 'a/x.txt'

async function linkOf(core: TestCore, url: string, bearer: Bearer = {}): Promise<VerifiedLink> {
  const caller = await bearerOf(core, url, bearer)
  assert.ok(isLink(caller))
  return caller
}

async function makeCredentials(
  core: TestCore,
): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }> {
  const options = { name: 'ci', actions: ['read'] } as const
  const permit = await authorizeInstance(core, admin)
  const { record, secretAccessKey } = await createAccessKey(core, permit, options)
  return { accessKeyId: record.id, secretAccessKey }
}

test('a link of the server’s own says when it was issued to the millisecond, and what it is for', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  core.clock.advance(589)
  const stored = await issue(core, KEY, { method: 'GET' })
  const automatic = await signFileUrl(core, await allow(core, admin, 'read', KEY), file)
  for (const { id, url } of [stored, automatic]) {
    const link = await linkOf(core, url)
    assert.deepEqual([link.linkId, link.issuedAt, link.isOwn], [id, core.clock.now(), true])
  }
  assert.equal((await linkOf(core, automatic.url)).fileId, file.id)
})

test('the signature of somebody else vouches for no time but its own', async () => {
  const core = await createTestCore()
  const { file } = await put(core, KEY, 'x')
  const credentials = await makeCredentials(core)
  const id = createAutomaticLinkId(core.clock.now() + 86_400_000, core.random, {
    fileId: file.id,
    createdBy: 'key_1',
  })
  const url = presignWith(core, credentials, {
    method: 'GET',
    key: KEY,
    query: { 'X-Hallpass-Link': id },
  })
  const link = await linkOf(core, url)
  assert.deepEqual([link.isOwn, link.issuedAt], [false, core.clock.now()])
  await openUrl(core, [url, KEY])
})

test('a stored link’s id signed by somebody else speaks for nothing', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  const { id } = await issue(core, KEY, { method: 'GET', maxUses: 1 })
  const credentials = await makeCredentials(core)
  const url = presignWith(core, credentials, {
    method: 'GET',
    key: KEY,
    query: { 'X-Hallpass-Link': id },
  })
  await assert.rejects(openUrl(core, [url, KEY]), { code: 'link-revoked' })
  assert.equal((await core.catalog.grants.find(id))?.uses, 0)
})

test('who asks for a preview is told from the headers of the request', async () => {
  const core = await createTestCore()
  await put(core, KEY, 'x')
  const { id, url } = await issue(core, KEY, { method: 'GET', maxUses: 1 })
  for (const headers of [
    { 'User-Agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' },
    { 'User-Agent': 'Mozilla/5.0', 'Sec-Purpose': 'prefetch' },
    { Purpose: 'prefetch' },
    { 'X-Purpose': 'preview' },
  ]) {
    for (const method of ['GET', 'HEAD'] as const) {
      await assert.rejects(openUrl(core, [url, KEY], { method, headers }), {
        code: 'link-preview-refused',
      })
    }
  }
  assert.equal((await core.catalog.grants.find(id))?.uses, 0)
  await openUrl(core, [url, KEY], { headers: { 'User-Agent': 'curl/8.5.0' } })
})
