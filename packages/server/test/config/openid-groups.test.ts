import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseOpenIdGroups, parseOpenIdScope } from '../../src/config/openid-groups.ts'
import { parseIssuerUrl } from '../../src/config/token-sources.ts'

test('groups are read with what they may, and where', () => {
  const text =
    '[{"group": "admins", "actions": ["admin"]}, {"group": "b", "actions": ["read"], "pathPrefix": "acme/b"}]'
  assert.deepEqual(parseOpenIdGroups(text), [
    { group: 'admins', scope: { actions: ['admin'], pathPrefix: '', cidrs: [] } },
    { group: 'b', scope: { actions: ['read'], pathPrefix: 'acme/b/', cidrs: [] } },
  ])
})

test('a list of groups that says something else than it seems to is refused by name', () => {
  const wrong: Readonly<Record<string, RegExp>> = {
    '': /is not JSON/,
    '{}': /is not a JSON list/,
    '[]': /is not a JSON list/,
    '["admins"]': /number 1: it is no object/,
    '[{"group": "", "actions": ["read"]}]': /its group/,
    '[{"group": "a", "actions": []}]': /its actions/,
    '[{"group": "a", "actions": ["fly"]}]': /its actions/,
    '[{"group": "a", "actions": ["read"], "prefix": "acme/"}]': /prefix is no part of it/,
    '[{"group": "a", "actions": ["read"], "pathPrefix": "../x"}]': /number 1/,
    '[{"group": "a", "actions": ["read"], "pathPrefix": 7}]': /pathPrefix is no text/,
  }
  for (const [text, reason] of Object.entries(wrong)) {
    assert.throws(() => parseOpenIdGroups(text), reason, text)
  }
})

test('without the word openid nothing is asked for', () => {
  assert.equal(parseOpenIdScope(' openid  groups '), 'openid groups')
  assert.throws(() => parseOpenIdScope('profile email'), /lacks the word openid/)
  assert.throws(() => parseOpenIdScope('openid "x"'), /holds what no scope is made of/)
})

test('an issuer keeps its slash or its lack of one, and has TLS but on this machine', () => {
  assert.equal(parseIssuerUrl('https://id.example.com'), 'https://id.example.com')
  assert.equal(parseIssuerUrl('https://id.example.com/'), 'https://id.example.com/')
  assert.equal(parseIssuerUrl('https://id.example.com/realms/x'), 'https://id.example.com/realms/x')
  assert.equal(parseIssuerUrl('http://127.0.0.1:9000'), 'http://127.0.0.1:9000')
  assert.throws(() => parseIssuerUrl('http://id.example.com'), /is not an https/)
  assert.throws(() => parseIssuerUrl('https://id.example.com?x=1'), /has a query/)
})
