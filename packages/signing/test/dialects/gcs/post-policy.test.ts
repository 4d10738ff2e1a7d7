import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createGcsPostPolicy, verifyGcsPostPolicy } from '../../../src/gcs.ts'
import type { GcsPostPolicyOptions, VerifyGcsPostOptions } from '../../../src/gcs.ts'
import { prepareGcsSigner } from '../../../src/dialects/gcs/keys.ts'
import { createGcsScope } from '../../../src/dialects/gcs/presign.ts'
import { isSigningError } from '../../../src/errors.ts'
import type { SigningErrorCode } from '../../../src/errors.ts'
import { HMAC_KEY, lookup } from './test-keys.ts'

const NOW = new Date('2026-03-14T09:26:53Z')
const BASE: GcsPostPolicyOptions = {
  key: HMAC_KEY,
  bucket: 'hallpass-test',
  object: 'uploads/a.txt',
  expiresInSeconds: 600,
  now: NOW,
}
const OPTIONS: VerifyGcsPostOptions = { bucket: 'hallpass-test', lookup, now: NOW }

function refused(run: () => unknown, code: SigningErrorCode, what = ''): void {
  assert.throws(run, (error: unknown) => {
    assert.ok(isSigningError(error), `${what}: ${String(error)}`)
    assert.equal(error.code, code, what)
    return true
  })
}

