import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { audit } from '@hallpass/signing/audit'
import { SCHEME_LINES, readMarked } from '../redact/schemes.ts'

const now = new Date('2026-03-14T09:30:00Z')

interface Said {
  readonly scheme: string
  readonly rules: readonly string[]
  readonly end: string | null
}

function judge(text: string): Said {
  const findings = audit({ path: 'a.log', text }, { now })
  const [first] = findings
  return {
    scheme: first?.message.split(': ')[0] ?? '',
    rules: findings.map(({ ruleId }) => ruleId),
    end: / until (.+)$/.exec(first?.message ?? '')?.[1] ?? null,
  }
}

/** The first URL of each scheme, what it is called, and what is told of its end. */
const EXPECTED: Readonly<
  Record<string, readonly [name: string, end: string | null, rules: readonly string[]]>
> = {
  Laravel: ['signed URL of Laravel', '2026-03-14T10:26:53.000Z', ['HP001']],
  'Rails ActiveStorage': ['ActiveStorage URL of Rails', null, ['HP001', 'HP004']],
  Supabase: ['Supabase signed URL', '2026-03-14T10:26:53.000Z', ['HP001']],
  Firebase: ['Firebase download URL', null, ['HP001', 'HP004']],
  Cloudinary: ['Cloudinary signed URL', null, ['HP001', 'HP004']],
  Imgix: ['Imgix URL', null, ['HP001', 'HP004', 'HP011']],
  ImageKit: ['ImageKit URL', '2026-03-14T10:26:53.000Z', ['HP001']],
  'Cloudflare Images': ['Cloudflare Images URL', '2026-03-14T10:26:53.000Z', ['HP001']],
  'Cloudflare Stream': ['URL with a JSON Web Token', '2026-03-14T10:26:53.000Z', ['HP001']],
  Mux: ['URL with a JSON Web Token', '2026-03-14T10:26:53.000Z', ['HP001']],
  'Alibaba OSS': ['Alibaba OSS V1 URL', '2026-03-14T10:26:53.000Z', ['HP001']],
  'Alibaba CDN': ['Alibaba CDN URL', null, ['HP001', 'HP006', 'HP011']],
  'Tencent COS': ['Tencent COS URL', '2026-03-14T10:26:53.000Z', ['HP001']],
  'Tencent CDN': ['CDN URL of Tencent or Alibaba', null, ['HP001', 'HP006', 'HP011']],
  'Huawei OBS': ['Huawei OBS URL', '2026-03-14T10:26:53.000Z', ['HP001']],
  Qiniu: ['Qiniu download URL', '2026-03-14T10:26:53.000Z', ['HP001', 'HP006']],
  TOS: ['Volcengine TOS URL', '2026-03-14T09:36:53.000Z', ['HP001']],
  'Backblaze B2': ['Backblaze B2 download URL', null, ['HP001']],
  'Oracle PAR': ['Oracle pre-authenticated request', null, ['HP001']],
  Fastly: ['Fastly token URL', '2026-03-14T10:26:53.000Z', ['HP001']],
  KeyCDN: ['KeyCDN URL', '2026-03-14T10:26:53.000Z', ['HP001', 'HP011']],
  CDN77: ['CDN77 URL', '2026-03-14T10:26:53.000Z', ['HP001', 'HP011']],
  Discord: ['Discord attachment URL', '2026-03-14T21:32:29.000Z', ['HP001', 'HP003']],
  Slack: ['Slack webhook', null, ['HP001', 'HP004']],
  'Azure Functions': ['Azure Functions URL', null, ['HP001', 'HP004']],
  GitHub: ['GitHub raw URL', null, ['HP001']],
  'SigV4 of other services': ['SigV4 for iotdevicegateway', '2026-03-14T09:36:53.000Z', ['HP001']],
}

suite('URLs of further schemes', () => {
  for (const [scheme, [name, end, rules]] of Object.entries(EXPECTED)) {
    test(`${scheme}: ${name}`, () => {
      const marked = SCHEME_LINES.find((line) => line.scheme === scheme)?.marked ?? assert.fail()
      assert.deepEqual(judge(readMarked(marked).line), { scheme: name, rules, end })
    })
  }

  test('tokens of other services of Azure are called what they are', () => {
    for (const service of ['queue', 'table', 'file']) {
      const url = `https://acct.${service}.core.windows.net/x?sv=2025-01-05&sp=r&spr=https&se=2026-03-14T10%3A00%3A00Z&sig=qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA%3D`
      assert.equal(judge(url).scheme, `service SAS for Azure ${service}`)
    }
  })

  test('a URL that has run out is a note', () => {
    const url = 'https://demo.imgix.net/a.png?expires=1700000000&s=9f3ab17c4de2085b6a71c3f0d94e5b82'
    assert.deepEqual(judge(url).rules, ['HP002', 'HP011'])
  })

  test('a token without a claim that ends it never ends', () => {
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhYmNkZWYifQ.Zm9yLXRlc3RzLW9ubHktbm8tc2VjcmV0'
    assert.deepEqual(judge(`https://stream.mux.com/a.m3u8?token=${token}`).rules, [
      'HP001',
      'HP004',
    ])
  })

  test('no excerpt holds the secret of any scheme', () => {
    for (const { marked } of SCHEME_LINES) {
      const secrets = [...marked.matchAll(/⟦([^⟧]*)⟧/g)].map((match) => match[1] ?? '')
      const report = JSON.stringify(
        audit({ path: 'a.log', text: readMarked(marked).line }, { now }),
      )
      for (const secret of secrets.filter(({ length }) => length > 7)) {
        assert.ok(!report.includes(secret.slice(0, 16)), marked)
      }
    }
  })
})
