import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { subjectOf, userIdOf } from '../../../src/core/users/user-id.ts'

test('an id says whose it is, in letters that a link can be signed with', () => {
  assert.equal(userIdOf('auth0|5f7c'), 'user.auth0_7C5f7c')
  assert.equal(userIdOf('ann@example.com'), 'user.ann_40example.com')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (subject) => {
      const id = userIdOf(subject)
      assert.match(id ?? '', /^user\.[0-9A-Za-z._-]+$/)
      assert.equal(subjectOf(id), subject)
    }),
  )
})

test('what is no id of an end user has no subject, and what is no subject no id', () => {
  for (const id of [
    null,
    'key_1',
    'user.',
    'user.a_',
    'user.a_7c',
    'user.a_41',
    'user._FF',
    'user.a|b',
  ]) {
    assert.equal(subjectOf(id), null, String(id))
  }
  for (const subject of ['', '\u{D800}', 'x'.repeat(800)]) assert.equal(userIdOf(subject), null)
})
