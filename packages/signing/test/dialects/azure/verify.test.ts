import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  presignAzureAccount,
  presignAzureBlob,
  presignAzureUserDelegation,
  verifyAzure,
} from '../../../src/azure.ts'
import type { VerifiedAzure, VerifyAzureOptions } from '../../../src/azure.ts'
import { isSigningError } from '../../../src/errors.ts'
import type { SigningErrorCode } from '../../../src/errors.ts'
import type { RawRequest } from '../../../src/types.ts'
import { flippedTexts, requestOf } from '../cloud-support.ts'

const ACCOUNT_KEY = Buffer.from(
  'an account key for these tests, 64 bytes of it or about as much.',
).toString('base64')
const OTHER_KEY = Buffer.from(
  'the other key of the same account, which may have signed as well',
).toString('base64')
const NOW = new Date('2026-03-14T09:30:00Z')
const BASE = {
  account: 'hallpasstest',
  accountKey: ACCOUNT_KEY,
  container: 'docs',
  permissions: 'r',
  expiresInSeconds: 300,
  now: NOW,
}
const OPTIONS: VerifyAzureOptions = {
  account: 'hallpasstest',
  lookup: () => [OTHER_KEY, ACCOUNT_KEY],
  now: NOW,
}
const BEARER = { objectId: '00000000-0000-4000-8000-0000000000d1', tenantId: 'tenant' }
const { accountKey: _, ...DELEGATED } = BASE
const DELEGATION_KEY = {
  signedObjectId: 'object',
  signedTenantId: 'tenant',
  signedStartsOn: '2026-03-14T00:00:00Z',
  signedExpiresOn: '2026-03-20T23:59:59Z',
  signedService: 'b',
  signedVersion: '2026-04-06',
  value: ACCOUNT_KEY,
}

function refused(run: () => unknown, code: SigningErrorCode, what = ''): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(isSigningError(error), `${what}: ${String(error)}`)
    assert.equal(error.code, code, what)
    return true
  })
}

