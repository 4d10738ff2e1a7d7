import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  createMediaCdnToken,
  createMediaCdnTokenAsync,
  verifyMediaCdnToken,
  verifyMediaCdnTokenAsync,
} from '../../../src/media-cdn.ts'
import type { MediaCdnTokenOptions, MediaCdnTokenVerifyKey } from '../../../src/media-cdn.ts'
import type { GoogleCdnVector } from '../cdn-support.ts'
import {
  assertRefused,
  cdnTokenVectors,
  googleCdnVectors,
  propertyRuns,
  toRequest,
} from '../cdn-support.ts'

type Algorithm = 'ed25519' | 'sha1' | 'sha256'

interface Args {
  readonly algorithm: Algorithm
  readonly key: string
  readonly urlPrefix?: string
  readonly pathGlobs?: string
  readonly fullPath?: string
  readonly starts?: number
  readonly expires: number
  readonly sessionId?: string
  readonly data?: string
  readonly headers?: readonly { readonly name: string; readonly value: string }[]
  readonly ipRanges?: string
}

interface Case {
  readonly id: string
  readonly args: Args
  readonly token: string
}

function fromSample({ input, expected, test: id }: GoogleCdnVector): Case {
  const args = {
    algorithm: input.signature_algorithm ?? 'ed25519',
    key: input.base64_key,
    expires: input.expiration_time ?? 0,
    ...(input.url_prefix === undefined ? {} : { urlPrefix: input.url_prefix }),
    ...(input.path_globs === undefined ? {} : { pathGlobs: input.path_globs }),
    ...(input.full_path === undefined ? {} : { fullPath: input.full_path }),
    ...(input.start_time === undefined ? {} : { starts: input.start_time }),
    ...(input.session_id === undefined ? {} : { sessionId: input.session_id }),
    ...(input.data === undefined ? {} : { data: input.data }),
    ...(input.headers === undefined ? {} : { headers: input.headers }),
    ...(input.ip_ranges === undefined ? {} : { ipRanges: input.ip_ranges }),
  }
  return { id, args, token: expected }
}

const cases: Case[] = [
  ...googleCdnVectors('media-cdn-token')
    .filter((vector) => vector.function === 'sign_token')
    .map(fromSample),
  ...cdnTokenVectors<Args>('media-token').map(({ id, inputs, expected }) => ({
    id,
    args: inputs.args,
    token: expected.token,
  })),
]

function toOptions(args: Args): MediaCdnTokenOptions {
  const { algorithm, key, pathGlobs, starts, expires, headers, ipRanges, ...rest } = args
  return {
    key: algorithm === 'ed25519' ? { algorithm, key } : { algorithm, secret: key },
    expiresAt: new Date(expires * 1000),
    ...rest,
    ...(pathGlobs === undefined ? {} : { pathGlobs: pathGlobs.split(',') }),
    ...(starts === undefined ? {} : { startsAt: new Date(starts * 1000) }),
    ...(headers === undefined
      ? {}
      : { headers: headers.map(({ name, value }) => [name, value] as const) }),
    ...(ipRanges === undefined ? {} : { ipRanges: ipRanges.split(',') }),
  }
}

function toVerifyKey({ algorithm, key }: Args): MediaCdnTokenVerifyKey {
  if (algorithm !== 'ed25519') return { algorithm, secret: key }
  const der = Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(key, 'base64url'),
  ])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  return { algorithm, publicKey: createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '' }
}

/** A request the token opens. */
function toTokenRequest(args: Args, token: string) {
  const base = args.urlPrefix ?? `https://media.example.test${args.fullPath ?? '/a/x.ts'}`
  const headers = (args.headers ?? []).flatMap(({ name, value }) => [name, value])
  return toRequest(`${base}?x=1&edge-cache-token=${token}`, { headers, clientIp: '203.0.113.7' })
}

test('tokens come out byte for byte, in both ways', async () => {
  assert.ok(cases.length >= 16)
  for (const { id, args, token } of cases) {
    assert.equal(createMediaCdnToken(toOptions(args)).token, token, id)
    assert.equal((await createMediaCdnTokenAsync(toOptions(args))).token, token, id)
  }
})

