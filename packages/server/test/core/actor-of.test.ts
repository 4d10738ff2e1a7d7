import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actorOf } from '../../src/core/actor-of.ts'
import { makePrincipal } from '../../src/core/identity.ts'

test('the trail says who and from where, and keeps no URL that an agent calls itself by', () => {
  const signature = 'a'.repeat(64)
  const caller = makePrincipal({
    kind: 'api-key',
    id: 'key_a',
    scope: { actions: ['admin'], pathPrefix: '', cidrs: [] },
    clientIp: '203.0.113.9',
    agent: `bot https://files.test/acme/a?X-Amz-Signature=${signature}`,
  })
  const { agent, ...who } = actorOf(caller)
  assert.deepEqual(who, { keyId: 'key_a', linkId: null, address: '203.0.113.9' })
  assert.match(String(agent), /^bot https:/)
  assert.ok(!String(agent).includes(signature))
})
