import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { anyText } from '../../../../../conformance/lib/any-text.ts'
import { createCosSigner, presignCos, verifyCos } from '../../../src/cos.ts'
import { prepareCosKey } from '../../../src/dialects/cos/params.ts'
import { signCosText } from '../../../src/dialects/cos/string-to-sign.ts'
import { explain } from '../../../src/explain.ts'
import type { PresignedRequest, RawRequest } from '../../../src/types.ts'
import { assertRefused, bitFlips, propertyRuns } from '../cdn-support.ts'

const now = new Date(1_773_480_413_000)
const credentials = {
  secretId: 'AKIDFAKEHALLPASS0001',
  secretKey: 'hallpassFakeCosSecret00000001',
}
const endpoint = 'https://reports-1250000000.cos.ap-beijing.myqcloud.com'
const life = { expiresInSeconds: 600, now }
const options = {
  now,
  lookup: (id: string) => (id === credentials.secretId ? credentials : null),
}

function toRaw({ url, method, headers }: PresignedRequest): RawRequest {
  const [, host = '', target = ''] = /^https:\/\/([^/]+)(.*)$/.exec(url) ?? []
  return { method, target, headers: ['Host', host, ...Object.entries(headers).flat()] }
}

test('the two samples of the service’s documentation come out as they are printed', () => {
  const key = prepareCosKey('BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz')
  const host = ['host', 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com'] as const
  const path = '/exampleobject(\u817e\u8baf\u4e91)'
  const put = '1557989151;1557996351'
  const uploaded = signCosText(key, put, put, {
    method: 'PUT',
    path,
    parameters: [],
    headers: [
      ['Date', 'Thu, 16 May 2019 06:45:51 GMT'],
      host,
      ['Content-Type', 'text/plain'],
      ['Content-Length', '13'],
      ['Content-MD5', 'mQ/fVh815F3k6TAUm8m0eg=='],
      ['x-cos-acl', 'private'],
      ['x-cos-grant-read', 'uin="100000000011"'],
    ],
  })
  assert.equal(uploaded, '3b8851a11a569213c17ba8fa7dcf2abec6935172')
  const get = '1557989753;1557996953'
  const downloaded = signCosText(key, get, get, {
    method: 'GET',
    path,
    parameters: [
      ['response-content-type', 'application/octet-stream'],
      ['response-cache-control', 'max-age=600'],
    ],
    headers: [['Date', 'Thu, 16 May 2019 06:55:53 GMT'], host],
  })
  assert.equal(downloaded, '01681b8c9d798a678e43b685a9f1bba0f6c0e012')
})

test('signatures are those of the service’s own library', () => {
  // Made by cos-nodejs-sdk-v5 2 with the same keys and times.
  const got = presignCos({
    ...life,
    method: 'GET',
    key: '2026/annual report.pdf',
    credentials,
    endpoint,
  })
  assert.match(
    got.url,
    /q-header-list=host&.*q-signature=17fc03fab7dfc50d97f57a0ff26e50f361ea6be5$/,
  )
  const query = { 'response-content-disposition': 'attachment; filename="a b.txt"' }
  const base = {
    ...life,
    method: 'PUT',
    key: '\u00fc/+&.txt',
    query,
    credentials,
    endpoint,
  } as const
  assert.match(presignCos(base).url, /q-signature=973983376129426b24c9826a053e062797e12e37$/)
  const typed = presignCos({ ...base, headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
  assert.deepEqual(verifyCos(toRaw(typed), options).signedHeaders, ['content-type', 'host'])
})

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

test('whatever is signed verifies, and no longer after any one-bit change', () => {
  const signer = createCosSigner({ credentials, endpoint, now })
  fc.assert(
    fc.property(anyText({ maxLength: 12 }), anyText({ maxLength: 8 }), (name, text) => {
      const key = `x${name}`
      const query = { 'response-content-type': text }
      const signed = signer.sign({ expiresInSeconds: 60, method: 'GET', key, query })
      assert.equal(verifyCos(toRaw(signed), options).key, key)
    }),
    { numRuns: propertyRuns },
  )
  const raw = toRaw(signer.sign({ expiresInSeconds: 60, method: 'GET', key: 'a/b' }))
  for (const target of bitFlips(raw.target)) {
    if (decode(target) === decode(raw.target)) continue
    assertRefused(() => verifyCos({ ...raw, target }, options), undefined, target)
  }
})

suite('refused', () => {
  const signed = presignCos({
    ...life,
    method: 'PUT',
    key: 'a',
    headers: { 'content-type': 'image/png' },
    credentials,
    endpoint,
  })
  const raw = toRaw(signed)

  test('another method or host, a signed header that did not come, a key nobody knows', () => {
    verifyCos(raw, options)
    assertRefused(() => verifyCos({ ...raw, method: 'GET' }, options), 'signature-mismatch')
    const headers = ['Host', 'other-1.cos.ap-beijing.myqcloud.com', 'content-type', 'image/png']
    assertRefused(() => verifyCos({ ...raw, headers }, options), 'signature-mismatch')
    const bare = { ...raw, headers: raw.headers.slice(0, 2) }
    assertRefused(() => verifyCos(bare, options), 'header-missing')
    assertRefused(() => verifyCos(raw, { ...options, lookup: () => null }), 'key-unknown')
  })

  test('before its start and after its end', () => {
    const at = (ms: number): Date => new Date(now.getTime() + ms)
    verifyCos(raw, { ...options, now: at(600_000) })
    assertRefused(() => verifyCos(raw, { ...options, now: at(600_001) }), 'signature-expired')
    assertRefused(() => verifyCos(raw, { ...options, now: at(-1) }), 'signature-not-yet-valid')
  })

  test('parameters nobody signed and a host nobody signed, unless they are allowed', () => {
    const more = { ...raw, target: `${raw.target}&response-content-type=text/html` }
    assertRefused(() => verifyCos(more, options), 'parameter-malformed')
    verifyCos(more, { ...options, allowsUnsigned: true })
    const time = '1773480413;1773481013'
    const text = { method: 'GET', path: '/a', parameters: [], headers: [] }
    const mac = signCosText(prepareCosKey(credentials.secretKey), time, time, text)
    const target = `/a?q-sign-algorithm=sha1&q-ak=${credentials.secretId}&q-sign-time=${time}&q-key-time=${time}&q-header-list=&q-url-param-list=&q-signature=${mac}`
    const open = { ...raw, method: 'GET', target }
    assertRefused(() => verifyCos(open, options), 'headers-unsigned')
    verifyCos(open, { ...options, allowsUnsigned: true })
  })

  test('a doubled parameter, another algorithm, a second authentication', () => {
    const change = (from: string, to: string): RawRequest => ({
      ...raw,
      target: raw.target.replace(from, to),
    })
    assertRefused(() => verifyCos(change('?', '?q-ak=x&'), options), 'parameter-duplicate')
    assertRefused(() => verifyCos(change('=sha1', '=md5'), options), 'algorithm-unsupported')
    const both = { ...raw, headers: [...raw.headers, 'Authorization', 'x'] }
    assertRefused(() => verifyCos(both, options), 'credentials-ambiguous')
  })

  test('options that cannot be signed', () => {
    const base = { ...life, method: 'GET', key: 'a', credentials, endpoint } as const
    for (const wrong of [{ query: { 'q-ak': 'x' } }, { headers: { Host: 'x' } }, { key: '/a' }]) {
      assert.throws(() => presignCos({ ...base, ...wrong }), TypeError)
    }
  })
})

test('explain finds out what happened to a URL', () => {
  const signed = presignCos({ ...life, method: 'GET', key: 'my file.txt', credentials, endpoint })
  const first = (change: {
    readonly method?: string
    readonly url?: string
    readonly secret?: string
  }): string | undefined => {
    const { method = 'GET', url = signed.url, secret = credentials.secretKey } = change
    const key = { dialect: 'cos', id: credentials.secretId, secret } as const
    return explain({ method, url, headers: [] }, { keys: [key], now }).causes[0]?.code
  }
  assert.equal(first({}), 'nothing-found')
  assert.equal(first({ method: 'HEAD' }), 'method-differs')
  assert.equal(first({ url: signed.url.replace('my%20file', 'my+file') }), 'path-plus-for-space')
  assert.equal(first({ url: signed.url.replace('.com/', '.com:8443/') }), 'port-changed')
  assert.equal(first({ secret: ` ${credentials.secretKey}` }), 'secret-whitespace')
  assert.equal(first({ secret: 'other' }), 'key-mismatch')
})
