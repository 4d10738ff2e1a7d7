import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endOf, EVERY_REQUIRED } from './required-options.ts'

/** Of what signs a request those that can be told its method. */
const WITH_METHOD = /^(?:presign|signS3|create(?:Azure|Swift)Prefix)/

test('a method in lower case is refused by its name: services compare it with its case', async () => {
  const refused: string[] = []
  for (const { call, name, options } of EVERY_REQUIRED) {
    if (!WITH_METHOD.test(name)) continue
    const error = await endOf(call, { ...options, method: 'get' })
    assert.ok(error instanceof TypeError, `${name}: ${String(error)}`)
    if (error.message.startsWith('options must not hold method')) continue
    assert.match(error.message, /^method must be .*(?:upper.case|GET)/, name)
    refused.push(name)
  }
  assert.ok(refused.length >= 14, refused.join(', '))
})
