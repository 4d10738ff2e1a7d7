import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { parseTokenRules } from '../../../src/config/token-rules.ts'
import { commonFolder, findRights, isCovered } from '../../../src/core/users/user-rules.ts'
import type { Claims } from '../../../src/core/users/user-rules.ts'

function placesOf(path: string, claims: Claims): string[] {
  const rules = parseTokenRules(JSON.stringify([{ path, actions: ['read'] }]))
  return findRights(rules, claims).map(({ place }) => place)
}

test('a claim stands for text inside of its segment', () => {
  assert.deepEqual(placesOf('acme/users/{sub}/**', { sub: 'ann' }), ['acme/users/ann/'])
  assert.deepEqual(placesOf('acme/users/u-{sub}/**', { sub: 'auth0|1' }), ['acme/users/u-auth0|1/'])
  assert.deepEqual(placesOf('acme/avatars/{sub}.png', { sub: 'ann' }), ['acme/avatars/ann.png'])
  assert.deepEqual(placesOf('{tenant}/**', { tenant: 'acme-eu' }), ['acme-eu/'])
  assert.deepEqual(placesOf('acme/{org.id}/**', { org: { id: 7 } }), ['acme/7/'])
  assert.deepEqual(placesOf('acme/{https://x.test/role}/**', { 'https://x.test/role': 'r' }), [
    'acme/r/',
  ])
  assert.deepEqual(placesOf('**', {}), [''])
})

test('of a list of texts each is one place', () => {
  assert.deepEqual(placesOf('acme/{groups}/{sub}/**', { groups: ['a', 'b', ''], sub: 's' }), [
    'acme/a/s/',
    'acme/b/s/',
  ])
  const many = Array.from({ length: 500 }, (_, index) => `g${index}`)
  assert.equal(placesOf('acme/{groups}/**', { groups: many }).length, 100)
})

test('a subject that is a path, a dot segment or a star reaches no further than a name', () => {
  for (const [sub, place] of [
    ['a/b', 'acme/users/a%2Fb/'],
    ['..', 'acme/users/%2E%2E/'],
    ['.', 'acme/users/%2E/'],
    ['*', 'acme/users/*/'],
    ['**', 'acme/users/**/'],
    ['../**', 'acme/users/..%2F**/'],
    ['%2E%2E', 'acme/users/%252E%252E/'],
    ['{role}', 'acme/users/{role}/'],
    ['a\\b', 'acme/users/a%5Cb/'],
    ['a\u0000b\n', 'acme/users/a%00b%0A/'],
  ] as const) {
    assert.deepEqual(placesOf('acme/users/{sub}/**', { sub, role: 'x' }), [place])
  }
})

test('a claim that is missing, empty, no text, or no name where a bucket is named gives nothing', () => {
  for (const sub of [undefined, null, '', {}, [], [[]], '\u{D800}', 'x'.repeat(257), Number.NaN]) {
    assert.deepEqual(placesOf('acme/users/{sub}/**', { sub }), [], JSON.stringify(sub))
  }
  for (const tenant of ['A', 'a/b', '..', 'ab', 'acme/', '*', '10.0.0.1']) {
    assert.deepEqual(placesOf('{tenant}/**', { tenant }), [], tenant)
  }
  assert.deepEqual(placesOf('acme/{constructor}/**', {}), [])
  assert.deepEqual(placesOf('acme/{__proto__.x}/**', {}), [])
})

