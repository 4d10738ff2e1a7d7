import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  createEdgioAsyncVerifier,
  createEdgioVerifier,
  decryptEdgioToken,
  decryptEdgioTokenAsync,
  verifyEdgio,
  verifyEdgioAsync,
} from '../../../src/edgio.ts'
import type { EdgioRules, VerifyEdgioOptions } from '../../../src/edgio.ts'
import { parseEdgioText } from '../../../src/dialects/edgio/rules.ts'
import type { RawRequest } from '../../../src/types.ts'
import {
  assertRefused,
  bitFlips,
  cdnTokenVectors,
  propertyRuns,
  toRequest,
} from '../cdn-support.ts'
import { sealEdgio, signEdgio } from './sign-edgio.ts'

interface Args {
  readonly key: string
  readonly plaintext: string
  readonly ivHex: string
}

const vectors = cdnTokenVectors<Args>('ectoken')

test('the reference tokens open, and no longer after any one-bit change', async () => {
  for (const { id, inputs, expected } of vectors) {
    const { key, plaintext, ivHex } = inputs.args
    const { rules, expiresAt } = parseEdgioText(plaintext)
    assert.ok(expiresAt !== null)
    assert.equal(sealEdgio(plaintext, key, Buffer.from(ivHex, 'hex')), expected.token, id)
    const token = decryptEdgioToken(expected.token, { keys: ['another', key] })
    assert.deepEqual(token, { rules, expiresAt })
    assert.deepEqual(
      await decryptEdgioTokenAsync(expected.token, { keys: ['another', key] }),
      token,
    )
    for (const changed of bitFlips(expected.token)) {
      assertRefused(() => decryptEdgioToken(changed, { keys: [key] }), undefined, changed)
    }
  }
})

/** Any text as a token under the key of these tests. */
function seal(text: string, secret = key): string {
  return sealEdgio(text, secret)
}

const key = 'hallpass-fake-ec-key'
const now = new Date('2026-03-14T10:00:00Z')
const base = { key, expiresInSeconds: 300, now }
const options: VerifyEdgioOptions = { keys: [key], now }
const url = 'https://h.test/videos/a'

function verifyWith(
  rules: EdgioRules,
  more: Partial<RawRequest> = {},
  changed: Partial<VerifyEdgioOptions> = {},
) {
  return verifyEdgio(toRequest(signEdgio({ ...base, ...rules, url }), more), {
    ...options,
    ...changed,
  })
}

test('whatever is encrypted verifies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.ipV4(), fc.stringMatching(/^[a-z]{1,8}$/), async (clientIp, segment) => {
      const rules = { clientIp, paths: [`/${segment}`] }
      const signed = signEdgio({ ...base, ...rules, url: `https://h.test/${segment}/b?x=1` })
      const verified = verifyEdgio(toRequest(signed, { clientIp }), options)
      assert.deepEqual(verified.rules, rules)
      assert.deepEqual(await verifyEdgioAsync(toRequest(signed, { clientIp }), options), verified)
    }),
    { numRuns: Math.ceil(propertyRuns / 5) },
  )
})

test('a verifier keeps its rules from request to request', async () => {
  const rules = { keys: ['another', key] }
  const verifier = createEdgioVerifier(rules)
  const request = toRequest(signEdgio({ ...base, url, countries: ['US'] }))
  const facts = { now, clientCountry: 'US' }
  assert.deepEqual(
    verifier.verify(request, facts),
    await createEdgioAsyncVerifier(rules).verify(request, facts),
  )
  assertRefused(() => verifier.verify(request, { now }), 'country-not-allowed')
})

test('time counts to the last second', async () => {
  const signed = signEdgio({ ...base, url })
  const at = (offset: number) => ({ ...options, now: new Date(now.getTime() + offset) })
  assert.ok(verifyEdgio(toRequest(signed), at(300_000)).isLegacy)
  assertRefused(() => verifyEdgio(toRequest(signed), at(300_001)), 'signature-expired')
  await assert.rejects(verifyEdgioAsync(toRequest(signed), at(300_001)), {
    code: 'signature-expired',
  })
})

test('the address counts', () => {
  assert.ok(verifyWith({ clientIp: '203.0.113.7' }, { clientIp: '::ffff:203.0.113.7' }))
  assertRefused(
    () => verifyWith({ clientIp: '203.0.113.7' }, { clientIp: '203.0.113.8' }),
    'ip-not-allowed',
  )
  assertRefused(() => verifyWith({ clientIp: '203.0.113.7' }), 'ip-not-allowed')
})

test('countries count, and an unknown country is none of them', () => {
  assert.ok(verifyWith({ countries: ['CA', 'US'] }, {}, { clientCountry: 'US' }))
  assert.ok(verifyWith({ blockedCountries: ['DE'] }, {}, { clientCountry: 'US' }))
  assertRefused(
    () => verifyWith({ countries: ['CA'] }, {}, { clientCountry: 'US' }),
    'country-not-allowed',
  )
  assertRefused(
    () => verifyWith({ blockedCountries: ['US'] }, {}, { clientCountry: 'US' }),
    'country-not-allowed',
  )
  assertRefused(() => verifyWith({ countries: ['CA'] }), 'country-not-allowed')
  assertRefused(() => verifyWith({ blockedCountries: ['CA'] }), 'country-not-allowed')
})

