import assert from 'node:assert/strict'
import { test } from 'node:test'
import { issue, put } from '../../support/core.ts'
import { withS3 } from './support.ts'

test('a paused link gives nothing, says so, and goes on when it is resumed', async () => {
  await withS3(async ({ core }) => {
    await put(core, 'a.txt', 'hello')
    const { url, id } = await issue(core, 'a.txt', { method: 'GET', maxUses: 1 })
    await core.catalog.grants.pause(id, { nowMs: core.clock.now(), stub: null }, null)
    for (const method of ['GET', 'HEAD']) {
      const refused = await fetch(url, { method })
      assert.equal(refused.status, 403, method)
      assert.ok(!(await refused.text()).includes('hello'))
    }
    await core.catalog.grants.resume(id, null)
    assert.equal(await (await fetch(url)).text(), 'hello')
  })
})
