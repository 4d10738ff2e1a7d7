import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createAkamaiToken, presignAkamai, verifyAkamai } from '../../../src/akamai.ts'
import type {
  AkamaiAlgorithm,
  AkamaiTokenOptions,
  VerifyAkamaiOptions,
} from '../../../src/akamai.ts'
import { assertRefused, cdnTokenVectors, propertyRuns, toRequest } from '../cdn-support.ts'

interface Args {
  readonly key: string
  readonly exp: number
  readonly st?: number
  readonly ip?: string
  readonly id?: string
  readonly data?: string
  readonly salt?: string
  readonly acl?: string | string[]
  readonly url?: string
  readonly algorithm?: AkamaiAlgorithm
  readonly escapeEarly?: boolean
}

const vectors = cdnTokenVectors<Args>('akamai')

function toOptions({ key, exp, st, id, acl: _acl, url: _url, ...rest }: Args): AkamaiTokenOptions {
  return {
    key,
    expiresAt: new Date(exp * 1000),
    ...(st === undefined ? {} : { startsAt: new Date(st * 1000) }),
    ...(id === undefined ? {} : { sessionId: id }),
    ...rest,
  }
}

function toVerifyOptions({ key, exp, salt, algorithm, escapeEarly }: Args): VerifyAkamaiOptions {
  return {
    keys: [key],
    now: new Date(exp * 1000),
    ...(salt === undefined ? {} : { salt }),
    ...(algorithm === undefined ? {} : { algorithm }),
    ...(escapeEarly === undefined ? {} : { escapeEarly }),
  }
}

/** The URL a vector's token is for, and that URL signed by us. */
function signVector(args: Args): string {
  const { acl, url } = args
  if (acl === undefined) {
    return presignAkamai({ ...toOptions(args), url: `https://h.test${encodeURI(url ?? '')}` }).url
  }
  const [first = ''] = [acl].flat()
  const fitting = first.replace('*', 'x.ts').replace('?', '1')
  return createAkamaiToken({ ...toOptions(args), acl }).sign(`https://h.test${fitting}`).url
}

test("tokens come out as Akamai's library makes them", () => {
  for (const { id, inputs, expected } of vectors) {
    assert.equal(signVector(inputs.args).split('__token__=')[1], expected.token, id)
  }
})

test('tokens verify', () => {
  for (const { id, inputs } of vectors) {
    const url = signVector(inputs.args)
    const clientIp = inputs.args.ip ?? '198.51.100.1'
    const options = toVerifyOptions(inputs.args)
    const verified = verifyAkamai(toRequest(url, { clientIp }), options)
    assert.equal(verified.sessionId, inputs.args.id ?? null, id)
    assert.equal(verified.data, inputs.args.data ?? null, id)
    assert.deepEqual(verified.acl, inputs.args.acl === undefined ? null : [inputs.args.acl].flat())
  }
})

const EdgeAuth = createRequire(import.meta.url)('akamai-edgeauth') as new (
  options: Record<string, unknown>,
) => { generateACLToken(acl: string | string[]): string; generateURLToken(url: string): string }

const key = 'a1b2c3d4e5f60718293a4b5c6d7e8f90'
const now = new Date('2026-03-14T10:00:00Z')
const exp = now.getTime() / 1000 + 300

