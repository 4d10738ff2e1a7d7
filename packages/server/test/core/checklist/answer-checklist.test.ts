import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { AccessKeyRecord, ApiKeyRecord, FolderRecord } from '../../../src/catalog/records.ts'
import type { FolderPolicy } from '../../../src/policy-lines/policy-lines.ts'
import { judge } from '../../../src/core/checklist/answer-checklist.ts'
import type { ChecklistFacts } from '../../../src/core/checklist/facts.ts'
import { STANDARD_POLICY } from '../../../src/core/policy/line-rules.ts'
import type { BucketFinding } from '../../../src/stores/bucket-look.ts'
import { DAY_MS } from '../../../src/platform/durations.ts'

const NOW = Date.parse('2026-03-14T09:26:53Z')

const API_KEY: ApiKeyRecord = {
  id: 'key_1',
  name: 'reports',
  secretHash: '',
  scope: { actions: ['read', 'write'], pathPrefix: 'acme/', cidrs: [] },
  createdAt: NOW - DAY_MS,
  createdBy: 'key_0',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
}

const PAIR: AccessKeyRecord = {
  ...API_KEY,
  id: 'HP1',
  kind: 'access',
  sealedSecret: new Uint8Array(),
  maxExpiresInSeconds: 86_400,
  mayPresignDelete: false,
  state: 'active',
  rotatedAt: null,
  disabledAt: null,
}

const INBOX: FolderRecord = {
  path: 'acme/inbox/',
  visibility: null,
  policy: {
    contentTypes: ['image/*'],
    requireMatchingType: true,
    maxBytes: 1000,
    maxTotalBytes: 100_000,
  },
  updatedAt: NOW,
}

function seen(status: BucketFinding['status']): BucketFinding[] {
  return [{ id: 'unsigned-list', status, found: '', means: '', remedy: null, command: null }]
}

/** Nothing to say against it. */
const GOOD: ChecklistFacts = {
  nowMs: NOW,
  publicUrl: 'https://hallpass.example',
  filesUrl: 'https://content.example',
  policy: STANDARD_POLICY,
  folders: [INBOX],
  apiKeys: [API_KEY],
  accessKeys: [PAIR],
  signingKeys: [{ ...PAIR, kind: 'signing' }],
  watchSettings: [],
  webhooks: [
    {
      id: 'hook_1',
      name: 'alerts',
      url: 'https://alerts.example',
      kinds: ['alert.raised'],
      pathPrefix: '',
      sealedSecret: new Uint8Array(),
      sealedPrevious: null,
      previousUntil: null,
      createdAt: NOW,
      createdBy: 'key_0',
      disabledAt: null,
      skipped: 0,
    },
  ],
  alertsRaisedAt: [NOW - DAY_MS],
  blobs: null,
  trustedProxies: ['10.0.0.0/8'],
  takesEveryOrigin: false,
  signingKeyDays: 30,
  eventDays: 30,
  auditDays: 400,
  addressRequestsPerSecond: 100,
  keyRequestsPerSecond: 100,
}

const withPolicy = (policy: FolderPolicy): FolderRecord => ({
  ...INBOX,
  policy: { ...INBOX.policy, ...policy },
})

/** What did not pass: `item/finding status`. */
function faultsOf(changes: Partial<ChecklistFacts>): string[] {
  return judge({ ...GOOD, ...changes }).flatMap(({ id, findings }) =>
    findings
      .filter(({ status }) => status !== 'passed')
      .map((finding) => `${id}/${finding.id} ${finding.status}`),
  )
}

const WIDE = { ...API_KEY.scope, pathPrefix: '' }
const ADMIN: ApiKeyRecord = { ...API_KEY, scope: { ...WIDE, actions: ['admin'] } }

