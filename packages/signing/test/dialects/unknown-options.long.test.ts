import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createAzureSigner, presignAzureUserDelegation } from '../../src/azure.ts'
import { createHttpSigner } from '../../src/http-signatures.ts'
import * as all from '../../src/index.ts'
import { createNginxSigner } from '../../src/nginx.ts'
import { presignS3 } from '../../src/s3.ts'
import type { Signer } from '../../src/types.ts'
import { EVERY_REQUIRED, EVERY_SIGNER } from './required-options.ts'

/** Its options are a request as any program has one, with more in it than this reads. */
const READS_WHAT_IT_NEEDS = new Set(['toRawRequest'])

/** No option of anything has such a name. */
const unknownName = fc.stringMatching(/^[A-Z][a-z]{0,8}_[a-z]{1,8}$/)

for (const { call, name, options } of EVERY_REQUIRED) {
  if (READS_WHAT_IT_NEEDS.has(name)) continue
  test(`${name} refuses an option that it does not know, by its name`, async () => {
    const property = fc.asyncProperty(unknownName, fc.anything(), async (unknown, value) => {
      await assert.rejects(
        async () => call({ ...options, [unknown]: value }),
        (error) => {
          assert.ok(error instanceof TypeError, String(error))
          assert.ok(error.message.startsWith(`options must not hold ${unknown}: `), error.message)
          return true
        },
      )
    })
    await fc.assert(property, { numRuns: 10 })
  })
}

test('every signer refuses in a request what it does not know', async () => {
  assert.ok(EVERY_SIGNER.length >= 15, String(EVERY_SIGNER.length))
  for (const { create, request } of EVERY_SIGNER) {
    const signer = create.call(create.options) as Signer<object>
    await assert.rejects(
      async () => signer.sign({ ...request, filenam: 'a' }),
      { name: 'TypeError', message: /^options must not hold filenam: / },
      create.name,
    )
    const bare = signer as Signer<unknown>
    const without = { name: 'TypeError', message: 'options must be an object' }
    await assert.rejects(async () => bare.sign(undefined), without, create.name)
    const unlisted = { name: 'TypeError', message: 'requests must be a list' }
    await assert.rejects(async () => bare.signAll({} as never), unlisted, create.name)
  }
  const { sign } = createHttpSigner({ key: { algorithm: 'hmac-sha256', secret: 'a' }, keyId: 'a' })
  const asked = { components: ['@method'], expiresInSeconds: 60, nonse: 'a' }
  const request = { method: 'GET', target: '/', headers: [] }
  assert.throws(() => sign(request, asked), {
    name: 'TypeError',
    message: /nonse: known are nonce/,
  })
})

const S3 = {
  expiresInSeconds: 60,
  region: 'eu-west-1',
  method: 'GET',
  key: 'a',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'hallpass' },
}

test('a refusal tells the options that are near, whatever the capitals', () => {
  const near: Readonly<Record<string, string>> = {
    Bucket: 'bucket',
    contenttype: 'contentType',
    content_length: 'contentLength',
    expiresIn: 'expiresAt, expiresInSeconds',
    checksum: 'checksumSha256',
    filenam: 'filename',
    inline: 'isInline',
    regoin: 'region',
    header: 'headers',
    Key: 'key',
    keys: 'key',
  }
  for (const [name, known] of Object.entries(near)) {
    assert.throws(() => presignS3({ ...S3, [name]: 'a' }), {
      name: 'TypeError',
      message: `options must not hold ${name}: known are ${known}`,
    })
  }
})

test('where none is near it tells all, and never one that is another thing', () => {
  for (const name of ['acl', 'ttl', 'secret', 'pathStyle', 'x', 'Metadata', 'credentialProvider']) {
    assert.throws(() => presignS3({ ...S3, [name]: 'a' }), {
      name: 'TypeError',
      message: /: known are addressing, credentials, .*, regionSet$/,
    })
  }
  const rule = { expression: '$secure_link_expires$uri hallpass', secret: 'a' }
  assert.throws(() => createNginxSigner(rule), /hold secret: known are expression, .*secureLink/)
  const account = { account: 'a', container: 'b', blob: 'c', permissions: 'r', accountKey: 'd' }
  const delegated = { ...account, delegationKey: {}, expiresInSeconds: 60 }
  assert.throws(
    () => presignAzureUserDelegation(delegated as never),
    /hold accountKey: known are account, .*delegationKey/,
  )
})

test('a name of any length is answered at once', () => {
  const name = `expiresIn${'Second'.repeat(50_000)}`
  const message = /^options must not hold expiresIn(?:Second)+\w*: known are addressing, /
  assert.throws(() => presignS3({ ...S3, [name]: 1 }), { name: 'TypeError', message })
})

test('an option of another call of the same dialect is none of this one', () => {
  const signer = createAzureSigner({ account: 'account', accountKey: 'aGFsbHBhc3MgZmFrZSBrZXk=' })
  const asked = { container: 'a', permissions: 'r', expiresInSeconds: 60, correlationId: 'a' }
  assert.throws(() => signer.sign(asked as never), /must not hold correlationId/)
})

test('every function that presigns is among those that are tried', () => {
  const tried = new Set(EVERY_REQUIRED.map(({ name }) => name))
  const presigners = Object.keys(all).filter((name) => /^(?:pre)?sign/.test(name))
  assert.deepEqual(
    presigners.filter((name) => !tried.has(name)),
    [],
  )
})
