import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { detect } from '@hallpass/signing/detect'
import { explain, formatExplanation } from '@hallpass/signing/explain'
import type { ExplainableRequest } from '@hallpass/signing/explain'
import { SCHEME_LINES, readMarked } from '../redact/schemes.ts'

const NOW = new Date('2026-03-14T09:30:00Z')

/** The lines that are nothing but a URL, with the secrets in each. */
const URLS = SCHEME_LINES.filter(({ marked }) => /^https?:\S+$/.test(marked)).map(
  ({ scheme, marked }) => ({
    scheme,
    url: readMarked(marked).line,
    secrets: [...marked.matchAll(/⟦([^⟧]*)⟧/g)].map((match) => match[1] ?? ''),
  }),
)

/** Of each scheme its dialect, and the end of the first of its URLs. */
const EXPECTED: Readonly<Record<string, readonly [dialect: string, end: string | null]>> = {
  Laravel: ['laravel', '2026-03-14T10:26:53.000Z'],
  'Rails message verifier': ['rails', null],
  Supabase: ['supabase', '2026-03-14T10:26:53.000Z'],
  Firebase: ['firebase', null],
  Cloudinary: ['cloudinary', null],
  Imgix: ['imgix', null],
  ImageKit: ['imagekit', '2026-03-14T10:26:53.000Z'],
  'Cloudflare Images': ['cloudflare-images', '2026-03-14T10:26:53.000Z'],
  'Cloudflare Stream': ['jwt', '2026-03-14T10:26:53.000Z'],
  Mux: ['jwt', '2026-03-14T10:26:53.000Z'],
  'Alibaba OSS': ['oss', '2026-03-14T10:26:53.000Z'],
  'Alibaba CDN': ['alibaba-cdn', null],
  'Tencent COS': ['cos', '2026-03-14T10:26:53.000Z'],
  'Tencent CDN': ['tencent-cdn', null],
  'Huawei OBS': ['obs', '2026-03-14T10:26:53.000Z'],
  Qiniu: ['qiniu', '2026-03-14T10:26:53.000Z'],
  TOS: ['tos', '2026-03-14T09:36:53.000Z'],
  'Backblaze B2': ['b2', null],
  'Oracle PAR': ['oracle', null],
  Fastly: ['fastly', '2026-03-14T10:26:53.000Z'],
  KeyCDN: ['keycdn', '2026-03-14T10:26:53.000Z'],
  CDN77: ['cdn77', '2026-03-14T10:26:53.000Z'],
  Discord: ['discord', '2026-03-14T21:32:29.000Z'],
  Slack: ['slack', null],
  'Azure Functions': ['azure-functions', null],
  GitHub: ['github', null],
}

suite('schemes that are recognised', () => {
  for (const [scheme, [dialect, end]] of Object.entries(EXPECTED)) {
    test(`${scheme} is ${dialect}, by detect and by explain`, () => {
      const { url } = URLS.find((line) => line.scheme === scheme) ?? assert.fail()
      const detection = detect(url)
      assert.equal(detection?.dialect, dialect)
      assert.equal(detection.expiresAt?.toISOString() ?? null, end)
      assert.ok(detection.secrets.length > 0)
      assert.equal(explain(url, { now: NOW }).dialect, dialect)
    })
  }

  test('neither detect nor explain shows the secret of a URL', () => {
    for (const { url, secrets } of URLS) {
      const explanation = explain(url, { now: NOW })
      const said = JSON.stringify([detect(url), explanation]) + formatExplanation(explanation)
      for (const secret of secrets) assert.ok(!said.includes(secret), url)
    }
  })

  test('one that has ended is said to have ended, and its clock is the server’s', () => {
    for (const { url } of URLS) {
      const end = detect(url)?.expiresAt ?? null
      if (end === null) continue
      const late = new Date(end.getTime() + 60_000)
      assert.equal(explain(url, { now: late }).causes[0]?.code, 'url-expired', url)
      const response = {
        status: 403,
        headers: [['Date', late.toUTCString()]] as [string, string][],
      }
      assert.equal(explain(url, { now: NOW, response }).causes[0]?.code, 'url-expired', url)
    }
  })

  test('one without an end is said to have none, as advice', () => {
    const url = 'https://demo.imgix.net/a.png?s=9f3ab17c4de2085b6a71c3f0d94e5b82'
    assert.deepEqual(
      detect(url)?.issues.map(({ code }) => code),
      ['no-end'],
    )
    assert.deepEqual(
      explain(url, { now: NOW }).advice.map(({ code }) => code),
      ['no-end'],
    )
  })

  test('one that was cut, doubled or escaped is said to be that', () => {
    const url =
      'https://b.obs.cn-north-4.myhuaweicloud.com/a?AccessKeyId=FAKE0001&Expires=1773484013&Signature=yN9WtB0lQheegAwva64yBuH3ZgU%3D'
    const first = (text: string): string | undefined => explain(text, { now: NOW }).causes[0]?.code
    assert.equal(first(url), 'nothing-found')
    assert.equal(first(url.slice(0, -12)), 'url-truncated')
    assert.equal(first(`${url}&Expires=1773484013`), 'parameter-doubled')
    assert.equal(first(url.replaceAll('&', '&amp;')), 'url-html-escaped')
  })

  test('a store that denies is not said to be an origin behind a CDN', () => {
    const { url } = URLS.find(({ scheme }) => scheme === 'Alibaba OSS') ?? assert.fail()
    const body = '<Error><Code>AccessDenied</Code><Message>no right</Message></Error>'
    const { causes } = explain(url, { now: NOW, response: { status: 403, body } })
    assert.equal(causes[0]?.code, 'signer-not-allowed')
  })

  test('nobody is asked for a key that would not be used', () => {
    for (const { url } of URLS.filter(({ scheme }) => scheme === 'Discord')) {
      assert.doesNotMatch(formatExplanation(explain(url, { now: NOW })), /the key|with the key/)
    }
  })
})