test("any token equals the library's and verifies", () => {
  const text = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' })
  fc.assert(
    fc.property(
      fc.record({
        algorithm: fc.constantFrom<AkamaiAlgorithm>('sha256', 'sha1', 'md5'),
        ip: fc.option(fc.ipV4(), { nil: undefined }),
        startTime: fc.option(fc.integer({ min: 1, max: exp - 300 }), { nil: undefined }),
        sessionId: fc.option(text, { nil: undefined }),
        payload: fc.option(text, { nil: undefined }),
        salt: fc.option(text, { nil: undefined }),
        segment: fc.stringMatching(/^[a-z0-9 é'*~]{1,8}$/),
        isUrl: fc.boolean(),
      }),
      ({ algorithm, ip, startTime, sessionId, payload, salt, segment, isUrl }) => {
        const library = new EdgeAuth({
          key,
          algorithm,
          ip,
          startTime,
          endTime: exp,
          sessionId,
          payload,
          salt,
          escapeEarly: true,
        })
        const options = {
          key,
          algorithm,
          escapeEarly: true,
          expiresAt: new Date(exp * 1000),
          ...(ip === undefined ? {} : { ip }),
          ...(startTime === undefined ? {} : { startsAt: new Date(startTime * 1000) }),
          ...(sessionId === undefined ? {} : { sessionId }),
          ...(payload === undefined ? {} : { data: payload }),
          ...(salt === undefined ? {} : { salt }),
        }
        const url = `https://h.test/v/${encodeURIComponent(segment)}`
        const signed = isUrl
          ? presignAkamai({ ...options, url }).url
          : createAkamaiToken({ ...options, acl: ['/v/*', '/w/?'] }).sign(url).url
        const expected = isUrl
          ? library.generateURLToken(`/v/${segment}`)
          : library.generateACLToken(['/v/*', '/w/?'])
        assert.equal(signed.split('__token__=')[1], expected)
        const verified = verifyAkamai(toRequest(signed, { clientIp: ip ?? '192.0.2.1' }), {
          keys: [key],
          algorithm,
          escapeEarly: true,
          now,
          ...(salt === undefined ? {} : { salt }),
        })
        assert.deepEqual(
          [verified.sessionId, verified.data, verified.ip],
          [sessionId ?? null, payload ?? null, ip ?? null],
        )
      },
    ),
    { numRuns: propertyRuns },
  )
})

const base = { key, expiresInSeconds: 300, now }
const options = { keys: [key], now }
const acl = createAkamaiToken({ ...base, acl: '/videos/*' })

test('a token is taken from the query, a cookie or a header, and only from one', () => {
  const cookie = ['Cookie', `__token__=${acl.token}`]
  const header = ['__TOKEN__', acl.token]
  const verify = (url: string, headers: string[]) =>
    verifyAkamai(toRequest(url, { headers }), options)
  const plain = 'https://h.test/videos/1'
  const { url } = acl.sign(plain)
  assert.ok(verify(url, []))
  assert.ok(verify(plain, cookie))
  assert.ok(verify(plain, header))
  assertRefused(() => verify(plain, []), 'signature-missing')
  assertRefused(() => verify(url, cookie), 'credentials-ambiguous')
  assertRefused(() => verify(plain, [...cookie, ...header]), 'credentials-ambiguous')
  assertRefused(() => verify(`${url}&__token__=${acl.token}`, []), 'parameter-duplicate')
  assertRefused(() => verify(plain, [...cookie, ...cookie]), 'parameter-duplicate')
})

test('an ACL opens its paths only', () => {
  const verify = (path: string) =>
    verifyAkamai(toRequest(`https://h.test${path}?__token__=${acl.token}`), options)
  assert.deepEqual(verify('/videos/a/b').acl, ['/videos/*'])
  for (const path of [
    '/video',
    '/private',
    '/videos/../private',
    '/videos/%2E%2e/p',
    '/videos/..%5cp',
  ]) {
    assertRefused(() => verify(path), 'resource-mismatch', path)
  }
  assert.throws(() => acl.sign('https://h.test/private'), RangeError)
})

test('an ACL another library escaped is read all the same', () => {
  const library = new EdgeAuth({ key, endTime: exp, escapeEarly: true })
  const token = library.generateACLToken('%2fvideos%2f%2a')
  const request = toRequest(`https://h.test/videos/1?__token__=${token}`)
  assert.deepEqual(verifyAkamai(request, { ...options, escapeEarly: true }).acl, ['/videos/*'])
  assertRefused(() => verifyAkamai(request, options), 'resource-mismatch')
})

test('a URL token covers its path, and its query where the property says so', () => {
  const url = 'https://h.test/a?b=1'
  const bare = presignAkamai({ ...base, url }).url
  const whole = presignAkamai({ ...base, url, coversQuery: true }).url
  assert.ok(verifyAkamai(toRequest(bare.replace('b=1', 'b=2')), options))
  assert.ok(verifyAkamai(toRequest(whole), { ...options, coversQuery: true }))
  assertRefused(
    () => verifyAkamai(toRequest(whole.replace('b=1', 'b=2')), { ...options, coversQuery: true }),
    'signature-mismatch',
  )
  assertRefused(
    () => verifyAkamai(toRequest(bare), { ...options, coversQuery: true }),
    'signature-mismatch',
  )
})

test('an address-bound token needs just that address', () => {
  const token = createAkamaiToken({ ...base, acl: '/*', ip: '2001:db8::1' })
  const { url } = token.sign('https://h.test/a')
  const verify = (clientIp?: string) =>
    verifyAkamai(toRequest(url, clientIp === undefined ? {} : { clientIp }), options)
  assert.equal(verify('2001:DB8:0:0::1').ip, '2001:db8::1')
  assertRefused(() => verify('2001:db8::2'), 'ip-not-allowed')
  assertRefused(() => verify(), 'ip-not-allowed')
})

test('time counts from the first second to the last', () => {
  const token = createAkamaiToken({ ...base, acl: '/*', startsAt: now })
  const { url } = token.sign('https://h.test/a')
  const verify = (offset: number) =>
    verifyAkamai(toRequest(url), { ...options, now: new Date(now.getTime() + offset) })
  assert.ok(verify(0))
  assert.ok(verify(300_000))
  assertRefused(() => verify(-1), 'signature-not-yet-valid')
  assertRefused(() => verify(300_001), 'signature-expired')
})

test('each fault has its own code', () => {
  const { url } = acl.sign('https://h.test/videos/1')
  const verify = (changed: string, more: Partial<VerifyAkamaiOptions> = {}) =>
    verifyAkamai(toRequest(changed), { ...options, ...more })
  assertRefused(() => verify(url.replace('exp=', 'exp=1~exp=')), 'parameter-duplicate')
  assertRefused(() => verify(url.replace('~acl', '~url=/x~acl')), 'parameter-malformed')
  assertRefused(() => verify(url.replace('~hmac', '~salt=x~hmac')), 'parameter-malformed')
  assertRefused(() => verify(url.replace(/exp=\d+~/, '')), 'parameter-missing')
  assertRefused(() => verify(url.replace('~hmac', '~mac')), 'parameter-malformed')
  assertRefused(() => verify(url.replace('acl=/videos/*', 'acl=/*')), 'signature-mismatch')
  for (const mac of ['', '0', '0'.repeat(63), '0'.repeat(65), 'Z'.repeat(64), '0'.repeat(40)]) {
    assertRefused(() => verify(url.replace(/hmac=.*/, `hmac=${mac}`)), 'signature-malformed')
  }
  assertRefused(() => verify(url, { algorithm: 'sha1' }), 'signature-malformed')
  assertRefused(() => verify(url, { salt: 'x' }), 'signature-mismatch')
  assertRefused(() => verify(url, { keys: ['00'] }), 'signature-mismatch')
  assertRefused(() => verify(url, { keys: [] }), 'signature-mismatch')
  assertRefused(() => verify(url, { keys: [''] }), 'key-invalid')
  assert.ok(verify(url, { keys: ['00', key] }))
  assertRefused(
    () => verifyAkamai(toRequest(url, { method: 'POST' }), options),
    'permission-missing',
  )
})

test('options that cannot make a token are refused', () => {
  for (const bad of ['', 'a', 'zz', 'a1b2c3d4e']) {
    assert.throws(() => createAkamaiToken({ ...base, key: bad, acl: '/*' }), {
      code: 'key-invalid',
    })
  }
  for (const path of ['', 'videos/*', '/a!b', '/a~b', '/a b', []]) {
    assert.throws(() => createAkamaiToken({ ...base, acl: path }), TypeError)
  }
  for (const data of ['', 'a~b', 'a b', 'é', 'a%20b']) {
    assert.throws(() => createAkamaiToken({ ...base, acl: '/*', data }), TypeError, data)
  }
  assert.throws(
    () => createAkamaiToken({ ...base, acl: '/*', data: '\uD800', escapeEarly: true }),
    TypeError,
  )
  assert.throws(() => createAkamaiToken({ ...base, acl: '/*', ip: '1.2.3' }), TypeError)
  assert.throws(() => createAkamaiToken({ ...base, acl: '/*', tokenName: 'a=b' }), TypeError)
})
