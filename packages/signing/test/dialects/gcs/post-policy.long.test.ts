/** Every changed bit of a form of Google Cloud Storage. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGcsPostPolicy, verifyGcsPostPolicy } from '../../../src/gcs.ts'
import type { GcsPostPolicyOptions, VerifyGcsPostOptions } from '../../../src/gcs.ts'
import { isSigningError } from '../../../src/errors.ts'
import { flippedTexts } from '../cloud-support.ts'
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

test('any one-bit change of a field is refused', () => {
  const { fields } = createGcsPostPolicy({
    ...BASE,
    fields: { 'Content-Type': 'text/plain', 'x-goog-meta-a': 'b' },
  })
  const list = Object.entries(fields)
  assert.ok(verifyGcsPostPolicy(list, OPTIONS))
  for (const [index, [name, value]] of list.entries()) {
    for (const changed of flippedTexts(value, [0, 1, 2, 3, 4, 5, 6])) {
      const other = list.with(index, [name, changed])
      assert.throws(() => verifyGcsPostPolicy(other, OPTIONS), isSigningError, `${name} ${changed}`)
    }
  }
})
