import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { createAskApplication } from '../../../src/core/users/ask-application.ts'
import type { AskApplication, UserQuestion } from '../../../src/core/users/ask-application.ts'
import { createLog } from '../../../src/platform/log.ts'
import { systemRandom } from '../../../src/platform/random.ts'

interface Sent {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

function prepare(answer: () => number | null): {
  readonly ask: AskApplication
  readonly sent: Sent[]
  readonly clock: { now(): number; advance(ms: number): void }
} {
  let now = Date.UTC(2026, 2, 14)
  const clock = { now: () => now, advance: (ms: number) => void (now += ms) }
  const sent: Sent[] = []
  const core = { clock, random: systemRandom, log: createLog('silent') }
  const ask = createAskApplication(core, {
    url: 'https://app.test/may',
    secret: SECRET,
    post: (message) => {
      sent.push(message)
      const status = answer()
      return Promise.resolve({ status, fault: status === null ? 'timed-out' : null })
    },
  })
  return { ask, sent, clock }
}

function question(change: Partial<UserQuestion> = {}, claims: object = {}): UserQuestion {
  const user = {
    subject: 'ann',
    userId: 'user.ann',
    issuedAt: 0,
    expiresAt: 300_000,
    claims: { sub: 'ann', ...claims },
    rights: [],
  }
  const path = { bucket: 'acme', key: 'a.txt' }
  return { user, action: 'read', path, clientIp: '203.0.113.9', ...change }
}

test('a question says who asks for what, signed as webhooks are', async () => {
  const { ask, sent, clock } = prepare(() => 204)
  assert.equal(await ask(question()), true)
  const [message] = sent
  const { headers = {}, body = '' } = message ?? {}
  assert.deepEqual(JSON.parse(body), {
    type: 'access.asked',
    timestamp: new Date(clock.now()).toISOString(),
    data: {
      subject: 'ann',
      action: 'read',
      path: 'acme/a.txt',
      address: '203.0.113.9',
      claims: { sub: 'ann' },
    },
  })
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const mac = createHmac('sha256', Buffer.alloc(32, 7)).update(signed).digest('base64')
  assert.equal(headers['webhook-signature'], `v1,${mac}`)
})

test('nothing but a plain yes is one', async () => {
  for (const [status, isAllowed] of [
    [200, true],
    [204, true],
    [201, false],
    [202, false],
    [301, false],
    [302, false],
    [400, false],
    [403, false],
    [500, false],
    [0, false],
    [null, false],
  ] as const) {
    const { ask } = prepare(() => status)
    assert.equal(await ask(question()), isAllowed, String(status))
  }
})

test('a yes is remembered for half a minute, a no for five seconds, and silence not at all', async () => {
  for (const [status, ms] of [
    [204, 30_000],
    [403, 5000],
  ] as const) {
    const { ask, sent, clock } = prepare(() => status)
    await ask(question())
    clock.advance(ms - 1)
    await ask(question())
    assert.equal(sent.length, 1)
    clock.advance(1)
    await ask(question())
    assert.equal(sent.length, 2)
  }
  const { ask, sent } = prepare(() => null)
  await ask(question())
  await ask(question())
  assert.equal(sent.length, 2)
})

test('an answer is for the very question: another path, action, address or token asks again', async () => {
  const { ask, sent } = prepare(() => 204)
  await ask(question())
  for (const other of [
    question({ path: { bucket: 'acme', key: 'b.txt' } }),
    question({ action: 'write' }),
    question({ clientIp: '203.0.113.10' }),
    question({}, { jti: '2' }),
    question({}, { role: 'x' }),
  ]) {
    const before = sent.length
    await ask(other)
    assert.equal(sent.length, before + 1)
  }
})

test('the same question asked many times at once is asked once, and a flood of others is refused', async () => {
  const { promise, resolve } = Promise.withResolvers<{ status: number; fault: null }>()
  let posts = 0
  const core = {
    clock: { now: () => 0 },
    random: systemRandom,
    log: createLog('silent'),
  }
  const ask = createAskApplication(core, {
    url: 'https://app.test/may',
    secret: SECRET,
    post: () => {
      posts += 1
      return promise
    },
  })
  const same = [ask(question()), ask(question()), ask(question())]
  assert.equal(posts, 1)
  const paths = Array.from({ length: 300 }, (_, index) => ({ bucket: 'acme', key: `${index}` }))
  const others = paths.map((path) => ask(question({ path })))
  // Nobody takes the turns of all others.
  assert.equal(posts, 64)
  const strangers = paths.map((path, index) => {
    const { user } = question()
    return ask(question({ path, user: { ...user, subject: `user ${index}` } }))
  })
  assert.equal(posts, 256)
  resolve({ status: 204, fault: null })
  assert.deepEqual(await Promise.all(same), [true, true, true])
  assert.equal((await Promise.all(others)).filter(Boolean).length, 63)
  assert.equal((await Promise.all(strangers)).filter(Boolean).length, 192)
  assert.equal(await ask(question({ path: { bucket: 'acme', key: 'later' } })), true)
})
