import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createUserTokenVerifier } from '../../src/auth/verify-user-token.ts'
import type { IssuerOptions } from '../../src/auth/verify-user-token.ts'
import type { VerifyUserToken } from '../../src/core/users/user-tokens.ts'
import { createKeyFetch } from '../../src/http/fetch-keys.ts'
import { createLog } from '../../src/platform/log.ts'
import { AUDIENCE, ISSUER, startIssuer } from '../support/issuer.ts'
import type { Issuer } from '../support/issuer.ts'

const NOW = Date.UTC(2026, 2, 14, 9, 26, 53)

interface Setting {
  readonly issuer: Issuer
  readonly verify: VerifyUserToken
  readonly clock: { now(): number; advance(ms: number): void }
}

async function prepare(t: TestContext, options: Partial<IssuerOptions> = {}): Promise<Setting> {
  let now = NOW
  const clock = { now: () => now, advance: (ms: number) => void (now += ms) }
  const issuer = await startIssuer(t, clock.now)
  const verify = createUserTokenVerifier(
    { clock, log: createLog('silent') },
    {
      issuer: ISSUER,
      audiences: [AUDIENCE, 'other'],
      keysUrl: issuer.keysUrl,
      fetchKeys: createKeyFetch(clock.now),
      ...options,
    },
  )
  return { issuer, verify, clock }
}

const refusedFor = (reason: RegExp) => ({ code: 'user-token-invalid', message: reason })

test('a token says whose it is and until when, once its issuer has signed it', async (t) => {
  const { issuer, verify } = await prepare(t)
  const verified = await verify(await issuer.sign({ sub: 'auth0|1', role: 'editor' }))
  assert.equal(verified.subject, 'auth0|1')
  assert.equal(verified.userId, 'user.auth0_7C1')
  assert.deepEqual([verified.issuedAt, verified.expiresAt], [NOW, NOW + 300_000])
  assert.equal(verified.claims['role'], 'editor')
  await verify(await issuer.sign({ sub: 'a', aud: ['x', 'other'] }))
  assert.equal(issuer.fetches(), 1)
})

test('a token for somebody else, of somebody else or of another time is refused by the claim that does not fit', async (t) => {
  const { issuer, verify } = await prepare(t)
  const at = NOW / 1000
  for (const [claims, reason] of [
    [{ iss: 'https://auth.test' }, /iss/],
    [{ aud: 'https://other.test' }, /aud/],
    [{ aud: undefined }, /aud/],
    [{ exp: at - 31 }, /run out/],
    [{ exp: undefined }, /exp/],
    [{ nbf: at + 31 }, /nbf/],
    [{ iat: undefined }, /iat/],
    [{ iat: at + 60, exp: at + 600 }, /dated ahead/],
    [{ exp: 9e15 }, /no dates/],
    [{ exp: 1e308 }, /no dates/],
    [{ iat: -1e300 }, /no dates/],
    [{ sub: undefined }, /sub/],
    [{ sub: '' }, /sub/],
    [{ sub: 'x'.repeat(900) }, /sub/],
    [{ sub: '\u{D800}' }, /sub/],
  ] as const) {
    const token = await issuer.sign({ sub: 'ann', ...claims })
    await assert.rejects(verify(token), refusedFor(reason), JSON.stringify(claims))
  }
  // The clocks may be a little apart.
  await verify(await issuer.sign({ sub: 'ann', iat: at + 20, nbf: at + 20, exp: at - 20 }))
})

test('a token is good for no longer than a revocation of it is remembered, whatever its exp says', async (t) => {
  const { issuer, verify } = await prepare(t)
  const at = NOW / 1000
  const week = 604_800
  const year = await issuer.sign({ sub: 'ann', iat: at, exp: at + 52 * week })
  assert.equal((await verify(year)).expiresAt, NOW + week * 1000)
  const old = await issuer.sign({ sub: 'ann', iat: at - week - 30, exp: at + week })
  await assert.rejects(verify(old), refusedFor(/seven days ago/))
})

test('unsigned tokens, and a public key used as a secret, open nothing', async (t) => {
  const { issuer, verify } = await prepare(t)
  const [, payload = ''] = (await issuer.sign({ sub: 'ann' })).split('.')
  const head = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url')
  for (const alg of ['none', 'None', 'NONE']) {
    await assert.rejects(
      verify(`${head({ alg, kid: '1' })}.${payload}.`),
      refusedFor(/algorithm|JWT/),
    )
  }
  const secrets = [JSON.stringify(issuer.publicKey()), issuer.publicKey().x ?? '']
  for (const secret of secrets) {
    const signed = `${head({ alg: 'HS256', kid: '1' })}.${payload}`
    const mac = createHmac('sha256', secret).update(signed).digest('base64url')
    await assert.rejects(verify(`${signed}.${mac}`), refusedFor(/algorithm/))
  }
})

