import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createAzureDelegationSigner,
  createAzureSigner,
  presignAzureBlob,
  presignAzureUserDelegation,
} from '../../../src/azure.ts'
import type {
  AzureServiceRequest,
  ExpiryOptions,
  PresignAzureBlobOptions,
  PresignAzureUserDelegationOptions,
} from '../../../src/azure.ts'

const NOW = new Date('2026-03-14T09:26:53.500Z')
const KEY = {
  signedObjectId: '00000000-0000-4000-8000-000000000001',
  signedTenantId: '00000000-0000-4000-8000-000000000002',
  signedStartsOn: new Date('2026-03-14T09:00:00Z'),
  signedExpiresOn: new Date('2026-03-15T09:00:00Z'),
  signedService: 'b',
  signedVersion: '2026-04-06',
  value: Buffer.alloc(32, 'k').toString('base64'),
}
const OPTIONS: PresignAzureUserDelegationOptions = {
  account: 'hallpasstest',
  container: 'hallpass',
  blob: 'docs/report 1.pdf',
  permissions: 'r',
  expiresInSeconds: 300,
  now: NOW,
  delegationKey: KEY,
}

const ACCOUNT_KEY = Buffer.alloc(64, 'a').toString('base64')
const BLOB = { container: 'hallpass', blob: 'docs/report 1.pdf', permissions: 'r', now: NOW }

test('a signer gives what a fresh one gives, whatever was signed before', () => {
  const account = { account: 'hallpasstest', accountKey: ACCOUNT_KEY }
  const request: AzureServiceRequest & ExpiryOptions = { ...BLOB, expiresInSeconds: 300 }
  const signer = createAzureSigner(account)
  const delegated = createAzureDelegationSigner({ account: 'hallpasstest', delegationKey: KEY })
  const { expiresInSeconds: _, ...open } = request
  const requests: (AzureServiceRequest & ExpiryOptions)[] = [
    request,
    { ...request, blob: 'a' },
    { ...request, blob: 'docs/ünïcode.txt' },
    { ...request, container: 'others' },
    { ...request, permissions: 'rw' },
    { ...request, expiresInSeconds: 301 },
    { ...open, expiresAt: new Date(NOW.getTime() + 302_000) },
    { ...request, now: new Date(NOW.getTime() + 1000) },
    { ...request, method: 'HEAD' },
    { ...request, ip: '203.0.113.7' },
    { ...request, startsAt: NOW },
    { ...request, snapshot: '2026-01-01T00:00:00.0000000Z' },
    { ...request, encryptionScope: 'scope' },
    { ...request, responseHeaders: { contentType: 'text/plain' } },
  ]
  for (const changed of requests) {
    const whole: PresignAzureBlobOptions = { ...account, ...changed }
    signer.sign(request)
    assert.deepEqual(signer.sign(changed), presignAzureBlob(whole))
    assert.deepEqual(signer.sign(changed), presignAzureBlob(whole))
    const granted = { ...changed, permissions: changed.permissions ?? 'r' }
    delegated.sign({ ...request, permissions: 'r' })
    assert.deepEqual(
      delegated.sign(granted),
      presignAzureUserDelegation({ account: 'hallpasstest', delegationKey: KEY, ...granted }),
    )
  }
})

test('a request that is changed in place is signed as it is then', () => {
  const signer = createAzureSigner({ account: 'hallpasstest', accountKey: ACCOUNT_KEY })
  const request = { ...BLOB, expiresInSeconds: 300 }
  const before = signer.sign(request).url
  request.permissions = 'w'
  assert.notEqual(signer.sign(request).url, before)
})

test('a list of permissions that is changed in place is signed as it is then', () => {
  const signer = createAzureSigner({ account: 'hallpasstest', accountKey: ACCOUNT_KEY })
  const permissions: ('read' | 'write')[] = ['read', 'write']
  const request = { ...BLOB, permissions, expiresInSeconds: 300 }
  assert.match(signer.sign(request).url, /&sp=rw&/)
  permissions.pop()
  assert.match(signer.sign(request).url, /&sp=r&/)
})

test('a key that is changed in place changes nothing for a signer that was made before', () => {
  const delegationKey = { ...KEY }
  const signer = createAzureDelegationSigner({ account: 'hallpasstest', delegationKey })
  const before = signer.sign({ ...BLOB, expiresInSeconds: 300 })
  delegationKey.signedObjectId = '00000000-0000-4000-8000-000000000009'
  assert.deepEqual(signer.sign({ ...BLOB, container: 'others', expiresInSeconds: 300 }).headers, {})
  assert.deepEqual(signer.sign({ ...BLOB, expiresInSeconds: 300 }), before)
})

test('a signer refuses what cannot be signed, after one that could', () => {
  const signer = createAzureDelegationSigner({ account: 'hallpasstest', delegationKey: KEY })
  const { account: _, delegationKey: __, ...request } = OPTIONS
  signer.sign(request)
  for (const change of [
    { blob: 'a/../b' },
    { blob: '' },
    { blob: 'line\nfeed' },
    { permissions: 'rr' },
    { container: 'No' },
  ]) {
    assert.throws(() => signer.sign({ ...request, ...change }))
  }
  for (const key of [{ signedStartsOn: new Date(Number.NaN) }, { value: '' }]) {
    const delegationKey = { ...KEY, ...key }
    assert.throws(() => presignAzureUserDelegation({ ...OPTIONS, delegationKey }))
  }
})