suite('the checklist', () => {
  test('has seventeen items by number, and three that came on top', () => {
    const numbers = judge(GOOD).map(({ number }) => number)
    const seventeen = Array.from({ length: 17 }, (_, index) => index + 1)
    assert.deepEqual(numbers, [...seventeen, null, null, null])
  })

  test('has nothing against a server that is set up well', () => {
    assert.deepEqual(faultsOf({}), [])
    assert.ok(judge(GOOD).every(({ status }) => status === 'passed'))
  })

  test('what is found says what it is, and how to mend it', () => {
    const bare = judge({ ...GOOD, folders: [], webhooks: [], trustedProxies: ['::/0'] })
    for (const { findings } of bare) {
      for (const { status, found, remedy } of findings) {
        assert.match(found, /^[A-Z].*\.$/)
        if (status === 'passed') assert.equal(remedy, null)
        else assert.match(remedy ?? '', /^[A-Z].*[.}]$/)
      }
    }
  })

  const cases: readonly (readonly [string, Partial<ChecklistFacts>, readonly string[]])[] = [
    [
      'links that live for hours where nobody says how long',
      { policy: { ...STANDARD_POLICY, defaultDownloadSeconds: 7200 } },
      ['short-lives/default-lives failed'],
    ],
    [
      'a week without a reason',
      { policy: { ...STANDARD_POLICY, reasonOverSeconds: 604_800 } },
      ['longest-life/reasons failed'],
    ],
    [
      'a key pair that presigns for a week',
      { accessKeys: [{ ...PAIR, maxExpiresInSeconds: 604_800 }] },
      ['longest-life/presigned-lives failed'],
    ],
    [
      'the same where a policy bounds all links: nothing',
      {
        accessKeys: [{ ...PAIR, maxExpiresInSeconds: 604_800 }],
        policy: { ...STANDARD_POLICY, maxDownloadSeconds: 3600, maxUploadSeconds: 3600 },
      },
      [],
    ],
    [
      'the same of a pair that is switched off, revoked or over: nothing',
      {
        accessKeys: [
          { ...PAIR, maxExpiresInSeconds: 604_800, disabledAt: NOW },
          { ...PAIR, maxExpiresInSeconds: 604_800, revokedAt: NOW },
          { ...PAIR, maxExpiresInSeconds: 604_800, expiresAt: NOW },
        ],
      },
      [],
    ],
    [
      'a key pair that presigns deletions',
      { accessKeys: [{ ...PAIR, mayPresignDelete: true }] },
      ['methods/presigned-delete failed'],
    ],
    ['no rotation', { signingKeyDays: 0 }, ['rotation/rotation-schedule failed']],
    [
      'a signing key that was not rotated in time',
      { signingKeys: [{ ...PAIR, kind: 'signing', createdAt: NOW - 40 * DAY_MS }] },
      ['rotation/signing-key-age failed'],
    ],
    ['no signing key', { signingKeys: [] }, ['rotation/signing-key-age failed']],
    [
      'a key that may change everything for ever',
      { apiKeys: [{ ...API_KEY, scope: WIDE }] },
      ['scopes/boundless-keys failed'],
    ],
    [
      'the same with an end, or from one network, or reading alone: nothing',
      {
        apiKeys: [
          { ...API_KEY, scope: WIDE, expiresAt: NOW + 1 },
          { ...API_KEY, scope: { ...WIDE, cidrs: ['10.0.0.0/8'] } },
          { ...API_KEY, scope: { ...WIDE, actions: ['read', 'list'] } },
        ],
      },
      [],
    ],
    [
      'four administrators',
      { apiKeys: [ADMIN, ADMIN, ADMIN, ADMIN] },
      ['scopes/administrators advice'],
    ],
    [
      'a key of last year',
      { apiKeys: [{ ...API_KEY, createdAt: NOW - 400 * DAY_MS }] },
      ['scopes/old-keys failed'],
    ],
    [
      'a pair that nobody uses',
      { accessKeys: [{ ...PAIR, createdAt: NOW - 200 * DAY_MS, lastUsedAt: NOW - 100 * DAY_MS }] },
      ['scopes/unused-pairs advice'],
    ],
    [
      'a rule that is off everywhere',
      { watchSettings: [{ path: '', thresholds: { probes: null }, pause: [] }] },
      ['watching/rules failed'],
    ],
    [
      'a rule that is off in a folder',
      { watchSettings: [{ path: 'acme/', thresholds: { probes: null }, pause: [] }] },
      ['watching/rules advice'],
    ],
    ['nobody who is told of alerts', { webhooks: [] }, ['watching/told advice']],
    [
      'an alert that nobody looked at',
      { alertsRaisedAt: [NOW - 30 * DAY_MS] },
      ['watching/open-alerts failed'],
    ],
    ['a short memory of changes', { auditDays: 10 }, ['records/audit-days failed']],
    ['a short memory of uses', { eventDays: 1 }, ['records/event-days advice']],
    [
      'nothing said of uploads',
      { folders: [] },
      [
        'upload-types/type-lists advice',
        'upload-content/matching-types advice',
        'upload-sizes/size-limits advice',
        'upload-sizes/quotas advice',
      ],
    ],
    [
      'bytes that nobody looks at',
      { folders: [withPolicy({ requireMatchingType: false, quarantine: [] })] },
      ['upload-content/matching-types advice'],
    ],
    [
      'bytes that a scanner alone looks at: nothing',
      { folders: [withPolicy({ requireMatchingType: false, quarantine: ['clamav'] })] },
      [],
    ],
    [
      'http to the world',
      { publicUrl: 'http://files.example', filesUrl: 'http://content.example' },
      ['transport/https failed'],
    ],
    [
      'http to this machine: nothing',
      { publicUrl: 'http://localhost:8787', filesUrl: 'http://localhost:8787' },
      [],
    ],
    ['https without a proxy', { trustedProxies: null }, ['transport/proxies failed']],
    ['everybody a proxy', { trustedProxies: ['0.0.0.0/0'] }, ['transport/proxies failed']],
    ['one host for all', { filesUrl: GOOD.publicUrl }, ['cookies/own-host advice']],
    ['every page', { takesEveryOrigin: true }, ['openness/every-origin advice']],
    [
      'a public folder',
      { folders: [{ ...INBOX, visibility: 'public' }] },
      ['openness/public-folders advice'],
    ],
    ['a bucket of blobs that is public', { blobs: seen('failed') }, ['openness/blobs failed']],
    ['one that does not say', { blobs: seen('unknown') }, ['openness/blobs advice']],
    ['one that is private: nothing', { blobs: seen('passed') }, []],
    ['no pace', { keyRequestsPerSecond: 0 }, ['openness/paces advice']],
  ]
  for (const [name, changes, expected] of cases) {
    test(`finds ${name}`, () => assert.deepEqual(faultsOf(changes), expected))
  }
})
