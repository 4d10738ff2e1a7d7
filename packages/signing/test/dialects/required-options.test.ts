import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSigningError } from '../../src/errors.ts'
import { EVERY_FUNCTION, EVERY_REQUIRED, WITHOUT_REQUIRED } from './required-options.ts'
import type { RequiredOptions } from './required-options.ts'

/** What a call ends in: its error, or `null`. An answer of a verifier is an end like another. */
async function endOf(call: RequiredOptions['call'], options: RequiredOptions['options']) {
  try {
    await call(options)
    return null
  } catch (error) {
    return error
  }
}

test('every function of the entries is known to this test', () => {
  const known = new Set([...EVERY_REQUIRED.map(({ name }) => name), ...WITHOUT_REQUIRED])
  assert.deepEqual(
    EVERY_FUNCTION.filter((name) => !known.has(name)),
    [],
  )
})

for (const { call, name, options } of EVERY_REQUIRED) {
  test(`${name} takes its options, and names the one that is missing`, async () => {
    const complete = await endOf(call, options)
    assert.ok(complete === null || isSigningError(complete), String(complete))
    for (const missing of Object.keys(options)) {
      const { [missing]: _, ...rest } = options
      const named = new RegExp(`\\b${missing}\\b`)
      for (const incomplete of [rest, { ...options, [missing]: undefined }]) {
        const error = await endOf(call, incomplete)
        assert.ok(error instanceof TypeError, `${missing}: ${String(error)}`)
        assert.match(error.message, named)
      }
      // As a value of the wrong kind it may also be one out of range.
      const error = await endOf(call, { ...options, [missing]: null })
      assert.ok(error instanceof TypeError || error instanceof RangeError, String(error))
      assert.match(error.message, named)
    }
  })
}