test('whatever two subjects are called, neither reaches a file of the other', () => {
  const rules = parseTokenRules('[{"path": "acme/users/{sub}/**", "actions": ["read"]}]')
  const name = fc.oneof(
    fc.string({
      unit: fc.constantFrom('.', '/', '%', '*', '\\', '2', 'E', 'F', 'a'),
      minLength: 1,
      maxLength: 6,
    }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
  )
  fc.assert(
    fc.property(
      name,
      name,
      fc.string({ unit: fc.constantFrom('a', '/', '.', '%'), maxLength: 4 }),
      (one, two, rest) => {
        fc.pre(one !== two)
        const [place] = findRights(rules, { sub: one }).map((right) => right.place)
        if (place === undefined) return
        assert.match(place, /^acme\/users\/[^/]+\/$/)
        const [bucket, key] = ['acme', `${place.slice('acme/'.length)}${rest}`]
        assert.ok(!isCovered(findRights(rules, { sub: two }), 'read', { bucket, key }))
      },
    ),
  )
})

test('a right is for its actions, below its folder or for its file, and nowhere else', () => {
  const rules = parseTokenRules(
    JSON.stringify([
      { path: 'acme/users/{sub}/**', actions: ['read', 'write'] },
      { path: 'acme/avatars/{sub}', actions: ['read'] },
    ]),
  )
  const rights = findRights(rules, { sub: 'ann' })
  const may = (action: 'read' | 'write' | 'admin', key: string, bucket = 'acme'): boolean =>
    isCovered(rights, action, { bucket, key })
  assert.ok(may('read', 'users/ann/x') && may('write', 'users/ann/') && may('read', 'avatars/ann'))
  for (const key of ['users/ann', 'users/anna/x', 'users/', '', 'avatars/ann/x', 'avatars/anna']) {
    assert.ok(!may('read', key), key)
  }
  assert.ok(!may('write', 'avatars/ann') && !may('admin', 'users/ann/x'))
  assert.ok(!may('read', 'users/ann/x', 'acme2') && !may('read', '', ''))
})

test('the outline of rights is the folder that holds them all', () => {
  const outline = (...places: string[]): string =>
    commonFolder(places.map((place) => ({ place, isFolder: place.endsWith('/'), actions: [] })))
  assert.equal(outline(), '')
  assert.equal(outline('acme/users/ann/'), 'acme/users/ann/')
  assert.equal(outline('acme/users/ann/', 'acme/users/anna/'), 'acme/users/')
  assert.equal(outline('acme/avatars/ann', 'acme/avatars/ann/x/'), 'acme/avatars/')
  assert.equal(outline('acme/a/', 'beta/a/'), '')
})

test('a rule holds only where every claim it asks for is one of the values', () => {
  const rules = parseTokenRules(
    '[{"path": "acme/**", "actions": ["read"], "when": {"role": ["editor", "owner"], "org.id": "7"}}]',
  )
  const count = (claims: Claims): number => findRights(rules, claims).length
  assert.equal(count({ role: ['x', 'owner'], org: { id: 7 } }), 1)
  for (const claims of [
    {},
    { role: 'editor' },
    { role: 'Editor', org: { id: 7 } },
    { role: 'editor', org: { id: 8 } },
  ]) {
    assert.equal(count(claims), 0, JSON.stringify(claims))
  }
})

test('rules that say something else than they seem to are refused with what is wrong', () => {
  for (const [rule, reason] of [
    [{ path: 'acme/*/x/**', actions: ['read'] }, /only \/\*\*/],
    [{ path: 'acme/**/x', actions: ['read'] }, /only \/\*\*/],
    [{ path: 'acme/{a}{b}/**', actions: ['read'] }, /one claim/],
    [{ path: 'acme/{a/**', actions: ['read'] }, /one claim/],
    [{ path: 'acme/{}/**', actions: ['read'] }, /one claim/],
    [{ path: '/acme/**', actions: ['read'] }, /empty segment/],
    [{ path: 'acme//x/**', actions: ['read'] }, /empty segment/],
    [{ path: 'acme/../x/**', actions: ['read'] }, /dot segment/],
    [{ path: 'Acme/**', actions: ['read'] }, /bucket name/],
    [{ path: 'acme', actions: ['read'] }, /no file/],
    [{ path: '', actions: ['read'] }, /empty segment|no file/],
    [{ path: 'acme/**', actions: [] }, /actions/],
    [{ path: 'acme/**', actions: ['admin'] }, /actions/],
    [{ path: 'acme/**' }, /actions/],
    [{ path: 'acme/**', actions: ['read'], role: 'x' }, /role/],
    [{ path: 'acme/**', actions: ['read'], when: { role: [] } }, /when/],
    [{ path: 'acme/**', actions: ['read'], when: { role: true } }, /when/],
    ['acme/**', /object/],
  ] as const) {
    assert.throws(() => parseTokenRules(JSON.stringify([rule])), reason, JSON.stringify(rule))
  }
  for (const text of ['', '{}', '[]', 'acme/**']) assert.throws(() => parseTokenRules(text), /JSON/)
})