test('the algorithm is the key’s, and a key in the token itself is nobody’s', async (t) => {
  const { issuer, verify } = await prepare(t)
  const token = await issuer.sign({ sub: 'ann' })
  const [, payload = '', signature = ''] = token.split('.')
  const head = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url')
  const jwk = issuer.publicKey()
  for (const header of [
    { alg: 'RS256', kid: '1' },
    { alg: 'ES384', kid: '1' },
    { alg: 'EdDSA', kid: '1' },
    { alg: 'ES256', kid: '2', jwk },
    { alg: 'ES256', kid: '2', jku: issuer.keysUrl },
    { alg: 'ES256', kid: '1', crit: ['x'], x: 1 },
    { alg: 'ES256', kid: '1', b64: false, crit: ['b64'] },
  ]) {
    await assert.rejects(verify(`${head(header)}.${payload}.${signature}`), {
      code: 'user-token-invalid',
    })
  }
})

test('a kid is compared with the names of keys and opens no file, whatever it says', async (t) => {
  const { issuer, verify } = await prepare(t)
  for (const kid of [
    '../../../../etc/passwd',
    '/dev/null',
    "1' OR '1'='1",
    'https://evil.test/k',
    '',
  ]) {
    const token = await issuer.sign({ sub: 'ann' }, { kid })
    await assert.rejects(verify(token), (error: Error) => {
      assert.match(error.message, /no key/)
      assert.doesNotMatch(error.message, /passwd|null|OR|evil/)
      return true
    })
  }
})

test('one bit of another token, part or signature is not the issuer’s', async (t) => {
  const { issuer, verify } = await prepare(t)
  const token = await issuer.sign({ sub: 'ann' })
  const other = await issuer.sign({ sub: 'bob' })
  const [head = '', payload = '', signature = ''] = token.split('.')
  const [, foreign = ''] = other.split('.')
  for (const changed of [
    `${head}.${foreign}.${signature}`,
    `${head}.${payload}.${signature.slice(0, -4)}AAAA`,
    `${head}.${payload}.`,
    `${head}.${payload}`,
    `${head}.${payload}.${signature}.${signature}`,
    `${head}.${Buffer.from('[]').toString('base64url')}.${signature}`,
    'eyJ.eyJ.x',
  ]) {
    await assert.rejects(verify(changed), { code: 'user-token-invalid' })
  }
})

test('a token that is longer than all headers may be is refused before it is read', async (t) => {
  const { issuer, verify } = await prepare(t)
  const token = await issuer.sign({ sub: 'ann', filler: 'x'.repeat(64 * 1024) })
  await assert.rejects(verify(token), refusedFor(/too long/))
  assert.equal(issuer.fetches(), 0)
})

test('after a rotation the new key is found, and what the old one signed is refused once the keys were read anew', async (t) => {
  const { issuer, verify } = await prepare(t, { keysCooldownMs: 0 })
  const before = await issuer.sign({ sub: 'ann' })
  await verify(before)
  await issuer.rotate()
  await verify(await issuer.sign({ sub: 'ann' }))
  await assert.rejects(verify(before), refusedFor(/no key/))
})

test('names of keys that somebody invents are no reason to ask the issuer each time', async (t) => {
  const { issuer, verify } = await prepare(t)
  await verify(await issuer.sign({ sub: 'ann' }))
  for (let kid = 100; kid < 150; kid += 1) {
    await assert.rejects(verify(await issuer.sign({ sub: 'ann' }, { kid: String(kid) })))
  }
  assert.equal(issuer.fetches(), 1)
})

test('without keys, with broken or too old ones nobody is let in', async (t) => {
  const { issuer, verify, clock } = await prepare(t, { keysMaxAgeMs: 0 })
  const token = await issuer.sign({ sub: 'ann' })
  await verify(token)
  for (const answer of [
    { status: 500, body: '' },
    { status: 302, body: '' },
    { status: 200, body: '{"keys":' },
    { status: 200, body: '{}' },
    { status: 200, body: `{"keys":[],"x":"${'x'.repeat(300 * 1024)}"}` },
    {
      status: 200,
      body: '{"keys":[{"kty":"EC","crv":"P-256","kid":"1","alg":"ES256","x":"AA","y":"AA"}]}',
    },
  ]) {
    issuer.answerWith(answer)
    await assert.rejects(
      verify(token),
      { code: 'issuer-unavailable' },
      JSON.stringify(answer.status),
    )
    const fetches = issuer.fetches()
    if (answer.status !== 200 || answer.body.length > 1000) {
      await assert.rejects(verify(token), { code: 'issuer-unavailable' })
      assert.equal(issuer.fetches(), fetches, 'it is left in peace for a moment')
    }
    clock.advance(3001)
  }
  issuer.answerWith({ status: 200, body: '{"keys":[]}' })
  await assert.rejects(verify(token), refusedFor(/no key/))
  issuer.answerWith('keys')
  await verify(token)
})
