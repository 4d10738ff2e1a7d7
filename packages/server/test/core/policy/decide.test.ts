import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccessKeyRecord, GrantRecord } from '../../../src/catalog/records.ts'
import type { FolderPolicy } from '../../../src/policy-lines/policy-lines.ts'
import { resolveRecords } from '../../../src/core/policy/resolve-folder.ts'
import type { ResolvedFolder } from '../../../src/core/policy/resolve-folder.ts'
import { makePrincipal, makeVerifiedLink } from '../../../src/core/identity.ts'
import type { VerifiedLink } from '../../../src/core/identity.ts'
import { createGrant } from '../../../src/core/links/create-grant.ts'
import { decide, findBrokenRules } from '../../../src/core/policy/decide.ts'
import type { Ask, Policy } from '../../../src/core/policy/rule.ts'

const NOW = Date.UTC(2026, 2, 14, 9, 26, 53)
const IP = '203.0.113.9'
const PATH = { bucket: 'acme', key: 'a/x.txt' }
const SCOPE = { actions: ['read', 'write', 'delete'], pathPrefix: '', cidrs: [] } as const

const key: AccessKeyRecord = {
  id: 'HPKEY',
  kind: 'access',
  name: 'key',
  sealedSecret: new Uint8Array(0),
  scope: SCOPE,
  maxExpiresInSeconds: 3600,
  mayPresignDelete: false,
  state: 'active',
  rotatedAt: null,
  lastUsedAt: null,
  disabledAt: null,
  createdAt: 0,
  createdBy: 'test',
  expiresAt: null,
  revokedAt: null,
}

function folderWith(lines: FolderPolicy): ResolvedFolder {
  return resolveRecords([{ path: 'acme/', visibility: null, policy: lines, updatedAt: 0 }])
}

const policy: Policy = {
  folder: resolveRecords([]),
  key,
  revocation: null,
  isUserAllowed: false,
  grant: null,
}

const AUTOMATIC = `auto_${'0'.repeat(30)}.abc.key_1`

function link(change: Partial<VerifiedLink> = {}): VerifiedLink {
  return makeVerifiedLink({
    method: 'GET',
    keyId: 'HPKEY',
    isOwn: false,
    scope: SCOPE,
    signedAt: NOW,
    issuedAt: NOW,
    expiresAt: NOW + 300_000,
    linkId: null,
    fileId: null,
    versionId: null,
    createdBy: null,
    ips: [],
    clientIp: IP,
    previewAgent: null,
    ...change,
  })
}

function grant(change: Partial<GrantRecord> = {}): GrantRecord {
  const given = {
    id: 'link_1',
    method: 'GET',
    ...PATH,
    fileId: 'file_1',
    signingKeyId: 'HPKEY',
    createdAt: NOW,
    createdBy: 'key_1',
    expiresAt: NOW + 300_000,
  } as const
  return { ...createGrant(given), ...change }
}

function rule(holds: Partial<Policy>, asked: Partial<Ask>): string {
  const time = { nowMs: NOW, admittedAt: NOW }
  const ask: Ask = { caller: link(), action: 'read', path: PATH, ...time, ...asked }
  const decision = decide({ ...policy, ...holds }, ask)
  // Whoever explains is told the rule that decides before all others that stand against it.
  const [first] = findBrokenRules({ ...policy, ...holds }, ask)
  assert.equal(first?.rule ?? null, decision.refusal === null ? null : decision.rule)
  return decision.rule
}

const nobody = makePrincipal({
  kind: 'anonymous',
  id: 'anonymous',
  scope: { actions: [], pathPrefix: '', cidrs: [] },
  clientIp: IP,
})
const publicFolder = { ...policy.folder, visibility: 'public' } as const

