import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../../conformance/lib/any-text.ts'
import { explain } from '../../../src/explain.ts'
import { createOssSigner, presignOss, verifyOss } from '../../../src/oss.ts'
import type { OssCredentials, OssRequest } from '../../../src/oss.ts'
import type { PresignedRequest, RawRequest } from '../../../src/types.ts'
import { assertRefused, bitFlips, propertyRuns } from '../cdn-support.ts'

const now = new Date(1_773_480_413_000)
const credentials: OssCredentials = {
  accessKeyId: 'LTAIFAKEHALLPASS0001',
  accessKeySecret: 'hallpassFakeOssSecret00000001',
}
const session: OssCredentials = {
  ...credentials,
  accessKeyId: 'STS.FAKEHALLPASS0001',
  securityToken: 'fake+token/for==tests',
}
const endpoint = 'https://oss-cn-hangzhou.aliyuncs.com'
const life = { expiresInSeconds: 600, now }
const keys = [credentials, session]
const options = {
  now,
  lookup: (id: string) => keys.find(({ accessKeyId }) => accessKeyId === id) ?? null,
}

function toRaw({ url, method, headers }: PresignedRequest): RawRequest {
  const [, host = '', target = ''] = /^https:\/\/([^/]+)(.*)$/.exec(url) ?? []
  return { method, target, headers: ['Host', host, ...Object.entries(headers).flat()] }
}

/** Made by ali-oss 6 with the same keys at the same moment. */
const SAMPLES: readonly (readonly [
  request: Omit<OssRequest, 'expiresInSeconds' | 'expiresAt'>,
  query: string,
  key?: OssCredentials,
])[] = [
  [
    { method: 'GET', bucket: 'reports', key: '2026/annual report.pdf' },
    'Signature=Zcaf%2BnfJiiXbndhRPhWdNqhE5tU%3D',
  ],
  [
    {
      method: 'GET',
      bucket: 'reports',
      key: '\u00fc/+&.txt',
      query: {
        'response-content-disposition': 'attachment; filename="a b.txt"',
        'response-content-type': 'text/plain',
      },
    },
    'Signature=JSFipSj3aHynyetvpwntHCtLWqc%3D&response-content-disposition=attachment%3B%20filename%3D%22a%20b.txt%22&response-content-type=text%2Fplain',
  ],
  [
    { method: 'PUT', bucket: 'reports', key: 'up.png', contentType: 'image/png' },
    'Signature=0fJWswBlEwavz3Of%2FrrSa%2BcioqY%3D',
  ],
  [
    {
      method: 'GET',
      bucket: 'reports',
      key: 'img.jpg',
      query: { 'x-oss-process': 'image/resize,w_200' },
    },
    'Signature=cQrQGwOVQ5po5CjuT4JbQxpT96A%3D&x-oss-process=image%2Fresize%2Cw_200',
  ],
  [
    { method: 'GET', bucket: 'reports', key: 'a.txt' },
    'Signature=vA3cClbUNLEvDt6fmBkDFm87qmI%3D&security-token=fake%2Btoken%2Ffor%3D%3Dtests',
    session,
  ],
]

test('URLs come out byte for byte as the service’s own library makes them, and verify', () => {
  for (const [request, query, key = credentials] of SAMPLES) {
    const signed = presignOss({ ...life, ...request, credentials: key, endpoint })
    const start = `OSSAccessKeyId=${key.accessKeyId}&Expires=1773481013&`
    assert.equal(signed.url.split('?')[1], start + query)
    assert.deepEqual(verifyOss(toRaw(signed), options), {
      accessKeyId: key.accessKeyId,
      method: request.method,
      bucket: 'reports',
      key: request.key,
      expiresAt: signed.expiresAt,
    })
  }
})

test('an upload with headers has the signature of the text that the documentation describes', () => {
  const signed = presignOss({
    ...life,
    method: 'PUT',
    bucket: 'oss-example',
    key: 'nelson',
    contentType: 'text/html',
    contentMd5: 'ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=',
    headers: { 'X-OSS-Meta-Author': 'foo@bar.com', 'X-OSS-Magic': 'abracadabra' },
    credentials,
    endpoint,
  })
  const text = [
    'PUT',
    'ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=',
    'text/html',
    '1773481013',
    'x-oss-magic:abracadabra',
    'x-oss-meta-author:foo@bar.com',
    '/oss-example/nelson',
  ].join('\n')
  const mac = createHmac('sha1', credentials.accessKeySecret).update(text).digest('base64')
  assert.ok(signed.url.endsWith(`Signature=${encodeURIComponent(mac)}`))
  verifyOss(toRaw(signed), options)
})

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

test('whatever is signed verifies, and no longer after any one-bit change', () => {
  const signer = createOssSigner({ credentials, endpoint, now })
  const base = { expiresInSeconds: 60, method: 'GET', bucket: 'reports' } as const
  fc.assert(
    fc.property(anyText({ maxLength: 12 }), anyText({ maxLength: 8 }), (name, text) => {
      const key = `x${name}`
      const signed = signer.sign({ ...base, key, query: { 'response-content-type': text } })
      assert.equal(verifyOss(toRaw(signed), options).key, key)
    }),
    { numRuns: propertyRuns },
  )
  const raw = toRaw(signer.sign({ ...base, key: 'a/b' }))
  for (const target of bitFlips(raw.target)) {
    if (decode(target) === decode(raw.target)) continue
    assertRefused(() => verifyOss({ ...raw, target }, options), undefined, target)
  }
})

