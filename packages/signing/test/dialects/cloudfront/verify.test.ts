import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  createCloudFrontCookies,
  presignCloudFront,
  verifyCloudFront,
  verifyCloudFrontCookies,
} from '../../../src/cloudfront.ts'
import { encodeCloudFrontBase64 } from '../../../src/dialects/cloudfront/params.ts'
import { formatCustomPolicy } from '../../../src/dialects/cloudfront/string-to-sign.ts'
import { utf8 } from '../../../src/lib/bytes.ts'
import { preparePrivateKey, signBytes } from '../../../src/lib/public-key.ts'
import { isSigningError } from '../../../src/errors.ts'
import type { RawRequest } from '../../../src/types.ts'
import { flippedTexts, keys, pemOf, requestOf } from '../cloud-support.ts'

const NOW = new Date('2026-03-14T09:30:00Z')
const known = new Map(
  Object.values(keys.cloudfront).map(({ keyPairId, keyName }) => [
    keyPairId,
    pemOf(keyName).public,
  ]),
)
const options = { lookup: (id: string) => known.get(id) ?? null, now: NOW }
const RSA = pemOf('hallpass-test-rsa-2').private
const URL_ = 'https://d111111abcdef8.cloudfront.net/docs/report.pdf'

describe('CloudFront verifying', () => {
  test('the last second is out and the first is in', () => {
    const startsAt = new Date('2026-01-01T00:00:10Z')
    const expiresAt = new Date('2026-01-01T00:00:20Z')
    const { url } = presignCloudFront({
      url: URL_,
      keyPairId: 'KHALLPASSFAKE1',
      privateKey: RSA,
      startsAt,
      expiresAt,
    })
    const at = (time: string) => (): unknown =>
      verifyCloudFront(requestOf(url), { ...options, now: new Date(time) })
    assert.throws(at('2026-01-01T00:00:09.999Z'), { code: 'signature-not-yet-valid' })
    assert.ok(at('2026-01-01T00:00:10.000Z')())
    assert.ok(at('2026-01-01T00:00:19.999Z')())
    assert.throws(at('2026-01-01T00:00:20.000Z'), { code: 'signature-expired' })
  })

  test('an address-bound policy refuses an unknown client', () => {
    const { url } = presignCloudFront({
      url: URL_,
      keyPairId: 'KHALLPASSFAKE1',
      privateKey: RSA,
      ip: '203.0.113.0/24',
      expiresInSeconds: 60,
      now: NOW,
    })
    assert.ok(verifyCloudFront(requestOf(url, { clientIp: '203.0.113.200' }), options))
    for (const clientIp of ['203.0.114.1', '::1', 'nonsense', '']) {
      assert.throws(() => verifyCloudFront(requestOf(url, { clientIp }), options), {
        code: 'ip-not-allowed',
      })
    }
    assert.throws(() => verifyCloudFront(requestOf(url), options), { code: 'ip-not-allowed' })
  })

  test('a wildcard never opens a folded path', () => {
    const policy = formatCustomPolicy({
      resource: 'https://h.test/public/*',
      expires: 1773484013,
      starts: null,
      ip: null,
    })
    for (const path of ['/public/../x', '/public/%2e%2e/x', '/public/..%2fx', '/public/.%2E%5cx']) {
      assert.throws(
        () => verifyCloudFront(requestOf(signedUrl(`https://h.test${path}`, policy)), options),
        { code: 'resource-mismatch' },
        path,
      )
    }
  })

  test('an escaped question mark is one, an unescaped one is any character', () => {
    const cases: [string, string, boolean][] = [
      ['https://h.test/a\\?x=1', 'https://h.test/a?x=1', true],
      ['https://h.test/a\\?x=1', 'https://h.test/a-x=1', false],
      ['https://h.test/a?x=1', 'https://h.test/a-x=1', true],
      ['https://h.test/a*', 'https://h.test/a?b=1&c=2', true],
    ]
    for (const [resource, url, allowed] of cases) {
      const policy = formatCustomPolicy({ resource, expires: 1773484013, starts: null, ip: null })
      const run = (): unknown => verifyCloudFront(requestOf(signedUrl(url, policy)), options)
      if (allowed) assert.ok(run())
      else assert.throws(run, { code: 'resource-mismatch' })
    }
  })

  test('what is missing, doubled, mixed or malformed has its own code', () => {
    const good = presignCloudFront({
      url: `${URL_}?a=1`,
      keyPairId: 'KHALLPASSFAKE1',
      privateKey: RSA,
      expiresInSeconds: 60,
      now: NOW,
    }).url
    const change = (from: RegExp, to: string): string => good.replace(from, to)
    const cases: [string, string][] = [
      [`${URL_}?a=1`, 'signature-missing'],
      [change(/&Signature=[^&]*/, ''), 'parameter-missing'],
      [change(/&Key-Pair-Id=[^&]*/, ''), 'parameter-missing'],
      [change(/&Expires=[^&]*/, ''), 'parameter-missing'],
      [change(/Key-Pair-Id=[^&]*/, 'Key-Pair-Id='), 'parameter-missing'],
      [`${good}&Expires=9999999999`, 'parameter-duplicate'],
      [`${good}&Hash-Algorithm=SHA1`, 'parameter-duplicate'],
      [`${good}&Signature=`, 'parameter-duplicate'],
      [`${good}&Policy=abc_`, 'credentials-ambiguous'],
      [change(/&Expires=/, '&%45xpires='), 'parameter-malformed'],
      [change(/Expires=[^&]*/, 'Expires=1e9'), 'parameter-malformed'],
      [change(/Expires=[^&]*/, 'Expires=+1'), 'parameter-malformed'],
      [change(/Expires=[^&]*/, 'Expires='), 'parameter-malformed'],
      [change(/Expires=[^&]*/, 'Expires=9999999999'), 'signature-mismatch'],
      [change(/Key-Pair-Id=[^&]*/, 'Key-Pair-Id=KOTHER'), 'key-unknown'],
      [change(/Hash-Algorithm=SHA256/, 'Hash-Algorithm=SHA512'), 'algorithm-unsupported'],
      [change(/Hash-Algorithm=SHA256/, 'Hash-Algorithm=sha256'), 'algorithm-unsupported'],
      [change(/&Hash-Algorithm=SHA256/, ''), 'signature-mismatch'],
      [change(/Signature=[^&]*/, 'Signature=abc'), 'signature-malformed'],
      [change(/Signature=[^&]*/, `Signature=${'A'.repeat(344)}`), 'signature-mismatch'],
      [change(/Signature=./, 'Signature=+'), 'signature-malformed'],
      [`${good}&utm_source=x`, 'signature-mismatch'],
      [change(/a=1/, 'a=2'), 'signature-mismatch'],
      [change(/report/, 'raport'), 'signature-mismatch'],
      [`${good}&x=%ff`, 'parameter-malformed'],
    ]
    for (const [url, code] of cases) {
      assert.throws(
        () => verifyCloudFront(requestOf(url), options),
        { code },
        `${code} ${url.slice(0, 90)}`,
      )
    }
    assert.throws(
      () => verifyCloudFront(requestOf(good), { ...options, hashAlgorithms: ['SHA1'] }),
      { code: 'algorithm-unsupported' },
    )
    const ed = pemOf('hallpass-test-ed25519-1').public
    assert.throws(() => verifyCloudFront(requestOf(good), { ...options, lookup: () => ed }), {
      code: 'algorithm-unsupported',
    })
    const other = pemOf('hallpass-test-rsa-1').public
    assert.throws(() => verifyCloudFront(requestOf(good), { ...options, lookup: () => other }), {
      code: 'signature-mismatch',
    })
    const ec = pemOf('hallpass-test-ec-1').public
    assert.throws(() => verifyCloudFront(requestOf(good), { ...options, lookup: () => ec }), {
      code: 'signature-mismatch',
    })
    const request = requestOf(good)
    assert.throws(
      () =>
        verifyCloudFront(
          { ...request, headers: [...request.headers, 'host', 'other.test'] },
          options,
        ),
      { code: 'parameter-duplicate' },
    )
    assert.throws(() => verifyCloudFront({ ...request, headers: [] }, options), {
      code: 'header-missing',
    })
    assert.throws(() => verifyCloudFront({ ...request, scheme: 'http' }, options), {
      code: 'signature-mismatch',
    })
  })

  test('a policy is read only after its signature holds, and then strictly', () => {
    const unsigned = `${URL_}?Policy=${encodeCloudFrontBase64(utf8('['.repeat(6000)))}&Key-Pair-Id=KHALLPASSFAKE1&Signature=${'A'.repeat(344)}`
    assert.throws(() => verifyCloudFront(requestOf(unsigned), options), {
      code: 'signature-mismatch',
    })
    const statement = (more: string): string =>
      `{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1773484013}}${more}}]}`
    const condition = (text: string): string =>
      `{"Statement":[{"Resource":"*","Condition":{${text}}}]}`
    const bad = [
      'x',
      '[]',
      '{}',
      '{"Statement":{}}',
      '{"Statement":[]}',
      '['.repeat(4000),
      statement(',"Effect":"Allow"'),
      condition(''),
      condition('"DateLessThan":{"AWS:EpochTime":"1773484013"}'),
      condition('"DateLessThan":{"AWS:EpochTime":1.5}'),
      condition('"DateLessThan":{"AWS:EpochTime":99999999999}'),
      condition('"DateLessThan":1'),
      condition('"DateLessThan":{"AWS:EpochTime":1773484013},"Bool":{}'),
      condition('"DateLessThan":{"AWS:EpochTime":1773484013},"IpAddress":{"AWS:SourceIp":"::/0"}'),
      condition(
        '"DateLessThan":{"AWS:EpochTime":1773484013},"IpAddress":{"AWS:SourceIp":["0.0.0.0/0"]}',
      ),
      '{"Statement":[{"Resource":"*","Condition":{"DateLessThan":{"AWS:EpochTime":1773484013}}},{}]}',
    ]
    for (const policy of bad) {
      assert.throws(
        () => verifyCloudFront(requestOf(signedUrl(URL_, policy)), options),
        { code: 'policy-malformed' },
        policy.slice(0, 80),
      )
    }
  })

  test('cookies: doubled ones, and parameters in cookie and query at once, are refused', () => {
    const { cookies } = createCloudFrontCookies({
      url: URL_,
      keyPairId: 'KHALLPASSFAKE1',
      privateKey: RSA,
      expiresInSeconds: 60,
      now: NOW,
    })
    const header = Object.entries(cookies)
      .map(([name, value]) => `${name}=${value}`)
      .join('; ')
    const request = (text: string, url = URL_): RawRequest =>
      requestOf(url, { extraHeaders: ['Cookie', text] })
    assert.ok(verifyCloudFrontCookies(request(`a=b; ${header}; c=d`), options))
    assert.throws(
      () => verifyCloudFrontCookies(request(`${header}; CloudFront-Expires=9`), options),
      { code: 'parameter-duplicate' },
    )
    assert.throws(() => verifyCloudFrontCookies(request(header, `${URL_}?Expires=1`), options), {
      code: 'credentials-ambiguous',
    })
    assert.throws(() => verifyCloudFrontCookies(request(''), options), {
      code: 'signature-missing',
    })
    assert.throws(() => verifyCloudFront(request(header), options), { code: 'signature-missing' })
    assert.throws(() => verifyCloudFrontCookies(request(header, `${URL_}?a=1`), options), {
      code: 'signature-mismatch',
    })
  })

  test('no error message holds the signature, the policy or the URL', () => {
    const good = presignCloudFront({
      url: URL_,
      keyPairId: 'KHALLPASSFAKE1',
      privateKey: RSA,
      expiresInSeconds: 60,
      now: NOW,
    }).url
    const signature = /Signature=([^&]*)/.exec(good)?.[1] ?? ''
    for (const changed of flippedTexts(good.slice(good.indexOf('?')))) {
      try {
        verifyCloudFront(requestOf(URL_ + changed), options)
        assert.fail('taken')
      } catch (error) {
        assert.ok(isSigningError(error))
        const text = `${error.message} ${JSON.stringify(error.details)}`
        assert.equal(text.includes(signature.slice(10, 30)), false)
        assert.equal(text.includes('d111111abcdef8'), false)
      }
    }
  })
})

function signedUrl(url: string, policy: string): string {
  const signature = signBytes(preparePrivateKey(RSA, 'key'), 'sha1', utf8(policy))
  const mark = url.includes('?') ? '&' : '?'
  return `${url}${mark}Policy=${encodeCloudFrontBase64(utf8(policy))}&Key-Pair-Id=KHALLPASSFAKE1&Signature=${encodeCloudFrontBase64(signature)}`
}