test('a decision names the rule that made it', () => {
  const caller = makePrincipal({ kind: 'access-key', id: 'HPKEY', scope: SCOPE, clientIp: IP })
  const within = (scope: object): Partial<Ask> => ({
    caller: makePrincipal({ ...caller, scope: { ...SCOPE, ...scope } }),
  })
  const folder = folderWith({ maxDownloadSeconds: 60 })
  const pages = folderWith({ corsOrigins: ['https://a.example'] })
  const rows: [string, Partial<Policy>, Partial<Ask>][] = [
    ['key', {}, { caller }],
    ['key-ended', { key: null }, { caller }],
    ['key-actions', {}, { caller, action: 'share' }],
    ['key-prefix', {}, within({ pathPrefix: 'acme/b/' })],
    ['key-addresses', {}, within({ cidrs: ['198.51.100.0/24'] })],
    ['public-folder', { key: null, folder: publicFolder }, { caller: nobody }],
    ['folder-private', { key: null }, { caller: nobody }],
    ['folder-private', { key: null, folder: publicFolder }, { caller: nobody, action: 'list' }],
    ['link', {}, {}],
    ['key-ended', { key: null }, {}],
    ['key-presigned-delete', {}, { caller: link({ method: 'DELETE' }), action: 'delete' }],
    ['key-presigned-delete', {}, { caller: link({ method: 'POST' }), action: 'delete' }],
    ['key-presigned-delete', {}, { caller: link({ method: 'DELETE' }), action: 'read' }],
    ['link', {}, { caller: link({ method: 'DELETE' }), action: 'write' }],
    ['key-longest-life', {}, { caller: link({ expiresAt: NOW + 3_601_000 }) }],
    ['key-rotated', { key: { ...key, rotatedAt: NOW - 3000 } }, {}],
    ['folder-longest-life', { folder }, {}],
    ['folder-methods', { folder: folderWith({ methods: ['PUT'] }) }, {}],
    ['folder-reason', { folder: folderWith({ reasonOverSeconds: 299 }) }, {}],
    ['link', { folder: folderWith({ reasonOverSeconds: 300 }) }, {}],
    ['folder-addresses', { folder: folderWith({ requireIp: true }) }, {}],
    ['folder-uses', { folder: folderWith({ maxUses: 1 }) }, {}],
    ['folder-origins', { folder: pages }, { caller: link({ pageOrigin: 'https://b.example' }) }],
    ['link', { folder: pages }, { caller: link({ pageOrigin: 'https://a.example' }) }],
    ['link', { folder: pages }, {}],
    [
      'folder-origins',
      { key: null, folder: { ...pages, visibility: 'public' } },
      { caller: makePrincipal({ ...nobody, pageOrigin: 'null' }) },
    ],
    ['links-revoked', { revocation: { scope: '', notBefore: NOW + 1, forgetAt: 0 } }, {}],
    ['link-addresses', {}, { caller: link({ ips: ['198.51.100.0/24'] }) }],
    ['link-revoked', {}, { caller: link({ linkId: 'link_1' }) }],
    ['link-revoked', {}, { caller: link({ isOwn: true }) }],
    ['link', {}, { caller: link({ isOwn: true, linkId: AUTOMATIC }) }],
    ['link-revoked', {}, { caller: link({ linkId: AUTOMATIC, method: 'PUT' }), action: 'write' }],
    ['link-revoked', { grant: grant({ revokedAt: NOW }) }, {}],
    ['link-record', { grant: grant({ key: 'b' }) }, {}],
    ['link-record', { grant: grant({ signingKeyId: 'HPOTHER' }) }, {}],
    ['link-record', { grant: grant() }, { caller: link({ method: 'PUT' }), action: 'write' }],
    ['link-begin', { grant: grant({ terms: { notBefore: NOW + 1 } }) }, {}],
    ['link', { grant: grant({ terms: { notBefore: NOW } }) }, {}],
    ['link-end', { grant: grant({ expiresAt: NOW }) }, {}],
    ['link', { grant: grant({ expiresAt: NOW }) }, { admittedAt: NOW - 1 }],
    ['link-addresses', { grant: grant({ terms: { networks: ['198.51.100.0/24'] } }) }, {}],
    [
      'link-previews',
      { grant: grant({ maxUses: 2 }) },
      { caller: link({ previewAgent: 'slackbot' }) },
    ],
    ['link', { grant: grant() }, { caller: link({ previewAgent: 'slackbot' }) }],
    ['link-uses', { grant: grant({ maxUses: 1, uses: 1 }) }, {}],
  ]
  for (const [expected, holds, asked] of rows) assert.equal(rule(holds, asked), expected)
})

test('the lowest of all limits binds a body', () => {
  const time = { nowMs: NOW, admittedAt: NOW }
  const asked: Ask = { caller: link({ method: 'PUT' }), action: 'write', path: PATH, ...time }
  const limits = (folderBytes?: number, grantBytes?: number): unknown => {
    const folder = folderWith(folderBytes === undefined ? {} : { maxBytes: folderBytes })
    const terms = grantBytes === undefined ? {} : { maxBytes: grantBytes }
    const record = grant({ method: 'PUT', fileId: null, terms })
    const decision = decide({ ...policy, folder, grant: record }, asked)
    return decision.refusal === null ? decision.maxBytes : decision.rule
  }
  assert.equal(limits(), 5 * 1024 ** 3)
  assert.equal(limits(100), 100)
  assert.equal(limits(undefined, 50), 50)
  assert.equal(limits(100, 50), 50)
  assert.equal(limits(20, 50), 20)
})

test('for signatures that are not the server’s own, a sweep covers dates up to 60 s after it', () => {
  const revocation = { scope: '', notBefore: NOW + 1, forgetAt: 0 }
  const dated = (ms: number, isOwn: boolean): string =>
    rule(
      { revocation, grant: isOwn ? grant() : null },
      { caller: link({ signedAt: NOW + ms, issuedAt: NOW + ms, isOwn }) },
    )
  assert.equal(dated(0, false), 'links-revoked')
  assert.equal(dated(60_000, false), 'links-revoked')
  assert.equal(dated(61_000, false), 'link')
  assert.equal(dated(0, true), 'links-revoked')
  assert.equal(dated(1, true), 'link')
})

test('a retiring key verifies what was signed before its rotation, and nothing dated later', () => {
  const retiring = { ...key, kind: 'signing', state: 'retiring', rotatedAt: NOW } as const
  const dated = (change: Partial<VerifiedLink>): string =>
    rule({ key: retiring, grant: grant() }, { caller: link({ isOwn: true, ...change }) })
  assert.equal(dated({ signedAt: NOW - 1000, issuedAt: NOW - 1500 }), 'link')
  // The second of a signature is the next whole one, and another node learns of a rotation a moment later.
  assert.equal(dated({ signedAt: NOW + 1000, issuedAt: NOW + 500 }), 'link')
  assert.equal(dated({ signedAt: NOW + 2000, issuedAt: NOW + 2000 }), 'key-rotated')
  // A leaked key signs any id: an old one does not make a young signature old.
  assert.equal(dated({ signedAt: NOW + 3000, issuedAt: NOW - 1500 }), 'key-rotated')
})