describe('Google Cloud Storage POST policies', () => {
  test('every condition must hold and every field be covered', () => {
    const { fields } = createGcsPostPolicy({
      ...BASE,
      fields: { 'Content-Type': 'image/png' },
      conditions: [
        ['starts-with', '$Content-Type', 'image/'],
        ['content-length-range', 1, 100],
      ],
    })
    const list = Object.entries(fields)
    const change = (name: string, value: string): [string, string][] =>
      list.map(([other, old]) => [other, other === name ? value : old])
    const with_ = (name: string, value: string): [string, string][] => [...list, [name, value]]
    assert.deepEqual(verifyGcsPostPolicy(list, { ...OPTIONS, size: 100 }).sizeRange, [1, 100])
    refused(() => verifyGcsPostPolicy(list, { ...OPTIONS, size: 101 }), 'entity-too-large')
    refused(() => verifyGcsPostPolicy(list, { ...OPTIONS, size: 0 }), 'entity-too-small')
    refused(
      () => verifyGcsPostPolicy(change('Content-Type', 'image/gif'), OPTIONS),
      'policy-condition-failed',
    )
    refused(
      () => verifyGcsPostPolicy(change('key', 'uploads/b.txt'), OPTIONS),
      'policy-condition-failed',
    )
    refused(
      () =>
        verifyGcsPostPolicy(
          list.filter(([name]) => name !== 'Content-Type'),
          OPTIONS,
        ),
      'policy-condition-failed',
    )
    refused(() => verifyGcsPostPolicy(with_('acl', 'public-read'), OPTIONS), 'policy-extra-field')
    refused(
      () => verifyGcsPostPolicy(with_('success_action_redirect', 'javascript:0'), OPTIONS),
      'policy-extra-field',
    )
    assert.ok(verifyGcsPostPolicy(with_('x-ignore-note', 'n'), OPTIONS))
    assert.ok(verifyGcsPostPolicy(with_('bucket', 'hallpass-test'), OPTIONS))
    refused(() => verifyGcsPostPolicy(with_('bucket', 'other'), OPTIONS), 'resource-mismatch')
    refused(
      () => verifyGcsPostPolicy(list, { ...OPTIONS, bucket: 'other' }),
      'policy-condition-failed',
    )
    refused(
      () => verifyGcsPostPolicy(with_('KEY', 'uploads/b.txt'), OPTIONS),
      'parameter-duplicate',
    )
    refused(() => verifyGcsPostPolicy(with_('policy', 'x'), OPTIONS), 'parameter-duplicate')
    refused(
      () => verifyGcsPostPolicy(list, { ...OPTIONS, now: new Date('2026-03-14T09:36:53.001Z') }),
      'signature-expired',
    )
    for (const name of [
      'key',
      'policy',
      'x-goog-algorithm',
      'x-goog-credential',
      'x-goog-date',
      'x-goog-signature',
    ]) {
      refused(
        () =>
          verifyGcsPostPolicy(
            list.filter(([other]) => other !== name),
            OPTIONS,
          ),
        'parameter-missing',
        name,
      )
    }
    refused(
      () => verifyGcsPostPolicy(change('policy', 'A'.repeat(20_484)), OPTIONS),
      'parameter-malformed',
    )
    refused(
      () => verifyGcsPostPolicy(change('x-goog-signature', 'ab'), OPTIONS),
      'signature-malformed',
    )
    refused(
      () => verifyGcsPostPolicy(change('x-goog-algorithm', 'none'), OPTIONS),
      'algorithm-unsupported',
    )
  })

  test('every type of a comma list must fit', () => {
    const { fields } = createGcsPostPolicy({
      ...BASE,
      conditions: [['starts-with', '$Content-Type', 'image/']],
    })
    const with_ = (type: string): unknown =>
      verifyGcsPostPolicy([...Object.entries(fields), ['Content-Type', type]], OPTIONS)
    assert.ok(with_('image/png'))
    assert.ok(with_('image/png, image/gif'))
    refused(() => with_('image/png,text/html'), 'policy-condition-failed')
  })

  test('a folder is open for any name, and ${filename} is the last part of the file’s', () => {
    const { object: _, ...base } = BASE
    const { fields } = createGcsPostPolicy({ ...base, keyPrefix: 'team1/' })
    const list = Object.entries(fields)
    assert.equal(
      verifyGcsPostPolicy(list, { ...OPTIONS, fileName: 'C:\\x\\..\\photo.jpg' }).key,
      'team1/photo.jpg',
    )
    assert.equal(verifyGcsPostPolicy(list, OPTIONS).key, 'team1/')
    const moved = list.map(([name, value]): [string, string] => [
      name,
      name === 'key' ? 'team10/a' : value,
    ])
    refused(() => verifyGcsPostPolicy(moved, OPTIONS), 'policy-condition-failed')
  })

  test('a policy that was signed and makes no sense is refused', () => {
    const signer = prepareGcsSigner({ key: HMAC_KEY })
    const scope = createGcsScope('20260314T092653Z')
    const form = (text: string): [string, string][] => {
      const policy = Buffer.from(text).toString('base64')
      return [
        ['key', 'a'],
        ['x-goog-date', '20260314T092653Z'],
        ['x-goog-credential', `${signer.keyId}/${scope.text}`],
        ['x-goog-algorithm', signer.algorithm],
        ['policy', policy],
        ['x-goog-signature', signer.sign(policy, scope)],
      ]
    }
    const end = '"expiration":"2026-03-15T00:00:00Z"'
    const bad = [
      'x',
      '[]',
      '{}',
      '['.repeat(15_000),
      `{${end}}`,
      '{"conditions":[]}',
      `{${end},"conditions":{}}`,
      `{${end},"conditions":[],"more":1}`,
      '{"expiration":"2026-03-15T00:00:00+01:00","conditions":[]}',
      '{"expiration":"2026-13-15T00:00:00Z","conditions":[]}',
      `{${end},"conditions":[["eq","$key"]]}`,
      `{${end},"conditions":[["eq","key","a"]]}`,
      `{${end},"conditions":[["eq","$key","a","b"]]}`,
      `{${end},"conditions":[["like","$key","a"]]}`,
      `{${end},"conditions":[{"a":"1","b":"2"}]}`,
      `{${end},"conditions":[{"a":1}]}`,
      `{${end},"conditions":[1]}`,
      `{${end},"conditions":[["content-length-range",5,1]]}`,
      `{${end},"conditions":[["content-length-range",0,1.5]]}`,
      `{${end},"conditions":[["content-length-range",0]]}`,
    ]
    for (const text of bad)
      refused(() => verifyGcsPostPolicy(form(text), OPTIONS), 'policy-malformed', text.slice(0, 80))
    refused(
      () =>
        verifyGcsPostPolicy(
          form(
            `{${end},"conditions":[{"key":"a"},{"x-goog-date":"20260314T092653Z"},["starts-with","$x-goog-credential",""],["starts-with","$x-goog-algorithm",""]]}`,
          ),
          OPTIONS,
        ),
      'policy-extra-field',
    )
  })

  test('a bad argument is named', () => {
    const cases: [object, RegExp][] = [
      [{ object: '' }, /object/],
      [{ keyPrefix: 'a/' }, /object/],
      [{ object: undefined, keyPrefix: '' }, /keyPrefix/],
      [{ object: undefined, keyPrefix: 'team1' }, /keyPrefix/],
      [{ expiresInSeconds: 604_801 }, /expiresInSeconds/],
      [{ fields: { KEY: 'x' } }, /key/],
      [
        {
          fields: [
            ['a', '1'],
            ['A', '2'],
          ],
        },
        /fields/,
      ],
      [{ conditions: [['starts-with', '$key', '']] }, /key/],
      [{ conditions: [['content-length-range', 5, 1]] }, /content-length-range/],
      [{ conditions: [['like', '$a', '']] }, /conditions/],
      [{ conditions: [{ a: '1', b: '2' }] }, /conditions/],
    ]
    for (const [change, message] of cases) {
      assert.throws(() => createGcsPostPolicy({ ...BASE, ...change }), message)
    }
  })
})
