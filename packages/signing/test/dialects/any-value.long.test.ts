/** What is no text would be signed as the text it becomes, or end in an error of the engine: every option of every function says so. */
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import * as fc from 'fast-check'
import { isSigningError } from '../../src/errors.ts'
import { endOf, EVERY_REQUIRED, namesOf } from './required-options.ts'

/** Anything but a text. */
const noText = fc.oneof(
  fc.double(),
  fc.boolean(),
  fc.bigInt(),
  fc.constant(null),
  fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.object())),
  fc.object({ withNullPrototype: true }),
  fc.string().map((text) => Symbol(text)),
  fc.func(fc.anything()),
)

/** How V8 and Node speak of what nobody checked. */
const OF_THE_ENGINE =
  /is not a (?:function|constructor)|is not iterable|Cannot |Invalid |out of bounds|URI malformed|\bReceived\b|reading '/

/** What a message may begin with beside the name of an option. */
const OF_OTHERS = [
  'options',
  'one of',
  'exactly one of',
  'the year',
  'the end of life',
  'each of rules',
  'expression is missing',
]

function assertOwn(error: unknown, names: readonly string[], about: string): void {
  const said = `${about}: ${String(error)}`
  assert.ok(error instanceof TypeError || error instanceof RangeError, said)
  assert.doesNotMatch(error.message, OF_THE_ENGINE, said)
  const begins = [...names, ...OF_OTHERS].some((name) => error.message.startsWith(name))
  assert.ok(begins, said)
}

/** A request is whatever a program has. */
const TAKES_ANY_REQUEST = 'toRawRequest'

suite('any value for any option is taken, or refused by name', () => {
  for (const required of EVERY_REQUIRED) {
    const { call, name, options } = required
    if (name === TAKES_ANY_REQUEST) continue
    test(name, async () => {
      const names = await namesOf(required)
      const property = fc.asyncProperty(
        fc.constantFrom(...names),
        noText,
        async (option, value) => {
          let signed: unknown = null
          const error = await endOf(
            async (given) => {
              signed = await call(given)
            },
            { ...options, [option]: value },
          )
          if (error === null) {
            assert.doesNotMatch(
              JSON.stringify(signed) ?? '',
              /\[object |%5Bobject|Symbol\(/i,
              option,
            )
          } else if (!isSigningError(error)) {
            assertOwn(error, names, option)
          }
        },
      )
      await fc.assert(property, { numRuns: 15 })
    })
  }
})
