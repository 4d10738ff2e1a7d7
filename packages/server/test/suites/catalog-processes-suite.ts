/** What the catalog promises to processes on several machines: who lives, what is held, and that one at a time has a task. */
import assert from 'node:assert/strict'
import type { CheckCatalog } from './catalog-fixture.ts'

export function catalogProcessesSuite(check: CheckCatalog): void {
  check('a process that was not heard of is lost, until it beats again', async (fixture) => {
    const { catalog, other } = fixture
    await catalog.processes.beat('p1', 1000, [])
    await other.processes.beat('p2', 2000, [])
    assert.deepEqual(await catalog.processes.findLost(1000), [])
    assert.deepEqual(await other.processes.findLost(1001), ['p1'])
    await catalog.processes.beat('p1', 3000, [])
    assert.deepEqual(await other.processes.findLost(1001), [])
  })

  check('what any process holds is held, until it lets go or is forgotten', async (fixture) => {
    const { catalog, other } = fixture
    await catalog.processes.beat('p1', 1, ['a', 'b'])
    await other.processes.beat('p2', 1, ['b', 'c'])
    assert.deepEqual(await other.processes.heldAmong(['a', 'b', 'c', 'd']), ['a', 'b', 'c'])
    await catalog.processes.beat('p1', 2, ['b'])
    assert.deepEqual(await other.processes.heldAmong(['a', 'b', 'c', 'd']), ['b', 'c'])
    await catalog.processes.forget('p2')
    assert.deepEqual(await other.processes.heldAmong(['a', 'b', 'c', 'd']), ['b'])
    assert.deepEqual(await other.processes.findLost(10), ['p1'])
  })

  check('one at a time has a task: who holds it, or the next after its end', async (fixture) => {
    const { catalog, other } = fixture
    const lease = (holder: string, endsAt: number) => ({ task: 'jobs', holder, endsAt })
    const asked = await Promise.all([
      catalog.processes.lease(lease('p1', 100), 0),
      other.processes.lease(lease('p2', 100), 0),
    ])
    assert.notEqual(asked[0], asked[1])
    const [holder, rival] = asked[0] ? ['p1', 'p2'] : ['p2', 'p1']
    assert.equal(await catalog.processes.lease(lease(holder, 200), 99), true)
    assert.equal(await other.processes.lease(lease(rival, 300), 199), false)
    assert.equal(await other.processes.lease(lease(rival, 300), 200), true)
    assert.equal(await catalog.processes.lease(lease(holder, 400), 250), false)
    await catalog.processes.release({ task: 'jobs', holder })
    assert.equal(await catalog.processes.lease(lease(holder, 400), 250), false)
    await catalog.processes.release({ task: 'jobs', holder: rival })
    assert.equal(await catalog.processes.lease(lease(holder, 400), 250), true)
  })
}
