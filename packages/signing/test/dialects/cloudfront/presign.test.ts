import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  createCloudFrontCookies,
  createCloudFrontPrefix,
  createCloudFrontPrefixAsync,
  presignCloudFront,
} from '../../../src/cloudfront.ts'
import type { CloudFrontHashAlgorithm } from '../../../src/cloudfront.ts'
import { decodeCloudFrontBase64 } from '../../../src/dialects/cloudfront/params.ts'
import { parameterOf, pemOf } from '../cloud-support.ts'

const RSA = pemOf('hallpass-test-rsa-2').private
const EC = pemOf('hallpass-test-ec-1').private
const URL_ = 'https://d111111abcdef8.cloudfront.net/docs/report.pdf'
const NOW = new Date('2026-03-14T09:26:53.999Z')
const SIGNER = { keyPairId: 'KHALLPASSFAKE1', privateKey: RSA }

describe('CloudFront presigning', () => {
  test('the Resource of the policy is the emitted URL, byte for byte, whatever the URL needs', () => {
    const urls = [
      "https://h.test/a b/café+(1)'.pdf?q=x y&t='z'",
      'https://h.test/%7Euser/%2F?a=%20b&c=d+e',
      'https://h.test/a?&&x=1&&',
      'https://h.test:8443/?',
      'https://h.test',
      'https://h.test/<"|{}^`\\>?<"|{}^`\\>',
    ]
    for (const url of urls) {
      const signed = presignCloudFront({
        ...SIGNER,
        url,
        startsAt: NOW,
        expiresInSeconds: 60,
        now: NOW,
      })
      const policy = Buffer.from(
        decodeCloudFrontBase64(parameterOf(signed.url, 'Policy')) ?? [],
      ).toString()
      const resource = /"Resource":"([^"]*)"/.exec(policy)?.[1] ?? 'none'
      assert.ok(signed.url.startsWith(resource), resource)
      assert.match(signed.url.slice(resource.length), /^[?&]Policy=/)
      // What fetch would send is what was signed.
      assert.equal(new URL(signed.url).href, signed.url)
    }
  })

  test('half seconds are cut and never rounded up', () => {
    const { url, expiresAt } = presignCloudFront({
      ...SIGNER,
      url: URL_,
      expiresAt: new Date('2026-03-14T10:26:53.900Z'),
    })
    assert.equal(parameterOf(url, 'Expires'), '1773484013')
    assert.equal(expiresAt.toISOString(), '2026-03-14T10:26:53.000Z')
  })

  test('SHA-256 is the default and named in the URL; SHA-1 is not named', () => {
    const options = { ...SIGNER, url: URL_, expiresInSeconds: 60, now: NOW }
    assert.equal(parameterOf(presignCloudFront(options).url, 'Hash-Algorithm'), 'SHA256')
    const old = presignCloudFront({ ...options, hashAlgorithm: 'SHA1' })
    assert.equal(parameterOf(old.url, 'Hash-Algorithm'), '')
  })

  test('a bare address becomes a network of one', () => {
    const { url } = presignCloudFront({
      ...SIGNER,
      url: URL_,
      ip: '203.0.113.7',
      expiresInSeconds: 1,
    })
    const policy = Buffer.from(decodeCloudFrontBase64(parameterOf(url, 'Policy')) ?? []).toString()
    assert.match(policy, /"AWS:SourceIp":"203\.0\.113\.7\/32"/)
  })

  test('one signer gives a thousand URLs with one signature', async () => {
    for (const privateKey of [RSA, EC]) {
      const options = {
        keyPairId: 'K1',
        privateKey,
        resource: 'https://h.test/album/*',
        expiresInSeconds: 60,
        now: NOW,
      }
      const signer = createCloudFrontPrefix(options)
      const urls = Array.from(
        { length: 1000 },
        (_, index) => `https://h.test/album/${index}.jpg?v=${index}`,
      )
      const signed = signer.signAll(urls)
      assert.equal(signed.length, 1000)
      const signatures = new Set(signed.map(({ url }) => parameterOf(url, 'Signature')))
      assert.equal(signatures.size, 1)
      signed.forEach(({ url }, index) => assert.ok(url.startsWith(`${urls[index]}&Policy=`)))
      assert.throws(() => signer.sign('https://h.test/other/1.jpg'), /resource/)
      assert.throws(() => signer.sign('https://h.test/album/../x'), TypeError)
      const twin = await createCloudFrontPrefixAsync(options)
      assert.deepEqual(twin.expiresAt, signer.expiresAt)
    }
  })

  test('a star in the url of cookies is refused, and the message names resource', () => {
    const options = { ...SIGNER, expiresInSeconds: 60, now: NOW }
    const url = 'https://cdn.example.test/members/*'
    assert.throws(() => createCloudFrontCookies({ ...options, url }), {
      name: 'TypeError',
      message: /resource/,
    })
    assert.ok('CloudFront-Policy' in createCloudFrontCookies({ ...options, resource: url }).cookies)
  })

  test('cookies are Secure and HttpOnly, and bound to domain and path', () => {
    const { setCookie, cookies } = createCloudFrontCookies({
      ...SIGNER,
      resource: 'https://cdn.example.test/members/*',
      expiresInSeconds: 60,
      now: NOW,
      domain: 'example.test',
      path: '/members',
    })
    assert.equal(setCookie.length, Object.keys(cookies).length)
    for (const line of setCookie) {
      assert.match(line, /; Domain=example\.test; Path=\/members; Secure; HttpOnly$/)
    }
    const options = { ...SIGNER, url: URL_, expiresInSeconds: 60 }
    assert.throws(() => createCloudFrontCookies({ ...options, domain: 'a;b' }), /domain/)
    assert.throws(() => createCloudFrontCookies({ ...options, path: '/a;b' }), /path/)
    for (const sameSite of ['Strict', 'Lax', 'None'] as const) {
      for (const line of createCloudFrontCookies({ ...options, sameSite }).setCookie) {
        assert.match(line, new RegExp(`; Path=/; Secure; HttpOnly; SameSite=${sameSite}$`))
      }
    }
    const wrong = { ...options, sameSite: 'lax' as 'Lax' }
    assert.throws(() => createCloudFrontCookies(wrong), /sameSite/)
    assert.throws(() => createCloudFrontCookies({ ...SIGNER, expiresInSeconds: 60 }), /resource/)
  })

  test('a bad argument is named', () => {
    const base = { ...SIGNER, url: URL_, expiresInSeconds: 60, now: NOW }
    const cases: [object, RegExp][] = [
      [{ url: 'ftp://h/x' }, /url/],
      [{ url: 'https://user@h.test/x' }, /url/],
      [{ url: 'https://h.test/x#part' }, /url/],
      [{ url: 'https://H.test/x' }, /url/],
      [{ url: 'https://h.test:443/x' }, /url/],
      [{ url: 'http://h.test:80/x' }, /url/],
      [{ url: 'https://h.test/a/../b' }, /url/],
      [{ url: 'https://h.test/a/%2e%2E/b' }, /url/],
      [{ url: 'https://h.test/a\tb' }, /url/],
      [{ url: 'https://h.test/%zz' }, /url/],
      [{ url: 'https://h.test/\ud800' }, /url/],
      [{ url: 'https://h.test/?%ff' }, /url/],
      [{ url: 'https://h.test/?Expires=1' }, /Expires/],
      [{ url: 'https://h.test/?%50olicy=1' }, /Policy/],
      [{ url: 'https://h.test/*', startsAt: NOW }, /url/],
      [{ keyPairId: 'K 1' }, /keyPairId/],
      [{ keyPairId: '' }, /keyPairId/],
      [{ ip: '203.0.113.7/33' }, /ip/],
      [{ ip: '::1' }, /ip/],
      [{ ip: '' }, /ip/],
      [{ resource: '' }, /resource/],
      [{ resource: 'https://other.test/*' }, /resource/],
      [{ startsAt: new Date('2027-01-01') }, /startsAt/],
      [{ startsAt: new Date(Number.NaN) }, /startsAt/],
      [{ expiresInSeconds: 0 }, /expiresInSeconds/],
      [{ expiresInSeconds: 1.5 }, /expiresInSeconds/],
      [{ expiresAt: NOW }, /expiresAt/],
      [{ expiresInSeconds: undefined }, /expiresInSeconds/],
      [{ expiresInSeconds: 4_000_000_000 }, /2038/],
      [{ policy: '{}' }, /policy/],
      [{ hashAlgorithm: 'MD5' as CloudFrontHashAlgorithm }, /hashAlgorithm/],
      [{ privateKey: pemOf('hallpass-test-ed25519-1').private }, /privateKey/],
    ]
    for (const [change, message] of cases) {
      assert.throws(
        () => presignCloudFront({ ...base, ...change }),
        (error: Error) => {
          assert.ok(
            error instanceof TypeError || error instanceof RangeError,
            JSON.stringify(change),
          )
          assert.match(error.message, message)
          return true
        },
      )
    }
    assert.throws(() => presignCloudFront({ ...SIGNER, url: URL_, policy: '{"Statement":[]}' }), {
      code: 'policy-malformed',
    })
    assert.throws(() => presignCloudFront({ ...base, privateKey: 'no key' }), {
      code: 'key-invalid',
    })
  })
})
