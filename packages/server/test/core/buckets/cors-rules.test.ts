import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCorsRule } from '../../../src/core/buckets/cors-rules.ts'
import type { CorsRule } from '../../../src/core/buckets/cors-rules.ts'

function rule(change: Partial<CorsRule>): CorsRule {
  return {
    allowedOrigins: ['https://a.test'],
    allowedMethods: ['GET'],
    allowedHeaders: [],
    exposeHeaders: [],
    ...change,
  }
}

function ask(rules: readonly CorsRule[], origin: string, ...headers: string[]): string | null {
  const found = findCorsRule(rules, { origin, method: 'GET', headers })
  return found === null ? null : `${found.rule.id ?? ''} ${found.allowOrigin}`.trim()
}

test('an asterisk stands for any text, once, and everything else for itself', () => {
  for (const [pattern, allowed, refused] of [
    ['*suffix', ['foo.suffix', 'suffix'], ['foo.suffix.get', 'suffi']],
    ['start*end', ['startend', 'start1end'], ['start', 'end', 'startend.']],
    ['prefix*', ['prefix', 'prefix.suffix'], ['bla.prefix']],
    ['aa*aa', ['aaaa', 'aabaa'], ['aaa']],
    [
      'https://a.test',
      ['https://a.test'],
      ['https://a.test:1', 'HTTPS://a.test', 'https://axtest'],
    ],
  ] as const) {
    const rules = [rule({ allowedOrigins: [pattern] })]
    for (const origin of allowed) assert.equal(ask(rules, origin), origin, `${pattern} ${origin}`)
    for (const origin of refused) assert.equal(ask(rules, origin), null, `${pattern} ${origin}`)
  }
})

test('the first rule that allows all of it decides', () => {
  const rules = [
    rule({ id: 'put', allowedMethods: ['PUT'], allowedOrigins: ['*'] }),
    rule({ id: 'narrow', allowedHeaders: ['X-A'] }),
    rule({ id: 'wide', allowedOrigins: ['*'], allowedHeaders: ['x-*'] }),
  ]
  assert.equal(ask(rules, 'https://a.test'), 'narrow https://a.test')
  assert.equal(ask(rules, 'https://a.test', 'x-a'), 'narrow https://a.test')
  assert.equal(ask(rules, 'https://a.test', 'x-a', 'X-B'), 'wide *')
  assert.equal(ask(rules, 'https://b.test'), 'wide *')
  assert.equal(ask(rules, 'https://b.test', 'content-type'), null)
  assert.equal(ask([], 'https://a.test'), null)
})