suite('schemes in headers', () => {
  const SIG = 'qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA='
  const END = 1_773_484_013
  const requests: Readonly<
    Record<string, readonly [dialect: string, headers: [string, string][]]>
  > = {
    'Service Bus': [
      'service-bus',
      [
        [
          'Authorization',
          `SharedAccessSignature sr=sb%3A%2F%2Fns.servicebus.windows.net%2Fq&sig=${encodeURIComponent(SIG)}&se=${END}&skn=send`,
        ],
      ],
    ],
    'Event Grid': [
      'event-grid',
      [
        [
          'aeg-sas-token',
          `r=https%3a%2f%2ft.eventgrid.azure.net&e=3%2f14%2f2026+10%3a26%3a53+AM&s=${encodeURIComponent(SIG)}`,
        ],
      ],
    ],
    'Alibaba OSS': [
      'oss-header',
      [['Authorization', `OSS LTAIFAKE0001:yN9WtB0lQheegAwva64yBuH3ZgU=`]],
    ],
    'Tencent COS': [
      'cos-header',
      [
        [
          'Authorization',
          `q-sign-algorithm=sha1&q-ak=AKIDFAKE0001&q-sign-time=1773480413;${END}&q-key-time=1773480413;${END}&q-header-list=host&q-url-param-list=&q-signature=9f3ab17c4de2085b6a71c3f0d94e5b82a6170c3d`,
        ],
      ],
    ],
    'HTTP message signatures': [
      'http-signatures',
      [
        [
          'Signature-Input',
          `sig1=("@method" "@path");created=1773480413;expires=${END};keyid="k1"`,
        ],
        ['Signature', `sig1=:${SIG}:`],
      ],
    ],
  }
  for (const [scheme, [dialect, headers]] of Object.entries(requests)) {
    test(`${scheme} is told, and its secret stays`, () => {
      const request: ExplainableRequest = {
        method: 'GET',
        url: 'https://h.example.test/q',
        headers,
      }
      const detection = detect(request)
      assert.equal(detection?.dialect, dialect)
      assert.equal(detection.form, 'header')
      const end = dialect === 'oss-header' ? null : new Date(END * 1000).toISOString()
      assert.equal(detection.expiresAt?.toISOString() ?? null, end)
      const explanation = explain(request, { now: NOW })
      const said = JSON.stringify([detection, explanation])
      assert.ok(!said.includes(SIG.slice(0, 20)) && !said.includes('9f3ab17c4de2085b6a71'))
    })
  }

  test('a token of Service Bus in a query is not called one of blobs', () => {
    const query = `sr=https%3A%2F%2Fns.servicebus.windows.net%2Fq&sig=${encodeURIComponent(SIG)}&se=${END}&skn=send`
    const detection = detect(`https://ns.servicebus.windows.net/q/messages?${query}`)
    assert.equal(detection?.dialect, 'service-bus')
    assert.equal(detection.keyId, 'send')
    assert.deepEqual(detection.secrets, ['sig'])
  })

  test('a trigger of Logic Apps is not called a token of blobs, with an end or without', () => {
    const url =
      'https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA'
    for (const text of [url, `${url}&se=2026-03-15T00:00:00Z`]) {
      assert.equal(detect(text)?.dialect, 'logic-apps')
    }
  })
})
