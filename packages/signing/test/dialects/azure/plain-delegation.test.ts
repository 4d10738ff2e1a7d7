import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PresignAzureUserDelegationOptions } from '../../../src/dialects/azure/delegation-options.ts'
import {
  presignAzureUserDelegation,
  signDelegationToken,
} from '../../../src/dialects/azure/presign-user-delegation.ts'
import { toRequest } from '../../../src/dialects/azure/presign.ts'

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

function longWay(options: PresignAzureUserDelegationOptions): unknown {
  return toRequest(signDelegationToken(options), options)
}

test('the short way to a user delegation SAS gives what the long way gives, whatever changed since the last', () => {
  const laterStart = new Date(KEY.signedStartsOn.getTime() + 60_000)
  const changes: Partial<PresignAzureUserDelegationOptions>[] = [
    {},
    { blob: 'a' },
    { blob: 'docs/ünïcode.txt' },
    { container: 'others' },
    { account: 'anotheraccount' },
    { permissions: 'wr' },
    { expiresInSeconds: 301 },
    { now: new Date(NOW.getTime() + 1000) },
    { version: '2025-07-05' },
    { protocol: null },
    { endpoint: 'http://127.0.0.1:10000/hallpasstest' },
    { method: 'PUT' },
    { ip: '203.0.113.7' },
    { correlationId: '00000000-0000-4000-8000-000000000003' },
    { requestHeaders: { 'x-own': 'value' } },
    { responseHeaders: { contentType: 'text/plain' } },
    { delegationKey: { ...KEY, signedObjectId: '00000000-0000-4000-8000-000000000009' } },
    { delegationKey: { ...KEY, signedTenantId: '00000000-0000-4000-8000-000000000009' } },
    { delegationKey: { ...KEY, signedStartsOn: laterStart } },
    { delegationKey: { ...KEY, signedExpiresOn: '2026-03-15T08:00Z' } },
    { delegationKey: { ...KEY, signedVersion: '2025-07-05' } },
    { delegationKey: { ...KEY, value: Buffer.alloc(32, 'l').toString('base64') } },
    {
      delegationKey: {
        ...KEY,
        signedDelegatedUserTenantId: '00000000-0000-4000-8000-000000000004',
      },
    },
  ]
  for (const change of changes) {
    const options = { ...OPTIONS, ...change }
    presignAzureUserDelegation(OPTIONS)
    assert.deepEqual(presignAzureUserDelegation(options), longWay(options))
    assert.deepEqual(presignAzureUserDelegation(options), longWay(options))
  }
})

test('a date of the delegation key that is changed in place is noticed', () => {
  const signedStartsOn = new Date(KEY.signedStartsOn)
  const options = { ...OPTIONS, delegationKey: { ...KEY, signedStartsOn } }
  const before = presignAzureUserDelegation(options).url
  signedStartsOn.setUTCMinutes(30)
  assert.notEqual(presignAzureUserDelegation(options).url, before)
  assert.deepEqual(presignAzureUserDelegation(options), longWay(options))
})

test('what the long way refuses the short way refuses', () => {
  presignAzureUserDelegation(OPTIONS)
  for (const change of [
    { blob: 'a/../b' },
    { blob: '' },
    { blob: 'line\nfeed' },
    { permissions: 'rr' },
    { container: 'No' },
    { delegationKey: { ...KEY, signedStartsOn: new Date(Number.NaN) } },
    { delegationKey: { ...KEY, value: '' } },
  ]) {
    assert.throws(() => presignAzureUserDelegation({ ...OPTIONS, ...change }))
  }
})