test('tokens verify', async () => {
  for (const { id, args, token } of cases) {
    const options = { keys: [toVerifyKey(args)], now: new Date(args.expires * 1000) }
    const verified = verifyMediaCdnToken(toTokenRequest(args, token), options)
    assert.equal(verified.sessionId, args.sessionId ?? null, id)
    assert.equal(verified.data, args.data ?? null, id)
    assert.equal(
      verified.startsAt?.getTime(),
      args.starts === undefined ? undefined : args.starts * 1000,
    )
    assert.deepEqual(await verifyMediaCdnTokenAsync(toTokenRequest(args, token), options), verified)
  }
})

const secret = 'aGFsbHBhc3MgZmFrZSBtZWRpYSBobWFjIGtleSAwMDEh'
const now = new Date('2026-03-14T10:00:00Z')
const base = {
  key: { algorithm: 'sha256', secret },
  expiresInSeconds: 300,
  now,
} as const
const options = { keys: [{ algorithm: 'sha256', secret }] as const, now }

test('whatever is signed verifies', () => {
  const text = fc.stringMatching(/^[A-Za-z0-9._!$@/-]{1,20}$/)
  fc.assert(
    fc.property(text, text, fc.ipV4(), (sessionId, data, address) => {
      const token = createMediaCdnToken({
        ...base,
        pathGlobs: ['/a/*'],
        startsAt: now,
        sessionId,
        data,
        ipRanges: [`${address}/32`],
      })
      const { url } = token.sign('https://media.example.test/a/b?x=1')
      const verified = verifyMediaCdnToken(toRequest(url, { clientIp: address }), options)
      assert.deepEqual([verified.sessionId, verified.data], [sessionId, data])
      assertRefused(() => verifyMediaCdnToken(toRequest(url), options), 'ip-not-allowed')
    }),
    { numRuns: propertyRuns },
  )
})

test('a token opens its scope only', () => {
  const globs = createMediaCdnToken({ ...base, pathGlobs: ['/a/*', '/b/?.ts'] })
  const verify = (path: string) =>
    verifyMediaCdnToken(toRequest(`https://h.test${path}?edge-cache-token=${globs.token}`), options)
  assert.ok(verify('/a/b/c'))
  assert.ok(verify('/b/1.ts'))
  for (const path of ['/b/12.ts', '/c', '/a/../c', '/a/%2e%2e/c', '/a/..%2fc']) {
    assertRefused(() => verify(path), 'resource-mismatch', path)
  }
  assert.throws(() => globs.sign('https://h.test/c'), RangeError)
  const full = createMediaCdnToken({ ...base, fullPath: '/a' })
  assert.ok(verifyMediaCdnToken(toRequest(full.sign('https://h.test/a').url), options).fullPath)
  assertRefused(
    () =>
      verifyMediaCdnToken(
        toRequest(full.sign('https://h.test/a').url.replace('/a', '/b')),
        options,
      ),
    'signature-mismatch',
  )
})

test('an address binding cannot be moved from the token into a header', () => {
  const bound = createMediaCdnToken({
    ...base,
    pathGlobs: ['/*'],
    headers: { Foo: 'bar' },
    ipRanges: ['203.0.113.0/24'],
  })
  const ranges = /~(IPRanges=[^~]*)/.exec(bound.token)?.[1] ?? ''
  const freed = bound.token.replace(`~${ranges}`, '')
  const request = toRequest(`https://h.test/a?edge-cache-token=${freed}`, {
    headers: ['Foo', `bar~${ranges}`],
  })
  assertRefused(() => verifyMediaCdnToken(request, options), 'parameter-malformed')
  assert.throws(
    () => createMediaCdnToken({ ...base, pathGlobs: ['/*'], headers: { a: '1,b=2' } }),
    TypeError,
  )
})

