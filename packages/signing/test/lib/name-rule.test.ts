import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGcsVerifier } from '../../src/gcs.ts'
import { isSigningError } from '../../src/errors.ts'
import type { NameRule } from '../../src/lib/name-rule.ts'
import { verifyS3 } from '../../src/s3.ts'
import { NOW, CREDENTIALS, presign, REGION, toRequest } from '../dialects/s3/support.ts'

const lookup = (): typeof CREDENTIALS => CREDENTIALS

function isTaken(region: NameRule, changes: Parameters<typeof presign>[0] = {}): boolean {
  const request = toRequest(presign(changes))
  try {
    return verifyS3(request, { region, lookup, now: NOW, allowSigV4A: true }).region !== ''
  } catch (error) {
    if (isSigningError(error) && error.code === 'scope-mismatch') return false
    throw error
  }
}

test('a region may be a name, a list or a function', () => {
  assert.equal(isTaken(REGION), true)
  assert.equal(isTaken(['eu-west-1', REGION]), true)
  assert.equal(
    isTaken((name) => name === REGION),
    true,
  )
  assert.equal(isTaken('eu-west-1'), false)
  assert.equal(isTaken(['eu-west-1', 'eu-west-2']), false)
  assert.equal(
    isTaken(() => false),
    false,
  )
})

test('only true is yes: a promise or a word is none', () => {
  const promise = (async () => Promise.resolve(true)) as unknown as (name: string) => boolean
  const word = (() => 'yes') as unknown as (name: string) => boolean
  assert.equal(isTaken(promise), false)
  assert.equal(isTaken(word), false)
})

test('of a region set one entry must count', () => {
  const regionSet = 'us-*,eu-west-1'
  assert.equal(isTaken(REGION, { regionSet }), true)
  assert.equal(isTaken(['ap-south-1', 'us-west-2'], { regionSet }), true)
  assert.equal(isTaken('eu-west-2', { regionSet }), false)
  const asked: string[] = []
  assert.equal(
    isTaken((name) => asked.push(name) > 99, { regionSet }),
    false,
  )
  assert.deepEqual(asked, ['us-*', 'eu-west-1'])
})

test('a rule that can allow nothing is named', () => {
  const wrong = ['', [], [''], undefined, null, 7, [7]] as unknown as NameRule[]
  for (const region of wrong) {
    assert.throws(() => isTaken(region), {
      name: 'TypeError',
      message: /^region (?:must be|is missing)/,
    })
  }
  for (const location of wrong.filter((rule) => rule !== undefined)) {
    assert.throws(() => createGcsVerifier({ lookup: () => null, location }), {
      name: 'TypeError',
      message: /^location (?:must be|is missing)/,
    })
  }
})
