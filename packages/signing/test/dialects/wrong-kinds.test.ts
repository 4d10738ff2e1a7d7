/** What is no text and stands further in than the options themselves is refused by name too. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAkamaiToken } from '../../src/akamai.ts'
import { presignAzureBlob } from '../../src/azure.ts'
import { createMediaCdnToken } from '../../src/media-cdn.ts'
import { createNginxVerifier, presignNginx } from '../../src/nginx.ts'
import { createS3PostPolicy, presignS3 } from '../../src/s3.ts'
import { createSwiftPrefix } from '../../src/swift.ts'

const life = { expiresInSeconds: 300 }
const url = 'https://media.example.test/a'
const s3 = {
  ...life,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hallpass' },
  region: 'eu-west-1',
  bucket: 'reports',
  key: 'a',
}
const expression = '$secure_link_expires$uri $secret'
const azure = {
  ...life,
  account: 'account',
  accountKey: 'aGFsbHBhc3MgZmFrZSBrZXk=',
  container: 'reports',
  blob: 'a',
  permissions: 'r',
}
const media = { algorithm: 'sha256', secret: 'aGFsbHBhc3MgZmFrZSBzZWNyZXQ' }

/** Where a value of the wrong kind stands further in, and what is said of it. */
const FURTHER_IN: readonly (readonly [
  message: RegExp,
  call: (value: never) => unknown,
  value: unknown,
])[] = [
  [/^acl must be paths/, (acl) => createAkamaiToken({ key: 'a1b2', acl, ...life }), [5]],
  [
    /^prefix must be of type string$/,
    (prefix) => createSwiftPrefix({ key: 'a', account: 'a', container: 'c', prefix, ...life }),
    7,
  ],
  [/^fields must be a record/, (fields) => createS3PostPolicy({ ...s3, fields }), { a: 5 }],
  [/^key must be of type string$/, (key) => createS3PostPolicy({ ...s3, key }), 5],
  [
    /^credentials.sessionToken must not be empty$/,
    (sessionToken) =>
      presignS3({ ...s3, method: 'GET', credentials: { ...s3.credentials, sessionToken } }),
    5,
  ],
  [
    /^variables must be a record/,
    (secret) => presignNginx({ ...life, url, expression, variables: { secret } }),
    12_345,
  ],
  [
    /^expression must be of type string$/,
    (rule) => createNginxVerifier({ rules: [{ expression: rule }] }),
    5,
  ],
  [
    /^each of rules must not hold secureLnk: known are secureLink$/,
    (secureLnk) => createNginxVerifier({ rules: [Object.assign({ expression }, { secureLnk })] }),
    '$arg_md5,$arg_e',
  ],
  [
    /^responseHeaders must not hold ContentType: known are contentType$/,
    (ContentType) =>
      presignAzureBlob({
        ...azure,
        responseHeaders: Object.assign({ cacheControl: 'no-store' }, { ContentType }),
      }),
    'text/plain',
  ],
  [
    /^contentType must be of type string$/,
    (contentType) => presignAzureBlob({ ...azure, responseHeaders: { contentType } }),
    5,
  ],
  [
    /^ipRanges must be addresses/,
    (ipRanges) =>
      createMediaCdnToken({ ...life, key: media as never, pathGlobs: ['/*'], ipRanges }),
    [['203.0.113.7']],
  ],
  [
    /^key.algorithm must be ed25519, sha256 or sha1$/,
    (algorithm) =>
      createMediaCdnToken({ ...life, key: { ...media, algorithm }, pathGlobs: ['/*'] }),
    'constructor',
  ],
]

test('a value of the wrong kind further in is refused by name too', () => {
  for (const [message, call, value] of FURTHER_IN) {
    assert.throws(() => call(value as never), { name: 'TypeError', message })
  }
})