test('paths, hosts and protocols count', () => {
  assert.ok(verifyWith({ paths: ['/x', '/videos/'] }))
  assertRefused(() => verifyWith({ paths: ['/x'] }), 'resource-mismatch')
  assertRefused(() => verifyWith({ blockedPaths: ['/videos'] }), 'resource-mismatch')
  const signed = signEdgio({ ...base, url, paths: ['/videos/'] })
  assertRefused(
    () => verifyEdgio(toRequest(signed.replace('/a?', '/../x?')), options),
    'resource-mismatch',
  )
  assert.ok(verifyWith({ hosts: ['*.test'] }))
  assertRefused(() => verifyWith({ hosts: ['other.test'] }), 'resource-mismatch')
  assertRefused(() => verifyWith({ blockedHosts: ['h.test'] }), 'resource-mismatch')
  assert.ok(verifyWith({ protocols: ['https'] }))
  assertRefused(
    () => verifyWith({ protocols: ['https'] }, { scheme: 'http' }),
    'protocol-not-allowed',
  )
  assertRefused(() => verifyWith({ blockedProtocols: ['https'] }), 'protocol-not-allowed')
})

test('the page that links here counts', () => {
  const from = (page: string) => ({ headers: ['Referer', page] })
  const rules = { referrers: ['www.a.test', 'b.test/shop', '*.c.test'] }
  for (const page of [
    'https://www.a.test/x',
    'http://WWW.A.test',
    'https://b.test/shop/1',
    'https://x.c.test/?a',
  ]) {
    assert.ok(verifyWith(rules, from(page)), page)
  }
  for (const page of [
    'https://www.a.test.evil.test/',
    'https://b.test/',
    'https://c.test/',
    'https://evil.test/www.a.test',
  ]) {
    assertRefused(() => verifyWith(rules, from(page)), 'referrer-not-allowed', page)
  }
  assertRefused(() => verifyWith(rules), 'referrer-not-allowed')
  assert.ok(verifyWith({ referrers: ['www.a.test', 'missing'] }))
  assert.ok(verifyWith({ blockedReferrers: ['www.a.test'] }))
  assertRefused(() => verifyWith({ blockedReferrers: ['missing'] }), 'referrer-not-allowed')
  assertRefused(
    () => verifyWith({ blockedReferrers: ['www.a.test'] }, from('https://www.a.test/')),
    'referrer-not-allowed',
  )
})

test('each fault has its own code', () => {
  const verify = (token: string, more: Partial<VerifyEdgioOptions> = {}) =>
    verifyEdgio(toRequest(`https://h.test/a?${token}`), { ...options, ...more })
  assert.ok(verify(seal('ec_expire=1773482500')))
  assertRefused(() => verify(''), 'signature-missing')
  assertRefused(() => verify('abc'), 'signature-malformed')
  assertRefused(() => verify('A'.repeat(38)), 'signature-malformed')
  assertRefused(() => verify('A'.repeat(10_000)), 'signature-mismatch')
  assertRefused(() => verify(`${seal('ec_expire=1773482500')}=`), 'signature-malformed')
  assertRefused(() => verify(seal('ec_expire=1773482500', 'other')), 'signature-mismatch')
  assertRefused(() => verify(seal('ec_expire=1773482500'), { keys: [] }), 'signature-mismatch')
  assertRefused(() => verify(seal('ec_expire=1773482500'), { keys: [''] }), 'key-invalid')
  assertRefused(() => verify(seal('ec_proto_allow=https')), 'parameter-missing')
  assertRefused(() => verify(seal('ec_expire=soon')), 'parameter-malformed')
  assertRefused(
    () => verify(seal('ec_expire=1773482500&ec_expire=1773489999')),
    'parameter-duplicate',
  )
  assertRefused(() => verify(seal('ec_expire=1773482500&ec_secure=1')), 'policy-malformed')
  assertRefused(() => verify(seal('nonsense')), 'policy-malformed')
  const signed = signEdgio({ ...base, url })
  assertRefused(
    () => verifyEdgio(toRequest(signed, { method: 'PUT' }), options),
    'permission-missing',
  )
})

test('the token is found under the name the operator gave it', () => {
  const token = seal('ec_expire=1773482500')
  const verify = (query: string) =>
    verifyEdgio(toRequest(`https://h.test/a?${query}`), { ...options, parameterName: 'tok' })
  assert.ok(verify(`x=1&tok=${token}`))
  assertRefused(() => verify(token), 'signature-missing')
  assertRefused(() => verify(`tok=${token}&tok=${token}`), 'parameter-duplicate')
})
