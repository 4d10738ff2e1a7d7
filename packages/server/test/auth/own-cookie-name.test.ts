import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownCookieName } from '../../src/auth/own-cookie-name.ts'

test('over TLS no host beside this one can set a cookie of it, and without TLS the port tells servers of one machine apart', () => {
  const asked = { secure: 'hallpass', plain: 'hallpass_session' }
  const nameAt = (publicUrl: string) => ownCookieName({ publicUrl }, asked)
  assert.deepEqual(nameAt('https://files.example.com'), { name: '__Host-hallpass', isSecure: true })
  assert.equal(nameAt('https://files.example.com:8443').name, '__Host-hallpass')
  assert.deepEqual(nameAt('http://localhost:8787'), {
    name: 'hallpass_session_8787',
    isSecure: false,
  })
  assert.equal(nameAt('http://files.test').name, 'hallpass_session_80')
})
