import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { explain } from '@hallpass/signing/explain'
import type { CauseCode, ExplainKey } from '@hallpass/signing/explain'

/**
 * The vectors of accepted and refused requests were made for the verifiers, by other hands than the rules of `explain`:
 * what is accepted must not be blamed, and what is refused must be explained by the fault its note names.
 */
interface DerivedVector {
  readonly id: string
  readonly now: string
  readonly clientIp?: string
  readonly server: Readonly<Record<string, string>>
  readonly request: {
    readonly method: string
    readonly url: string
    readonly headers?: Readonly<Record<string, string>> | [string, string][]
    readonly bodyBase64?: string
  }
  readonly expect: { readonly allow: boolean }
}

const DIRECTORY = new URL('../../../../vectors/derived/', import.meta.url)

function readVectors(file: string): DerivedVector[] {
  const text = readFileSync(new URL(`${file}.json`, DIRECTORY), 'utf8')
  return (JSON.parse(text) as { vectors: DerivedVector[] }).vectors
}

function keyOf({ server }: DerivedVector): ExplainKey {
  const id = server['accessKeyId'] ?? server['clientEmail'] ?? server['account']
  const secret = server['secretAccessKey'] ?? server['accountKey']
  const publicKey = server['publicKey']
  return {
    ...(id === undefined ? {} : { id }),
    ...(secret === undefined ? {} : { secret }),
    ...(publicKey === undefined ? {} : { publicKey }),
  }
}

function explainVector(vector: DerivedVector): ReturnType<typeof explain> {
  const { method, url, headers = [], bodyBase64 } = vector.request
  return explain(
    {
      method,
      url,
      headers: Array.isArray(headers) ? headers : Object.entries(headers),
      ...(bodyBase64 === undefined ? {} : { body: Buffer.from(bodyBase64, 'base64') }),
      ...(vector.clientIp === undefined ? {} : { clientIp: vector.clientIp }),
    },
    { keys: [keyOf(vector)], now: new Date(vector.now) },
  )
}

/** By vector: the first cause. What was replaced by something that cannot be guessed is `key-mismatch`. */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, CauseCode>>>> = {
  's3-query-verify': {
    expired: 'url-expired',
    'not-yet': 'clock-ahead',
    'signature-changed': 'signature-digits-changed',
    'signature-short': 'url-truncated',
    'signature-empty': 'url-truncated',
    'method-changed': 'method-differs',
    'method-head': 'method-differs',
    'path-changed': 'key-mismatch',
    'path-double-slash': 'path-slashes-merged',
    'path-dot-added': 'path-dots-folded',
    'param-added': 'parameter-added',
    'override-added': 'parameter-added',
    'override-removed': 'key-mismatch',
    'host-changed': 'key-mismatch',
    'expires-raised': 'parameter-changed',
    'expires-604801': 'expiry-too-long',
    'expires-negative': 'parameter-malformed',
    'expires-word': 'parameter-malformed',
    'expires-float': 'parameter-malformed',
    'missing-credential': 'parameter-missing',
    'missing-date': 'parameter-missing',
    'missing-expires': 'parameter-missing',
    'missing-signedheaders': 'parameter-missing',
    'missing-signature': 'parameter-missing',
    'algorithm-wrong': 'algorithm-unsupported',
    'date-malformed': 'parameter-malformed',
    'credential-malformed': 'scope-malformed',
    'region-wrong': 'region-wrong',
    'service-wrong': 'service-other',
    'terminal-wrong': 'scope-malformed',
    'scope-date-wrong': 'scope-date-mismatch',
    'key-unknown': 'key-not-given',
    'secret-wrong': 'key-mismatch',
    'amz-header-unsigned': 'headers-unsigned',
    'host-unsigned': 'parameter-malformed',
    'signed-header-missing': 'header-missing',
    'signed-header-changed': 'key-mismatch',
    'expires-repeated': 'parameter-doubled',
    'two-mechanisms': 'authorization-header-added',
  },
  'gcs-verify': {
    expired: 'url-expired',
    'signature-changed': 'key-mismatch',
    'method-changed': 'method-differs',
    'param-added': 'parameter-added',
    'path-changed': 'key-mismatch',
    'signed-header-missing': 'header-missing',
    'too-long': 'expiry-too-long',
  },
  'azure-verify': {
    expired: 'url-expired',
    'not-started': 'clock-ahead',
    'sig-changed': 'signature-digits-changed',
    'sp-raised': 'parameter-changed',
    'se-raised': 'key-mismatch',
    'sr-raised': 'parameter-changed',
    'override-added': 'parameter-added',
    'other-blob': 'key-mismatch',
    'outside-directory': 'key-mismatch',
    'directory-prefix-trick': 'key-mismatch',
    permission: 'permission-missing',
    'ip-outside': 'ip-not-allowed',
    'http-refused': 'protocol-not-allowed',
    'account-type': 'resource-type-mismatch',
    'account-service': 'resource-type-mismatch',
  },
  's3-header-verify': {
    'skew-16m': 'clock-skewed',
    'skew-16m-ahead': 'clock-skewed',
    'body-changed': 'payload-mismatch',
    'hash-missing': 'header-missing',
    'hash-nonsense': 'parameter-malformed',
    'region-wrong': 'region-wrong',
    'scheme-unknown': 'url-unrecognised',
    'header-malformed': 'parameter-missing',
    'amz-header-unsigned': 'headers-unsigned',
    'signature-changed': 'signature-digits-changed',
  },
}

