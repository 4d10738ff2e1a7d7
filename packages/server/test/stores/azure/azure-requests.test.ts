import assert from 'node:assert/strict'
import { test } from 'node:test'
import { givenAzureCredentials } from '../../../src/stores/azure/azure-credentials.ts'
import {
  nameAzureLocation,
  parseAzureLocation,
  placeOfAzure,
} from '../../../src/stores/azure/azure-location.ts'
import { formatTextToSign } from '../../../src/stores/azure/shared-key.ts'
import { createSecret } from '../../../src/platform/secret.ts'

test('a container alone is Microsoft’s own, at its usual address', () => {
  const location = parseAzureLocation('azure://account1/files')
  assert.deepEqual(location, {
    account: 'account1',
    container: 'files',
    prefix: '',
    endpoint: 'https://account1.blob.core.windows.net',
    isMicrosofts: true,
  })
  assert.equal(placeOfAzure(location), 'azure://account1.blob.core.windows.net/files/')
})

test('everything that can be said is read', () => {
  const location = parseAzureLocation(
    'azure://account1/my-files/a//b/?endpoint=http://127.0.0.1:10000/account1/',
  )
  assert.deepEqual(location, {
    account: 'account1',
    container: 'my-files',
    prefix: 'a/b/',
    endpoint: 'http://127.0.0.1:10000/account1',
    isMicrosofts: false,
  })
  assert.equal(nameAzureLocation(location), 'azure://account1/my-files/a/b')
  assert.equal(placeOfAzure(location), 'azure://127.0.0.1:10000/account1/my-files/a/b/')
})

test('one account is one place, by whichever of its hosts it is asked', () => {
  const place = (host: string): string =>
    placeOfAzure(parseAzureLocation(`azure://account1/files?endpoint=https://${host}`))
  for (const host of [
    'account1-secondary.blob.core.windows.net',
    'account1.privatelink.blob.core.windows.net',
    'account1.z12.blob.storage.azure.net',
  ]) {
    assert.equal(place(host), place('account1.blob.core.windows.net'), host)
  }
  const elsewhere = 'account1.blob.core.usgovcloudapi.net'
  assert.notEqual(place(elsewhere), place('account1.blob.core.windows.net'))
})

test('what only looks like Microsoft’s own is shown no token', () => {
  for (const endpoint of [
    'http://account1.blob.core.windows.net',
    'https://account1.blob.core.windows.net.example.com',
    'https://account1.blob.core.windows.net:8443',
    'https://example.com',
  ]) {
    const { isMicrosofts } = parseAzureLocation(`azure://account1/files?endpoint=${endpoint}`)
    assert.equal(isMicrosofts, false, endpoint)
  }
})

test('what cannot be is refused, and no value of it is repeated', () => {
  const refused = [
    'account1/files',
    's3://account1/files',
    'azure://',
    'azure://account1',
    'azure://account1/',
    'azure://Account-hunter2/files',
    'azure://account1/Hunter2',
    'azure://account1/a--hunter2',
    'azure://account1:hunter2@account1/files',
    'azure://account1/files/../hunter2',
    'azure://account1/files#hunter2',
    'azure://account1/files?sig=hunter2',
    'azure://account1/files?endpoint=hunter2',
    'azure://account1/files?endpoint=https://user:hunter2@host',
    'azure://account1/files?endpoint=https://host/hunter2/.blob.core.windows.net',
  ]
  for (const text of refused) {
    assert.throws(
      () => parseAzureLocation(text),
      (error) => error instanceof Error && !error.message.includes('hunter2'),
      text,
    )
  }
})

test('credentials are told apart by what they look like', () => {
  const key = Buffer.alloc(64, 7).toString('base64')
  const sas = '?sv=2026-02-06&sr=c&sp=rl&se=2026-12-01T00%3A00%3A00Z&sig=abc%2Bdef%3D'
  const given = (id: string, secret: string): ReturnType<typeof givenAzureCredentials> =>
    givenAzureCredentials('account1', { id, secret: createSecret(secret) })
  assert.equal(given('account1', key).kind, 'key')
  const signature = given('account1', sas)
  assert.equal(signature.kind, 'sas')
  assert.ok(signature.kind === 'sas' && signature.token.reveal().startsWith('sv='))
  for (const [id, secret] of [
    ['another1', key],
    ['account1', 'hunter2'],
    ['account1', 'sv=2026-02-06&sp=hunter2'],
    ['account1', `${sas}&x=hunter2#`],
  ] as const) {
    assert.throws(
      () => given(id, secret),
      (error) => error instanceof Error && !error.message.includes('hunter2'),
    )
  }
})

test('the text to sign has its lines in the order of Azure', () => {
  const text = formatTextToSign('account1', {
    method: 'PUT',
    path: '/files/a%20b',
    query: { comp: 'block', blockid: 'YQ==' },
    headers: {
      'x-ms-version': '2026-02-06',
      'content-md5': 'bWQ1',
      'x-ms-date': 'Sun, 29 Nov 2026 00:00:00 GMT',
      'if-match': '"1"',
    },
    contentLength: 3,
  })
  assert.equal(
    text,
    'PUT\n\n\n3\nbWQ1\n\n\n\n"1"\n\n\n\nx-ms-date:Sun, 29 Nov 2026 00:00:00 GMT\nx-ms-version:2026-02-06\n/account1/files/a%20b\nblockid:YQ==\ncomp:block',
  )
})

test('headers stand in the order of a dictionary', () => {
  const names = ['x-ms-meta-na', 'x-ms-meta-n1', 'x-ms-meta-n_', 'x-ms-meta-n', 'x-ms-date']
  const headers = Object.fromEntries(names.map((name) => [name, 'v']))
  const request = { method: 'GET', path: '/', query: {}, headers, contentLength: 0 }
  const lines = formatTextToSign('account1', request)
    .split('\n')
    .filter((line) => line.startsWith('x-ms-'))
  assert.deepEqual(
    lines,
    names.toReversed().map((name) => `${name}:v`),
  )
})