test('headers the token demands must come, once and unchanged', () => {
  const token = createMediaCdnToken({ ...base, pathGlobs: ['/*'], headers: { 'X-Device': 'tv' } })
  const { url, headers } = token.sign('https://h.test/a')
  assert.deepEqual(headers, { 'x-device': 'tv' })
  const verify = (...sent: string[]) =>
    verifyMediaCdnToken(toRequest(url, { headers: sent }), options)
  assert.ok(verify('x-device', 'tv'))
  assertRefused(() => verify(), 'header-missing')
  assertRefused(() => verify('X-Device', 'phone'), 'signature-mismatch')
  assertRefused(() => verify('X-Device', 'tv', 'x-device', 'tv'), 'parameter-duplicate')
})

test('the algorithm belongs to the key, not to the token', () => {
  const { url } = createMediaCdnToken({ ...base, pathGlobs: ['/*'] }).sign('https://h.test/a')
  const verify = (keys: readonly MediaCdnTokenVerifyKey[]) =>
    verifyMediaCdnToken(toRequest(url), { keys, now })
  assertRefused(() => verify([{ algorithm: 'sha1', secret }]), 'algorithm-unsupported')
  assertRefused(() => verify([]), 'algorithm-unsupported')
  assertRefused(() => verify([{ algorithm: 'sha256', secret: 'AAAA' }]), 'key-invalid')
  assertRefused(
    () => verify([{ algorithm: 'sha256', secret: 'A'.repeat(22) }]),
    'signature-mismatch',
  )
})

test('a token is found in a cookie and in the path as well', () => {
  const token = createMediaCdnToken({ ...base, urlPrefix: 'https://h.test/v/' })
  const cookie = toRequest('https://h.test/v/1', { headers: ['Cookie', `hdn=${token.token}`] })
  assert.ok(verifyMediaCdnToken(cookie, { ...options, location: 'cookie', tokenName: 'hdn' }))
  const path = toRequest(`https://h.test/v/edge-cache-token=${token.token}/1.ts`)
  assert.ok(verifyMediaCdnToken(path, { ...options, location: 'path' }))
  assertRefused(() => verifyMediaCdnToken(path, options), 'signature-missing')
})

test('malformed tokens are refused, each for its reason', () => {
  const token = createMediaCdnToken({ ...base, pathGlobs: ['/*'], startsAt: now, data: 'd' }).token
  const verify = (changed: string, at = now) =>
    verifyMediaCdnToken(toRequest(`https://h.test/a?edge-cache-token=${changed}`), {
      ...options,
      now: at,
    })
  assert.ok(verify(token))
  assertRefused(() => verify(`${token}&edge-cache-token=${token}`), 'parameter-duplicate')
  assertRefused(() => verify(token.replace('~Data', '~Data=x~Data')), 'parameter-duplicate')
  assertRefused(
    () => verify(token.replace('PathGlobs=/*', 'PathGlobs=/*~FullPath')),
    'parameter-malformed',
  )
  assertRefused(() => verify(token.replace('~Data=', '~Role=')), 'parameter-malformed')
  assertRefused(() => verify(token.replace(/~Expires=\d+/, '')), 'parameter-missing')
  assertRefused(() => verify(token.replace(/hmac=.*/, 'hmac=')), 'signature-malformed')
  assertRefused(() => verify(token.replace(/hmac=/, 'hmac=0')), 'signature-malformed')
  assertRefused(() => verify(token.toUpperCase()), 'parameter-malformed')
  assertRefused(() => verify(token, new Date(now.getTime() - 1)), 'signature-not-yet-valid')
  assertRefused(() => verify(token, new Date(now.getTime() + 300_001)), 'signature-expired')
})

test('options that contradict each other or would be re-encoded are refused', () => {
  assert.throws(() => createMediaCdnToken(base), /exactly one of/)
  assert.throws(
    () => createMediaCdnToken({ ...base, pathGlobs: ['/*'], fullPath: '/a' }),
    TypeError,
  )
  for (const data of ['a~b', 'a&b', 'a b', 'é', '']) {
    assert.throws(() => createMediaCdnToken({ ...base, pathGlobs: ['/*'], data }), TypeError, data)
  }
  assert.throws(() => createMediaCdnToken({ ...base, fullPath: '/a~Starts=1' }), TypeError)
})
