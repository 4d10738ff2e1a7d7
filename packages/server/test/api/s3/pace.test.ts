import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPace } from '../../../src/core/policy/pace.ts'
import { issue, put } from '../../support/core.ts'
import { withS3 } from './support.ts'

test('too many requests of one key, or one address, are answered 429 with the time to wait', async () => {
  await withS3(async ({ core, presign }) => {
    await put(core, 'x.txt', 'x')
    const own = await issue(core, 'x.txt', { method: 'GET' })
    const clock = { now: () => 0 }
    const read = (url: string): Promise<Response> => fetch(url)

    Object.assign(core, { requirePace: createPace({ address: 0, key: 1 }, clock) })
    const url = presign('GET', 'acme/x.txt')
    for (let request = 0; request < 2; request += 1) assert.equal((await read(url)).status, 200)
    const refused = await read(url)
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '1')
    assert.match(await refused.text(), /<Code>SlowDown<\/Code>/)
    // The server's own key is everybody's who has a link.
    for (let request = 0; request < 5; request += 1) assert.equal((await read(own.url)).status, 200)

    Object.assign(core, { requirePace: createPace({ address: 1, key: 0 }, clock) })
    const statuses: number[] = []
    for (let request = 0; request < 3; request += 1) statuses.push((await read(own.url)).status)
    assert.deepEqual(statuses, [200, 200, 429])
  })
})