describe('Azure verifying', () => {
  test('either key of the account may have signed, and no other', () => {
    const { url } = presignAzureBlob({ ...BASE, blob: 'a' })
    assert.ok(verifyAzure(requestOf(url), OPTIONS))
    refused(
      () => verifyAzure(requestOf(url), { ...OPTIONS, lookup: () => [OTHER_KEY] }),
      'signature-mismatch',
    )
    refused(() => verifyAzure(requestOf(url), { ...OPTIONS, lookup: () => [] }), 'key-unknown')
    refused(() => verifyAzure(requestOf(url), { ...OPTIONS, lookup: () => null }), 'key-unknown')
    refused(
      () => verifyAzure(requestOf(url), { ...OPTIONS, account: 'otheraccount' }),
      'signature-mismatch',
    )
  })

  test('a directory token opens what is below it and no sibling', () => {
    const { url } = presignAzureBlob({ ...BASE, directory: 'a/b' })
    const token = url.slice(url.indexOf('?'))
    const at = (path: string) => (): VerifiedAzure =>
      verifyAzure(requestOf(`https://h.test${path}${token}`), OPTIONS)
    assert.equal(at('/docs/a/b/c.txt')().blob, 'a/b/c.txt')
    assert.equal(at('/docs/a/b')().blob, 'a/b')
    assert.equal(at('/docs/a%2Fb/c.txt')().blob, 'a/b/c.txt')
    for (const path of [
      '/docs/a/b2/c.txt',
      '/docs/a/bc',
      '/docs/ab/c',
      '/docs/a',
      '/docs/a/B/c',
      '/other/a/b/c',
    ]) {
      assert.throws(at(path), isSigningError, path)
    }
    for (const path of [
      '/docs/a/b/../c',
      '/docs/a/b/%2e%2e/c',
      '/docs/a/b/..%2fc',
      '/docs/a/b/..%5cc',
    ]) {
      refused(at(path), 'resource-mismatch', path)
    }
    for (const depth of ['0', '1', '3', '02', '-1', '']) {
      const other = token.replace('sdd=2', `sdd=${depth}`)
      assert.throws(
        () => verifyAzure(requestOf(`https://h.test/docs/a/b/c/d${other}`), OPTIONS),
        isSigningError,
        depth,
      )
    }
    const root = presignAzureBlob({ ...BASE, directory: '' })
    assert.ok(verifyAzure(requestOf(root.url.replace('/docs?', '/docs/any/thing?')), OPTIONS))
  })

  test('the operation is read from method, comp and restype, and needs its letter', () => {
    const cases: [string, string, string, boolean][] = [
      ['r', 'GET', '', true],
      ['r', 'HEAD', '', true],
      ['r', 'GET', '&comp=metadata', true],
      ['r', 'PUT', '', false],
      ['r', 'DELETE', '', false],
      ['w', 'GET', '', false],
      ['c', 'PUT', '', true],
      ['w', 'PUT', '&comp=block&blockid=x', true],
      ['a', 'PUT', '&comp=appendblock', true],
      ['r', 'PUT', '&comp=appendblock', false],
      ['d', 'DELETE', '', true],
      ['d', 'DELETE', '&versionid=2026', false],
      ['w', 'PUT', '&comp=tags', false],
      ['t', 'PUT', '&comp=tags', true],
      ['i', 'DELETE', '&comp=immutabilityPolicies', true],
      ['r', 'POST', '&comp=query', true],
      ['rwd', 'PATCH', '', false],
      ['rwd', 'PUT', '&comp=unheard', false],
      ['rwd', 'GET', '&comp=Metadata', false],
    ]
    for (const [permissions, method, more, allowed] of cases) {
      const { url } = presignAzureBlob({ ...BASE, blob: null, permissions })
      const request = requestOf(`${url.replace('/docs?', '/docs/a?')}${more}`, { method })
      const run = (): unknown => verifyAzure(request, OPTIONS)
      if (allowed) assert.ok(run(), `${permissions} ${method} ${more}`)
      else assert.throws(run, isSigningError, `${permissions} ${method} ${more}`)
    }
  })

  test('listing needs l on the container; no service token touches the container itself', () => {
    const list = presignAzureBlob({ ...BASE, blob: null, permissions: 'rwdl' }).url
    assert.ok(verifyAzure(requestOf(`${list}&restype=container&comp=list`), OPTIONS))
    const read = presignAzureBlob({ ...BASE, blob: null }).url
    refused(
      () => verifyAzure(requestOf(`${read}&restype=container&comp=list`), OPTIONS),
      'permission-missing',
    )
    for (const method of ['PUT', 'DELETE', 'GET']) {
      refused(
        () => verifyAzure(requestOf(`${list}&restype=container`, { method }), OPTIONS),
        'resource-mismatch',
      )
    }
    refused(() => verifyAzure(requestOf(`${list}&comp=list`), OPTIONS), 'parameter-malformed')
    const account = presignAzureAccount({ ...BASE, permissions: 'rl', resourceTypes: 'sc' }).url
    assert.ok(verifyAzure(requestOf(`${account}&restype=container&comp=list`), OPTIONS))
    assert.ok(verifyAzure(requestOf(`${account.replace('/docs?', '/?')}&comp=list`), OPTIONS))
    refused(
      () => verifyAzure(requestOf(account.replace('/docs?', '/docs/a?')), OPTIONS),
      'resource-mismatch',
    )
  })

  test('snapshot and version tokens open that moment, and blob tokens no moment', () => {
    const moment = '2026-01-01T00:00:00.0000000Z'
    const snapshot = presignAzureBlob({ ...BASE, blob: 'a', snapshot: moment }).url
    assert.ok(verifyAzure(requestOf(snapshot), OPTIONS))
    refused(
      () => verifyAzure(requestOf(snapshot.replace('2026-01-01', '2026-01-02')), OPTIONS),
      'signature-mismatch',
    )
    refused(
      () => verifyAzure(requestOf(snapshot.replace(/snapshot=[^&]*&/, '')), OPTIONS),
      'parameter-missing',
    )
    refused(
      () => verifyAzure(requestOf(snapshot.replace('snapshot=', 'versionid=')), OPTIONS),
      'resource-mismatch',
    )
    const blob = presignAzureBlob({ ...BASE, blob: 'a' }).url
    for (const name of ['snapshot', 'versionid']) {
      refused(
        () => verifyAzure(requestOf(`${blob}&${name}=${moment}`), OPTIONS),
        'resource-mismatch',
      )
    }
    const container = presignAzureBlob({ ...BASE, blob: null }).url.replace('/docs?', '/docs/a?')
    assert.ok(verifyAzure(requestOf(`${container}&versionid=${moment}`), OPTIONS))
  })

  test('a stored access policy gives what the token leaves open, and only that', () => {
    const { account, accountKey, container } = BASE
    const { url } = presignAzureBlob({
      account,
      accountKey,
      container,
      blob: 'a',
      storedPolicy: 'readers',
    })
    const end = new Date('2026-03-15')
    const policies = (): { permissions: string; expiresAt: Date } => ({
      permissions: 'r',
      expiresAt: end,
    })
    const grant = verifyAzure(requestOf(url), { ...OPTIONS, policies })
    assert.deepEqual(grant.expiresAt, end)
    assert.equal(grant.storedPolicy, 'readers')
    refused(() => verifyAzure(requestOf(url), OPTIONS), 'policy-unknown')
    refused(
      () => verifyAzure(requestOf(url), { ...OPTIONS, policies: () => null }),
      'policy-unknown',
    )
    refused(
      () => verifyAzure(requestOf(url), { ...OPTIONS, policies: () => ({ expiresAt: end }) }),
      'parameter-missing',
    )
    refused(
      () => verifyAzure(requestOf(url), { ...OPTIONS, policies: () => ({ permissions: 'r' }) }),
      'parameter-missing',
    )
    refused(
      () =>
        verifyAzure(requestOf(url), {
          ...OPTIONS,
          policies: () => ({ permissions: 'r', expiresAt: new Date('2026-03-13') }),
        }),
      'signature-expired',
    )
    refused(
      () =>
        verifyAzure(requestOf(url), {
          ...OPTIONS,
          policies: () => ({
            permissions: 'r',
            expiresAt: end,
            startsAt: new Date('2026-03-14T23:00:00Z'),
          }),
        }),
      'signature-not-yet-valid',
    )
    const both = presignAzureBlob({ ...BASE, blob: 'a', storedPolicy: 'readers' }).url
    refused(() => verifyAzure(requestOf(both), { ...OPTIONS, policies }), 'parameter-duplicate')
  })

  test('address, protocol and time', () => {
    const bound = presignAzureBlob({ ...BASE, blob: 'a', ip: '203.0.113.5-203.0.113.9' }).url
    for (const clientIp of ['203.0.113.5', '203.0.113.9', '::ffff:203.0.113.7']) {
      assert.ok(verifyAzure(requestOf(bound, { clientIp }), OPTIONS))
    }
    for (const clientIp of ['203.0.113.4', '203.0.113.10', '::1', '', 'x']) {
      refused(() => verifyAzure(requestOf(bound, { clientIp }), OPTIONS), 'ip-not-allowed')
    }
    refused(() => verifyAzure(requestOf(bound), OPTIONS), 'ip-not-allowed')
    const plain = presignAzureBlob({ ...BASE, blob: 'a' }).url
    refused(
      () => verifyAzure(requestOf(plain, { scheme: 'http' }), OPTIONS),
      'protocol-not-allowed',
    )
    const at = (now: string) => (): unknown =>
      verifyAzure(requestOf(plain), { ...OPTIONS, now: new Date(now) })
    assert.ok(at('2026-03-14T09:35:00Z')())
    refused(at('2026-03-14T09:35:00.001Z'), 'signature-expired')
    const later = presignAzureBlob({
      ...BASE,
      blob: 'a',
      startsAt: new Date('2026-03-14T09:31:00Z'),
    }).url
    refused(() => verifyAzure(requestOf(later), OPTIONS), 'signature-not-yet-valid')
  })

  test('a delegation token lives inside its key and belongs to its principal', () => {
    const options = { ...DELEGATED, blob: 'a', delegationKey: DELEGATION_KEY }
    const { url } = presignAzureUserDelegation(options)
    assert.equal(verifyAzure(requestOf(url), OPTIONS).delegation?.signedObjectId, 'object')
    const with_ = (change: object): string =>
      presignAzureUserDelegation({ ...options, delegationKey: { ...DELEGATION_KEY, ...change } })
        .url
    refused(
      () => verifyAzure(requestOf(with_({ signedExpiresOn: '2026-03-14T09:00:00Z' })), OPTIONS),
      'signature-expired',
    )
    refused(
      () => verifyAzure(requestOf(with_({ signedStartsOn: '2026-03-14T09:31:00Z' })), OPTIONS),
      'signature-not-yet-valid',
    )
    refused(
      () => verifyAzure(requestOf(with_({ signedExpiresOn: '2026-03-29T00:00:00Z' })), OPTIONS),
      'expiry-too-long',
    )
    refused(
      () => verifyAzure(requestOf(with_({ signedService: 'q' })), OPTIONS),
      'parameter-malformed',
    )
    const bound = presignAzureUserDelegation({
      ...options,
      delegationKey: { ...DELEGATION_KEY, signedDelegatedUserTenantId: BEARER.tenantId },
      delegatedUserObjectId: BEARER.objectId,
    }).url
    assert.ok(verifyAzure(requestOf(bound), { ...OPTIONS, bearer: BEARER }))
    refused(() => verifyAzure(requestOf(bound), OPTIONS), 'token-invalid')
    refused(
      () => verifyAzure(requestOf(bound), { ...OPTIONS, bearer: { ...BEARER, objectId: 'x' } }),
      'token-invalid',
    )
    refused(
      () => verifyAzure(requestOf(bound), { ...OPTIONS, bearer: { ...BEARER, tenantId: 'x' } }),
      'token-invalid',
    )
  })

  test('signed headers and query must arrive once and unchanged', () => {
    const { url, headers } = presignAzureUserDelegation({
      ...DELEGATED,
      blob: 'a',
      delegationKey: DELEGATION_KEY,
      requestHeaders: { 'X-Case': 'Value' },
      requestQuery: { tag: 'x y' },
    })
    assert.deepEqual({ ...headers }, { 'x-case': 'Value' })
    const send = (extraHeaders: string[], text = url): unknown =>
      verifyAzure(requestOf(text, { extraHeaders }), OPTIONS)
    assert.ok(send(['x-case', 'Value']))
    refused(() => send([]), 'header-missing')
    refused(() => send(['x-case', '']), 'signature-mismatch')
    refused(() => send(['x-case', 'value']), 'signature-mismatch')
    refused(() => send(['x-case', 'Value', 'X-Case', 'Value']), 'parameter-duplicate')
    refused(
      () => send(['x-case', 'Value'], url.replace('tag=x%20y', 'tag=z')),
      'signature-mismatch',
    )
    refused(() => send(['x-case', 'Value'], url.replace('tag=x%20y&', '')), 'parameter-missing')
    refused(() => send(['x-case', 'Value'], `${url}&tag=again`), 'parameter-duplicate')
  })

  test('what is missing, doubled, disguised or unsigned has its own code', () => {
    const url = presignAzureBlob({ ...BASE, blob: 'a' }).url
    const account = presignAzureAccount({ ...BASE, resourceTypes: 'o', blob: 'a' }).url
    const old = presignAzureBlob({ ...BASE, blob: 'a', version: '2018-11-09' }).url
    const cases: [string, SigningErrorCode][] = [
      ['https://h.test/docs/a', 'signature-missing'],
      [url.replace(/&sig=.*/, ''), 'parameter-missing'],
      [url.replace(/sv=[^&]*&/, ''), 'parameter-missing'],
      [url.replace(/&sr=b/, ''), 'parameter-missing'],
      [`${url}&sig=x`, 'parameter-duplicate'],
      [`${url}&sp=rw`, 'parameter-duplicate'],
      [`${url}&se=2030-01-01`, 'parameter-duplicate'],
      [`${url}&snapshot=1&snapshot=2`, 'parameter-duplicate'],
      [`${url}&comp=tags&comp=metadata`, 'parameter-duplicate'],
      [`${url}&SP=rw`, 'parameter-malformed'],
      [`${url}&s%70=rw`, 'parameter-malformed'],
      [`${url}&c%6Fmp=tags`, 'parameter-malformed'],
      [`${url}&Comp=tags`, 'parameter-malformed'],
      [`${url}&x=%ff`, 'parameter-malformed'],
      [`${url}&sdd=0`, 'parameter-malformed'],
      [`${url}&scid=x`, 'parameter-malformed'],
      [`${url}&srh=x`, 'parameter-malformed'],
      [`${url}&rscd=inline`, 'signature-mismatch'],
      [`${url}&si=x`, 'signature-mismatch'],
      [`${account}&rscd=inline`, 'parameter-malformed'],
      [`${account}&sr=b`, 'parameter-malformed'],
      [`${account}&si=x`, 'parameter-malformed'],
      [`${old}&ses=x`, 'parameter-malformed'],
      [url.replace('sr=b', 'sr=z'), 'parameter-malformed'],
      [url.replace(/sv=[^&]*/, 'sv=2012-02-12'), 'parameter-malformed'],
      [url.replace(/sv=[^&]*/, 'sv=next'), 'parameter-malformed'],
      [url.replace(/sv=[^&]*/, 'sv=9999-12-31'), 'signature-mismatch'],
      [url.replace(/sig=.*/, 'sig='), 'signature-malformed'],
      [url.replace(/sig=.*/, 'sig=AAAA'), 'signature-malformed'],
      [url.replace(/sig=.*/, `sig=${'A'.repeat(10_000)}`), 'signature-malformed'],
      [url.replace('sp=r', 'sp=r%0A'), 'parameter-malformed'],
      [url.replace('/docs/a', '/docs/a%0Ab'), 'parameter-malformed'],
      [url.replace('/docs/a', '/docs/%ff'), 'parameter-malformed'],
      [url.replace('/docs/a', '/docs'), 'resource-mismatch'],
      [url.replace('/docs/a', '/'), 'resource-mismatch'],
    ]
    for (const [text, code] of cases) {
      refused(() => verifyAzure(requestOf(text), OPTIONS), code, text.slice(30, 90))
    }
  })

  test('values that were signed and make no sense are refused too', () => {
    const sign = (change: (url: string) => string): RawRequest => {
      const { url } = presignAzureBlob({ ...BASE, blob: 'a', ip: '203.0.113.7' })
      return requestOf(change(url), { clientIp: '203.0.113.7' })
    }
    assert.ok(
      verifyAzure(
        sign((url) => url),
        OPTIONS,
      ),
    )
    for (const time of [
      '2026-13-01',
      '2026-02-30',
      '2026-03-15T10:00',
      '2026-03-15 10:00Z',
      '2026-03-15T10:00:00+01:00',
      '1e9',
      '',
    ]) {
      assert.throws(
        () =>
          verifyAzure(
            sign((url) => url.replace(/se=[^&]*/, `se=${encodeURIComponent(time)}`)),
            OPTIONS,
          ),
        isSigningError,
        time,
      )
    }
  })

  test('path style accounts stand in front, and must be the right one', () => {
    const { url } = presignAzureBlob({
      ...BASE,
      blob: 'a/b',
      endpoint: 'http://127.0.0.1:10000/hallpasstest',
    })
    const options = { ...OPTIONS, addressing: 'path' } as const
    assert.equal(verifyAzure(requestOf(url), options).container, 'docs')
    refused(
      () => verifyAzure(requestOf(url.replace('/hallpasstest/', '/hallpasstest2/')), options),
      'resource-mismatch',
    )
    assert.throws(() => verifyAzure(requestOf(url), OPTIONS), isSigningError)
  })

  test('no error holds a signature or a key', () => {
    const { url } = presignAzureBlob({ ...BASE, blob: 'a' })
    for (const changed of flippedTexts(url.slice(url.indexOf('?')))) {
      try {
        verifyAzure(requestOf(`https://h.test/docs/a${changed}`), {
          ...OPTIONS,
          lookup: () => [ACCOUNT_KEY],
        })
      } catch (error) {
        assert.ok(isSigningError(error))
        const text = `${error.message} ${JSON.stringify(error.details)}`
        assert.equal(text.includes(ACCOUNT_KEY), false)
        assert.equal(/[A-Za-z0-9+/]{30}/.test(text.replaceAll(/signature-\w+/g, '')), false, text)
      }
    }
  })
})
