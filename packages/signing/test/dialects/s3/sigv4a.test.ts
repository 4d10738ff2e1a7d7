import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toHex } from '../../../src/lib/bytes.ts'
import { coversRegion, deriveSigV4aPrivateKey } from '../../../src/dialects/s3/sigv4a.ts'
import { presignS3, signS3Headers } from '../../../src/s3.ts'
import { CREDENTIALS, HOST, NOW, presign, refusal, REGION, toRequest, verify } from './support.ts'

const OPTIONS = {
  bucket: 'reports',
  key: 'a b',
  endpoint: `https://${HOST}`,
  region: REGION,
  credentials: CREDENTIALS,
  now: NOW,
}

test('the private key is that of Amazon’s derivation example', () => {
  const key = deriveSigV4aPrivateKey(
    'AKISORANDOMAASORANDOM',
    'q+jcrXGc+0zWN6uzclKVhvMmUsIfRPa4rlRandom',
  )
  assert.equal(toHex(key), '7fd3bd010c0d9c292141c2b77bfbde1042c92e6836fff749d1269ec890fca1bd')
})

test('a signature for several regions is verified in each of them, and only if that is allowed', () => {
  const signed = signS3Headers({ ...OPTIONS, method: 'GET', regionSet: 'us-*,eu-west-1' })
  const request = toRequest(signed)
  for (const region of ['us-east-1', 'us-west-2', 'eu-west-1']) {
    assert.equal(verify(request, { allowSigV4A: true, region }).kind, 'header')
  }
  const { details } = refusal('scope-mismatch', () =>
    verify(request, { allowSigV4A: true, region: 'eu-west-3' }),
  )
  assert.equal(details.part, 'region')
  refusal('algorithm-unsupported', () => verify(request))
  refusal('signature-mismatch', () => verify({ ...request, method: 'PUT' }, { allowSigV4A: true }))
})

test('a URL presigned for several regions is verified, and refused after a change', () => {
  const presigned = presignS3({ ...OPTIONS, method: 'GET', regionSet: '*', expiresInSeconds: 60 })
  const request = toRequest(presigned)
  const verified = verify(request, { allowSigV4A: true })
  assert.equal(verified.path, '/reports/a b')
  assert.deepEqual(verified.expiresAt, presigned.expiresAt)
  refusal('algorithm-unsupported', () => verify(request))
  for (const [from, to] of [
    ['/reports/', '/other/'],
    ['Expires=60', 'Expires=61'],
    ['Region-Set=%2A', 'Region-Set=us-%2A'],
  ] as const) {
    const target = request.target.replace(from, to)
    refusal('signature-mismatch', () => verify({ ...request, target }, { allowSigV4A: true }))
  }
  const unsigned = request.target.replace('&X-Amz-Region-Set=%2A', '')
  refusal('parameter-missing', () =>
    verify({ ...request, target: unsigned }, { allowSigV4A: true }),
  )
  for (const signature of ['', '00', 'zz'.repeat(70), 'a'.repeat(146)]) {
    const target = request.target.replace(/Signature=.*/, `Signature=${signature}`)
    refusal('signature-malformed', () => verify({ ...request, target }, { allowSigV4A: true }))
  }
})

test('the usual signatures are taken beside those of version 4A', () => {
  assert.equal(verify(toRequest(presign()), { allowSigV4A: true }).kind, 'query')
})

test('a star in a region set stands for any text, and several are matched in linear time', () => {
  const cases: [string, string, boolean][] = [
    ['*', 'us-east-1', true],
    ['us-*', 'us-east-1', true],
    ['us-*', 'eu-west-1', false],
    ['*-1', 'us-east-1', true],
    ['u*e*1', 'us-east-1', true],
    ['us-east-1*1', 'us-east-1', false],
    ['us-east-1', 'us-east-10', false],
    ['', 'us-east-1', false],
    ['a, us-east-1', 'us-east-1', true],
  ]
  for (const [set, region, expected] of cases)
    assert.equal(coversRegion(set, region), expected, set)
  assert.equal(coversRegion('*a'.repeat(20_000), 'a'.repeat(10_000)), false)
})