for (const [file, expected] of Object.entries(EXPECTED)) {
  test(`every refused request of vectors/derived/${file}.json is explained by its fault`, () => {
    const found: Record<string, CauseCode | undefined> = {}
    for (const vector of readVectors(file)) {
      if (!vector.expect.allow) found[vector.id] = explainVector(vector).causes[0]?.code
    }
    assert.deepEqual(found, expected)
  })

  test(`every accepted request of vectors/derived/${file}.json is valid, and nothing sure is said against it`, () => {
    for (const vector of readVectors(file)) {
      if (!vector.expect.allow) continue
      const { signature, causes } = explainVector(vector)
      assert.equal(signature, 'valid', vector.id)
      assert.ok((causes[0]?.confidence ?? 1) < 0.7, vector.id)
    }
  })
}

interface TestKeys {
  readonly aws: Readonly<Record<string, { accessKeyId: string; secretAccessKey: string }>>
  readonly gcs: {
    readonly 'gcs-rsa': { readonly clientEmail: string }
    readonly 'gcs-hmac': { readonly accessId: string; readonly secret: string }
  }
  readonly azure: {
    readonly 'azure-1': { readonly accountKey: string }
    readonly 'azure-udk-1': { readonly userDelegationKey: { readonly value: string } }
  }
  readonly cloudfront: Readonly<Record<string, { keyPairId: string; keyName: string }>>
  readonly pem: Readonly<Record<string, { public: string }>>
}

function readRing(): ExplainKey[] {
  const file = new URL('../keys/test-keys.json', DIRECTORY)
  const keys = JSON.parse(readFileSync(file, 'utf8')) as TestKeys
  const rsa = keys.pem['hallpass-test-rsa-1']?.public ?? ''
  return [
    ...Object.values(keys.aws).map(({ accessKeyId, secretAccessKey }) => ({
      id: accessKeyId,
      secret: secretAccessKey,
    })),
    { id: keys.gcs['gcs-rsa'].clientEmail, publicKey: rsa },
    { id: keys.gcs['gcs-hmac'].accessId, secret: keys.gcs['gcs-hmac'].secret },
    { id: 'hallpasstest', secret: keys.azure['azure-1'].accountKey },
    { secret: keys.azure['azure-udk-1'].userDelegationKey.value },
    ...Object.values(keys.cloudfront).map(({ keyPairId, keyName }) => ({
      id: keyPairId,
      publicKey: keys.pem[keyName]?.public ?? '',
    })),
  ]
}

/** Made at other moments than the rest, or for a policy that covers another URL: what is said of these is right. */
const RIGHTLY_BLAMED: ReadonlySet<string> = new Set([
  'url-expired',
  'url-not-yet-valid',
  'clock-ahead',
  'resource-mismatch',
])

test('URLs straight from the official SDKs are not called invalid, and nothing sure is said against them', () => {
  const keys = readRing()
  let checked = 0
  for (const file of ['s3-presign', 'gcs-v4', 'azure-sas', 'cloudfront']) {
    const text = readFileSync(new URL(`../sdk/${file}.json`, DIRECTORY), 'utf8')
    const { vectors } = JSON.parse(text) as {
      vectors: { id: string; expected: { url?: string; fields?: object } }[]
    }
    for (const { id, expected } of vectors) {
      if (expected.url === undefined || expected.fields !== undefined) continue
      const { signature, causes } = explain(expected.url, {
        keys,
        now: new Date('2026-03-14T09:27:10Z'),
      })
      assert.notEqual(signature, 'invalid', id)
      const [first] = causes
      assert.ok(
        first !== undefined && (first.confidence < 0.7 || RIGHTLY_BLAMED.has(first.code)),
        `${id}: ${first?.code}`,
      )
      checked += 1
    }
  }
  assert.ok(checked > 200, String(checked))
})
