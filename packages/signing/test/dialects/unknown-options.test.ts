import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EVERY_REQUIRED } from './required-options.ts'

for (const { call, name, options } of EVERY_REQUIRED) {
  if (!/verif/i.test(name)) continue
  test(`${name} refuses a rule that it does not know, by its name`, async () => {
    const given = { ...options, maxExpiresInSecond: 60 }
    await assert.rejects(async () => call(given), {
      name: 'TypeError',
      message: /^options must not hold maxExpiresInSecond:/,
    })
  })
}
