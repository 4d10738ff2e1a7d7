import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createAzurePrefix,
  createAzureVerifier,
  presignAzureAccount,
  presignAzureBlob,
  presignAzureUserDelegation,
} from '../../../src/azure.ts'
import { operationOf } from '../../../src/dialects/azure/permissions.ts'

const BASE = {
  account: 'hallpasstest',
  accountKey: 'aGFsbHBhc3MgZmFrZSBrZXk=',
  container: 'docs',
  expiresInSeconds: 300,
}
const { accountKey: value, ...DELEGATED } = BASE
const delegationKey = {
  signedObjectId: '00000000-0000-4000-8000-000000000001',
  signedTenantId: '00000000-0000-4000-8000-000000000002',
  signedStartsOn: '2026-03-14T00:00:00Z',
  signedExpiresOn: '2099-03-20T23:59:59Z',
  signedService: 'b',
  signedVersion: '2026-04-06',
  value,
}
const METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE']

test('a method that the permissions never open is refused, and those that would are named', () => {
  const refused: readonly (readonly [permissions: string, method: string, needed: RegExp])[] = [
    [
      'r',
      'PUT',
      /^permissions must hold one of these for PUT: create \(c\), write \(w\), add \(a\)/,
    ],
    ['r', 'DELETE', /for DELETE: delete \(d\), deleteVersion \(x\)/],
    ['cw', 'GET', /for GET: read \(r\), tag \(t\), execute \(e\)$/],
    ['l', 'GET', /for GET: read \(r\)/],
    ['c', 'POST', /for POST: read \(r\), write \(w\), delete \(d\)$/],
    ['r', 'OPTIONS', /^method must be one of GET, PUT, DELETE, HEAD, POST, PATCH$/],
    ['r', 'constructor'.toUpperCase(), /^method must be one of GET/],
  ]
  for (const [permissions, method, message] of refused) {
    const asked = { blob: 'a', permissions, method }
    for (const call of [
      () => presignAzureBlob({ ...BASE, ...asked }),
      () => presignAzureUserDelegation({ ...DELEGATED, ...asked, delegationKey }),
    ]) {
      assert.throws(call, { name: 'TypeError', message }, `${permissions} ${method}`)
    }
  }
  assert.throws(
    () => createAzurePrefix({ ...BASE, directory: 'a', permissions: 'r', method: 'PUT' }),
    /^TypeError: permissions must hold/,
  )
  assert.throws(
    () => presignAzureAccount({ ...BASE, permissions: 'r', resourceTypes: 'o', method: 'PUT' }),
    /^TypeError: permissions must hold/,
  )
  // No letter opens these for a service, so none is named, nor the method itself.
  for (const method of ['DELETE', 'PATCH']) {
    assert.throws(
      () => presignAzureAccount({ ...BASE, permissions: 'rwd', resourceTypes: 's', method }),
      /^TypeError: method must be one of GET, PUT, HEAD, POST$/,
    )
  }
})

test('the p of an account token is to process messages, and opens nothing of a blob', () => {
  const account = { ...BASE, resourceTypes: 'co' }
  assert.throws(() => presignAzureAccount({ ...account, permissions: 'p', method: 'PATCH' }), {
    name: 'TypeError',
    message: 'permissions must hold one of these for PATCH: write (w), add (a), create (c)',
  })
  const mixed = { ...account, permissions: ['write', 'process'] as const, method: 'PATCH' }
  assert.equal(presignAzureAccount(mixed).method, 'PATCH')
  // For a blob it is to manage access control.
  assert.equal(presignAzureBlob({ ...BASE, blob: 'a', permissions: 'p' }).method, 'PATCH')
  const { url } = presignAzureAccount({ ...account, permissions: 'p', blob: 'a' })
  const { host, pathname, search } = new URL(url)
  const request = { method: 'PATCH', target: pathname + search, headers: ['Host', host] }
  const operation = { level: 'o', permissions: 'p' } as const
  const verifier = createAzureVerifier({
    account: BASE.account,
    lookup: () => [BASE.accountKey],
  })
  assert.throws(() => verifier.verify(request, { operation }), { code: 'permission-missing' })
})

test('a lease at the Data Lake endpoint is a POST', () => {
  for (const permissions of ['w', 'd']) {
    assert.ok(presignAzureBlob({ ...BASE, blob: 'a', permissions, method: 'POST' }))
  }
})

test('the method that is handed back is one that the permissions open', () => {
  const handed: Readonly<Record<string, string>> = {
    r: 'GET',
    rw: 'GET',
    cw: 'PUT',
    a: 'PUT',
    d: 'DELETE',
    wd: 'PUT',
    i: 'PUT',
    o: 'PATCH',
    t: 'GET',
  }
  for (const [permissions, method] of Object.entries(handed)) {
    assert.equal(presignAzureBlob({ ...BASE, blob: 'a', permissions }).method, method, permissions)
  }
  assert.equal(presignAzureBlob({ ...BASE, blob: null, permissions: 'l' }).method, 'GET')
  const stored = { ...BASE, blob: 'a', storedPolicy: 'writers' }
  assert.equal(presignAzureBlob({ ...stored, method: 'PUT' }).method, 'PUT')
  // What the letters of a queue open, only queues know.
  const queue = { ...BASE, services: 'q', resourceTypes: 'o', permissions: 'a', method: 'POST' }
  assert.equal(presignAzureAccount(queue).method, 'POST')
})

test('nothing is refused that a verifier takes, for any method, level and letter', () => {
  const comps =
    'metadata blocklist pagelist tags properties block page appendblock snapshot lease copy tier undelete seal expiry query list blobs immutabilityPolicies legalhold stats'.split(
      ' ',
    )
  let opened = 0
  for (const method of METHODS) {
    for (const level of ['s', 'c', 'o'] as const) {
      const letters = new Set<string>()
      for (const comp of [null, ...comps]) {
        for (const isVersion of [false, true]) {
          const isService = level === 's'
          const signs = { method, comp, isVersion, isService, isBlob: level === 'o' }
          const operation = operationOf({ ...signs, restype: level === 'c' ? 'container' : null })
          for (const letter of operation?.permissions ?? '') letters.add(letter)
        }
      }
      for (const permissions of letters) {
        const asked = { ...BASE, permissions, method }
        assert.ok(
          presignAzureAccount({ ...asked, resourceTypes: level }),
          `${method} ${permissions}`,
        )
        if (level === 's') continue
        assert.ok(presignAzureBlob({ ...asked, blob: level === 'o' ? 'a' : null }))
        opened += 1
      }
    }
  }
  assert.ok(opened >= 20, String(opened))
})

test('all letters together open every method, and no method is opened by none', () => {
  for (const method of METHODS) {
    const all = { ...BASE, permissions: 'racwdxltmeopiyf', method }
    assert.equal(presignAzureBlob({ ...all, blob: null }).method, method)
  }
})
