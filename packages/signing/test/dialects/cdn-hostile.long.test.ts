import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { isSigningError } from '../../src/errors.ts'
import type { RawRequest } from '../../src/types.ts'
import type { Sample } from './cdn-samples.ts'
import { makeSamples } from './cdn-samples.ts'
import { propertyRuns } from './cdn-support.ts'

const samples = await makeSamples()

/** The code of the refusal, or `null` if the request was taken; any other error fails the test. */
async function refusalOf({ name, verify }: Sample, request: RawRequest): Promise<string | null> {
  try {
    await verify(request)
    return null
  } catch (error) {
    assert.ok(isSigningError(error), `${name}: ${String(error)}`)
    return error.code
  }
}

test('every sample verifies with its own verifier and is refused by that of every other kind', async () => {
  for (const own of samples) {
    for (const other of samples) {
      const code = await refusalOf(other, own.request)
      if (own === other) assert.equal(code, null, own.name)
      else if (!areAlike(own.name, other.name)) {
        assert.notEqual(code, null, `${own.name} was taken by ${other.name}`)
      }
    }
  }
})

/** Forms of one dialect that one verifier takes alike, under one key. */
function areAlike(a: string, b: string): boolean {
  const family = (name: string): string => name.replace(/ (?:url|prefix|path|acl|folder)$/, '')
  return family(a) === family(b) || (a.startsWith('bunny') && b.startsWith('bunny'))
}

test('no request makes a verifier throw anything but its own errors', async () => {
  const junk = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '%',
      '%ff',
      '%00',
      '&',
      '=',
      '~',
      '+',
      '#',
      '/../',
      '//',
      '?',
      '\r\n',
      ':',
      '__proto__',
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...samples),
      junk,
      fc.nat(),
      fc.nat(),
      async (sample, text, from, length) => {
        const { target } = sample.request
        const start = from % (target.length + 1)
        const changed = target.slice(0, start) + text + target.slice(start + (length % 20))
        await refusalOf(sample, { ...sample.request, target: changed })
        await refusalOf(sample, {
          ...sample.request,
          headers: ['Host', text, 'Cookie', text, text, text],
        })
        await refusalOf(sample, { ...sample.request, clientIp: text, method: text })
      },
    ),
    { numRuns: propertyRuns },
  )
})

test('a megabyte of anything is answered', async () => {
  const size = 1 << 20
  const fillers = ['/', '&', '=', '~', '%2e', 'a=b&', '.', '../', '%', ':', 'A', '~exp=1', '*', '$']
  for (const [index, sample] of samples.entries()) {
    const { target, headers } = sample.request
    const [path = '', query = ''] = target.split('?')
    // Each form meets three fillers, and each filler many forms.
    for (const offset of [0, 5, 10]) {
      const filler = fillers[(index + offset) % fillers.length] ?? ''
      const long = filler.repeat(Math.ceil(size / filler.length))
      await refusalOf(sample, { ...sample.request, target: `${path}${long}?${query}` })
      await refusalOf(sample, { ...sample.request, target: `${path}?${query}${long}` })
      await refusalOf(sample, { ...sample.request, headers: [...headers, 'Cookie', long] })
    }
  }
})

test('no message holds a key, a signature or the URL', async () => {
  const secrets = ['hallpass-fake', 'aGFsbHBhc3M', 'a1b2c3d4e5f6']
  for (const sample of samples) {
    const changed = {
      ...sample.request,
      target: sample.request.target.replace(/c%20d|\/a\/b/, 'changed'),
    }
    try {
      await sample.verify(changed)
    } catch (error) {
      assert.ok(isSigningError(error))
      const text = error.message + JSON.stringify(error.details)
      for (const secret of secrets) assert.ok(!text.includes(secret), text)
      assert.ok(!/[A-Za-z0-9_-]{20,}/.test(text), text)
    }
  }
})
