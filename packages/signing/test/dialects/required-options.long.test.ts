import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSigningError } from '../../src/errors.ts'
import {
  endOf,
  EVERY_FUNCTION,
  EVERY_OPTIONAL,
  EVERY_REQUIRED,
  MAY_BE_NULL,
  WITHOUT_OPTIONS,
} from './required-options.ts'

test('every function of the entries is known to this test', () => {
  const known = new Set([
    ...EVERY_REQUIRED.map(({ name }) => name),
    ...EVERY_OPTIONAL.map(({ name }) => name),
    ...WITHOUT_OPTIONS,
  ])
  assert.deepEqual(
    EVERY_FUNCTION.filter((name) => !known.has(name)),
    [],
  )
})

const NO_OPTIONS: readonly unknown[] = [undefined, null, 5, 'text', true, Symbol('options')]

for (const { call, name } of EVERY_REQUIRED) {
  test(`${name} says that it has no options`, async () => {
    // What is converted names the thing that it converts.
    const named = name === 'toRawRequest' ? /^request must be/ : /^options must be an object$/
    for (const given of NO_OPTIONS) {
      const error = await endOf(call, given)
      assert.ok(error instanceof TypeError, `${String(given)}: ${String(error)}`)
      assert.match(error.message, named)
    }
  })
}

for (const { call, name, parameter } of EVERY_OPTIONAL) {
  test(`${name} can do without ${parameter}, and takes nothing else for them`, async () => {
    assert.equal(await endOf(call, undefined), null)
    for (const given of NO_OPTIONS.slice(1)) {
      const error = await endOf(call, given)
      assert.ok(error instanceof TypeError, `${String(given)}: ${String(error)}`)
      assert.equal(error.message, `${parameter} must be an object`)
    }
    const error = await endOf(call, { nwo: new Date() })
    assert.ok(
      error instanceof TypeError && error.message.startsWith(`${parameter} must not hold nwo`),
    )
  })
}

for (const { call, name, options } of EVERY_REQUIRED) {
  test(`${name} takes its options, and names the one that is missing`, async () => {
    const complete = await endOf(call, options)
    assert.ok(complete === null || isSigningError(complete), String(complete))
    for (const missing of Object.keys(options)) {
      const { [missing]: _, ...rest } = options
      const named = new RegExp(`\\b${missing}\\b`)
      const said = new RegExp(`^${missing} is missing|\\b${missing}\\b.* must be given$`)
      for (const incomplete of [rest, { ...options, [missing]: undefined }]) {
        const error = await endOf(call, incomplete)
        assert.ok(error instanceof TypeError, `${missing}: ${String(error)}`)
        assert.match(error.message, said)
      }
      if (MAY_BE_NULL[name] === missing) {
        assert.equal(await endOf(call, { ...options, [missing]: null }), null)
        continue
      }
      // As a value of the wrong kind it may also be one out of range.
      const error = await endOf(call, { ...options, [missing]: null })
      assert.ok(error instanceof TypeError || error instanceof RangeError, String(error))
      assert.match(error.message, named)
    }
  })
}
