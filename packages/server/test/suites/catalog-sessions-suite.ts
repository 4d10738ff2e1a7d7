/** What the catalog promises of browsers that are signed in. */
import assert from 'node:assert/strict'
import type { SessionRecord } from '../../src/catalog/session-steps.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

const BY = { keyId: 'key_a', linkId: null, address: '203.0.113.9', agent: null }

function session(fields: Partial<SessionRecord>): SessionRecord {
  return {
    id: 'a',
    keyId: 'key_a',
    person: null,
    signInId: null,
    createdAt: 1,
    expiresAt: 100,
    endedAt: null,
    ...fields,
  }
}

export function catalogSessionsSuite(check: CheckCatalog): void {
  check(
    'a session is found by every process, until it is forgotten',
    async ({ catalog, other }) => {
      const person = { issuer: 'https://id.test', subject: 's', name: 'Ann', groups: ['staff'] }
      const [key, human] = [session({}), session({ id: 'b', keyId: null, person, signInId: 'x' })]
      assert.equal(await catalog.sessions.begin(key, BY, 20), 'begun')
      assert.equal(await catalog.sessions.begin(human, BY, 20), 'begun')
      assert.deepEqual(await other.sessions.find('a'), key)
      assert.deepEqual(await other.sessions.find('b'), human)
      assert.equal(await other.sessions.find('c'), null)
      assert.equal(await other.sessions.forget(100, 10), 0)
      assert.equal(await other.sessions.forget(101, 1), 1)
      assert.equal(await other.sessions.forget(101, 10), 1)
      assert.equal(await catalog.sessions.find('a'), null)
    },
  )

  check('of two that come of one sign-in one begins, also after its end', async (fixture) => {
    const { catalog, other } = fixture
    const of = (id: string): SessionRecord => session({ id, signInId: 'state' })
    const outcomes = await Promise.all([
      catalog.sessions.begin(of('a'), BY, 20),
      other.sessions.begin(of('b'), BY, 20),
    ])
    assert.deepEqual(outcomes.toSorted(), ['begun', 'taken'])
    const id = outcomes[0] === 'begun' ? 'a' : 'b'
    assert.equal(await other.sessions.end(id, 50, BY), true)
    assert.equal(await other.sessions.end(id, 60, BY), false)
    assert.equal((await catalog.sessions.find(id))?.endedAt, 50)
    assert.equal(await catalog.sessions.begin(of('c'), BY, 20), 'taken')
    assert.equal(await catalog.sessions.find('c'), null)
  })

  check('the oldest sessions of a key end, and nobody else’s', async ({ catalog, other }) => {
    const person = { issuer: 'https://id.test', subject: 's', name: 'Ann', groups: ['staff'] }
    const human = session({ id: 'human', keyId: null, person, signInId: 'x', createdAt: 0 })
    await catalog.sessions.begin(human, BY, 2)
    await catalog.sessions.begin(session({ id: 'of-other', keyId: 'key_b', createdAt: 0 }), BY, 2)
    const ids = ['first', 'second', 'third', 'fourth']
    for (const [index, id] of ids.entries()) {
      await catalog.sessions.begin(session({ id, createdAt: index }), BY, 2)
    }
    const found = await Promise.all(
      [...ids, 'human', 'of-other'].map(async (id) => (await other.sessions.find(id)) !== null),
    )
    assert.deepEqual(found, [false, false, true, true, true, true])
    const events = await catalog.events.after(0, 100)
    const ended = events.filter(({ event: { kind } }) => kind === 'session.ended')
    assert.equal(ended.length, 2)
  })

  check('both are in the trail', async ({ catalog }) => {
    await catalog.sessions.begin(session({}), BY, 20)
    await catalog.sessions.end('a', 50, BY)
    const events = await catalog.events.after(0, 100)
    assert.deepEqual(
      events.map(({ event: { kind, keyId, address } }) => ({ kind, keyId, address })),
      ['session.begun', 'session.ended'].map((kind) => ({
        kind,
        keyId: 'key_a',
        address: '203.0.113.9',
      })),
    )
  })
}
