import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { RETRY_DELAYS_MS, decideOutcome } from '../../../src/core/webhooks/decide-outcome.ts'
import { signMessage } from '../../../src/core/webhooks/sign-message.ts'
import { createTargetCheck } from '../../../src/core/webhooks/target-addresses.ts'

const MESSAGE = { id: 'msg_1', attempts: 0, nextAt: 0 }

const still = { bytes: (count: number) => new Uint8Array(count) }
const shaken = { bytes: (count: number) => new Uint8Array(count).fill(255) }

describe('webhooks', () => {
  test('a message is signed as the example of Standard Webhooks is', () => {
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' }
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const headers = signMessage(message, [secret], 1_614_265_330_500)
    assert.deepEqual(headers, {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  test('while two secrets hold, each signs', () => {
    const message = { id: 'msg_1', body: '{}' }
    const sign = (...secrets: string[]): string | undefined =>
      signMessage(message, secrets, 0)['webhook-signature']
    assert.equal(sign('whsec_AAAA', 'whsec_BBBB'), `${sign('whsec_AAAA')} ${sign('whsec_BBBB')}`)
  })

  test('attempts go on for three days, each later, and then the message is given up', () => {
    const fault = { status: 503, fault: null } as const
    let nowMs = 0
    let attempts = 0
    for (;;) {
      const outcome = decideOutcome({ ...MESSAGE, attempts }, fault, { nowMs, random: still })
      if (outcome.state === 'dead') break
      assert.equal(outcome.nextAt - nowMs, RETRY_DELAYS_MS[attempts])
      nowMs = outcome.nextAt
      attempts += 1
    }
    assert.equal(attempts, RETRY_DELAYS_MS.length)
    assert.ok(nowMs >= 3 * 86_400_000)
    const [first = 0] = RETRY_DELAYS_MS
    const later = decideOutcome(MESSAGE, fault, { nowMs: 0, random: shaken })
    assert.equal(later.nextAt, Math.round(first * 1.1))
  })

  test('only a 2xx is an arrival; a redirect is none', () => {
    for (const status of [200, 204, 299]) {
      const answer = { status, fault: null } as const
      const outcome = decideOutcome(MESSAGE, answer, { nowMs: 5, random: still })
      assert.deepEqual([outcome.state, outcome.endedAt], ['delivered', 5])
    }
    for (const status of [199, 301, 302, 307, 400, 410, 500]) {
      const answer = { status, fault: null } as const
      const outcome = decideOutcome(MESSAGE, answer, { nowMs: 5, random: still })
      assert.equal(outcome.state, 'waiting', String(status))
    }
  })

  test('messages go to public addresses alone, in whatever dress another one comes', () => {
    const mayConnect = createTargetCheck([])
    for (const address of ['8.8.8.8', '203.0.114.1', '2606:4700::1111']) {
      assert.equal(mayConnect(address, true), true, address)
      assert.equal(mayConnect(address, false), false, `${address} without TLS`)
    }
    const refused = [
      '127.0.0.1',
      '127.255.255.254',
      '0.0.0.0',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '224.0.0.1',
      '240.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'fd00:ec2::254',
      'ff02::1',
      '::ffff:127.0.0.1',
      '::ffff:169.254.169.254',
      '64:ff9b::7f00:1',
      '::7f00:1',
      '::a9fe:a9fe',
      '2002:7f00:1::',
      '2001:0:7f00:1::',
      'nothing',
    ]
    for (const address of refused) assert.equal(mayConnect(address, true), false, address)
  })

  test('networks that the setting names are open, without TLS too, and no others', () => {
    const mayConnect = createTargetCheck(['10.1.0.0/16'])
    assert.equal(mayConnect('10.1.2.3', false), true)
    assert.equal(mayConnect('::ffff:10.1.2.3', true), true)
    assert.equal(mayConnect('10.2.2.3', true), false)
    assert.equal(mayConnect('8.8.8.8', false), false)
  })
})