suite('refused', () => {
  const put = presignOss({
    ...life,
    method: 'PUT',
    bucket: 'reports',
    key: 'a',
    contentType: 'image/png',
    headers: { 'x-oss-forbid-overwrite': 'true' },
    credentials,
    endpoint,
  })
  const raw = toRaw(put)

  test('another method, type, header or bucket', () => {
    verifyOss(raw, options)
    assertRefused(() => verifyOss({ ...raw, method: 'GET' }, options), 'signature-mismatch')
    const sent = { Host: 'reports.oss-cn-hangzhou.aliyuncs.com', ...put.headers }
    for (const [name, value] of [
      ['content-type', 'text/html'],
      ['x-oss-forbid-overwrite', 'false'],
      ['Host', 'other.oss-cn-hangzhou.aliyuncs.com'],
    ] as const) {
      const headers = Object.entries({ ...sent, [name]: value }).flat()
      assertRefused(() => verifyOss({ ...raw, headers }, options), 'signature-mismatch', name)
    }
  })

  test('another secret, and a key nobody knows', () => {
    const other = { ...credentials, accessKeySecret: 'x' }
    const wrong = { ...options, lookup: () => other }
    assertRefused(() => verifyOss(raw, wrong), 'signature-mismatch')
    assertRefused(() => verifyOss(raw, { ...options, lookup: () => null }), 'key-unknown')
  })

  test('after its end, a doubled parameter, a second authentication', () => {
    const late = new Date(now.getTime() + 600_001)
    assertRefused(() => verifyOss(raw, { ...options, now: late }), 'signature-expired')
    const doubled = { ...raw, target: `${raw.target}&Expires=9` }
    assertRefused(() => verifyOss(doubled, options), 'parameter-duplicate')
    const both = { ...raw, headers: [...raw.headers, 'Authorization', 'OSS a:b'] }
    assertRefused(() => verifyOss(both, options), 'credentials-ambiguous')
  })

  test('an own domain nobody knows; one that is known is taken', () => {
    const own = { ...raw, headers: ['Host', 'files.example.test', ...raw.headers.slice(2)] }
    assertRefused(() => verifyOss(own, options), 'resource-mismatch')
    verifyOss(own, { ...options, bucketOf: () => 'reports' })
    const bound = presignOss({
      ...life,
      method: 'GET',
      bucket: 'reports',
      key: 'a',
      credentials,
      endpoint: 'https://files.example.test',
      isOwnDomain: true,
    })
    assert.match(bound.url, /^https:\/\/files\.example\.test\/a\?/)
    verifyOss(toRaw(bound), { ...options, bucketOf: () => 'reports' })
  })

  test('a session’s URL without its token, and a token that is not the key’s', () => {
    const base = { ...life, method: 'GET', bucket: 'reports', key: 'a', endpoint } as const
    const of = toRaw(presignOss({ ...base, credentials: session }))
    const other = { ...options, lookup: () => ({ ...session, securityToken: 'other' }) }
    assertRefused(() => verifyOss(of, other), 'token-invalid')
    const without = { ...of, target: of.target.replace(/&security-token=.*/, '') }
    assertRefused(() => verifyOss(without, options), 'signature-mismatch')
  })

  test('options that would not be signed, or are none', () => {
    const base = {
      ...life,
      method: 'GET',
      bucket: 'reports',
      key: 'a',
      credentials,
      endpoint,
    } as const
    for (const wrong of [
      { query: { foo: '1' } },
      { headers: { 'x-amz-acl': 'private' } },
      { bucket: 'A' },
      { key: '/a' },
      { key: '' },
      { endpoint: 'oss-cn-hangzhou.aliyuncs.com' },
    ]) {
      assert.throws(() => presignOss({ ...base, ...wrong }), TypeError)
    }
  })
})

interface Change {
  readonly method?: string
  readonly url?: string
  readonly type?: string
  readonly secret?: string
}

test('explain finds out what happened to a URL', () => {
  const signed = presignOss({
    ...life,
    method: 'PUT',
    bucket: 'reports',
    key: 'my file.png',
    contentType: 'image/png',
    credentials,
    endpoint,
  })
  const { accessKeyId: id, accessKeySecret } = credentials
  const first = (change: Change): string | undefined => {
    const {
      method = 'PUT',
      url = signed.url,
      type = 'image/png',
      secret = accessKeySecret,
    } = change
    const headers: [string, string][] = type === '' ? [] : [['Content-Type', type]]
    const key = { dialect: 'oss', id, secret } as const
    return explain({ method, url, headers }, { keys: [key], now }).causes[0]?.code
  }
  assert.equal(first({}), 'nothing-found')
  assert.equal(first({ method: 'GET' }), 'method-differs')
  assert.equal(first({ type: 'text/plain' }), 'header-changed')
  assert.equal(first({ type: '' }), 'header-missing')
  assert.equal(first({ url: signed.url.replace('my%20file', 'my+file') }), 'path-plus-for-space')
  assert.equal(first({ secret: `${accessKeySecret}\n` }), 'secret-whitespace')
  assert.equal(first({ secret: 'other' }), 'key-mismatch')
  const host = 'reports.oss-cn-hangzhou.aliyuncs.com'
  assert.equal(first({ url: signed.url.replace(host, 'reports.example.test') }), 'nothing-found')
})
