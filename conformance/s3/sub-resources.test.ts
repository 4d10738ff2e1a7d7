/** What the AWS SDK's own model of S3 selects operations by, asked of everything: nothing of it is ever overlooked. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as s3 from '@aws-sdk/client-s3'
import { SELECTING_PARAMETERS } from '../../packages/server/src/api/s3/selectors.ts'
import { createAws4Fetch, presign } from '../lib/clients.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'

/** `PUT /{Key+}?tagging` of every operation in the model. */
function requestsOfModel(): readonly (readonly [method: string, target: string])[] {
  return Object.values(s3).flatMap((schema) => {
    const traits: unknown = Array.isArray(schema) && schema[0] === 9 ? schema[3] : null
    if (typeof traits !== 'object' || traits === null || !('http' in traits)) return []
    const [method, target] = traits.http as [string, string]
    return [[method, target] as const]
  })
}

/** Those that stand in the address itself, and so are no option of an operation. */
function subResources(): readonly string[] {
  const names = requestsOfModel().flatMap(([, target]) => {
    const mark = target.indexOf('?')
    return mark === -1 ? [] : [...new URLSearchParams(target.slice(mark)).keys()]
  })
  return [...new Set(names)].filter((name) => name !== 'x-id').toSorted()
}

test('every sub-resource of the model is known', () => {
  assert.ok(requestsOfModel().length > 100)
  const unknown = subResources().filter((name) => !SELECTING_PARAMETERS.has(name))
  assert.deepEqual(unknown, [])
})

test('no sub-resource deletes, replaces or shows an object or a bucket that it is asked of', async () => {
  await withServer(async (server) => {
    await makeBucket(server, 'bucket')
    await putFile(server, { bucket: 'bucket', key: 'key' }, 'still there')
    const client = createAws4Fetch(server)
    const wrong: string[] = []
    for (const name of subResources()) {
      for (const target of ['/bucket/key', '/bucket']) {
        for (const method of ['PUT', 'DELETE', 'GET']) {
          const response = await client.fetch(`${server.origin}${target}?${name}`, { method })
          const answer = await response.text()
          if (answer.includes('still there')) wrong.push(`${method} ${target}?${name}`)
        }
      }
    }
    assert.deepEqual(wrong, [])
    const kept = await fetch(presign(server, 'GET', 'bucket/key'))
    assert.equal(await kept.text(), 'still there')
  })
})

test('a copy source is refused where nothing is copied', async () => {
  await withServer(async (server) => {
    await makeBucket(server, 'bucket')
    await putFile(server, { bucket: 'bucket', key: 'key' }, 'still there')
    const client = createAws4Fetch(server)
    const headers = { 'x-amz-copy-source': '/bucket/key' }
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      const response = await client.fetch(`${server.origin}/bucket/key`, { method, headers })
      assert.equal(response.status, 400, method)
      if (method !== 'HEAD')
        assert.match(await response.text(), /<Code>InvalidArgument<.*copy requests/)
    }
    const kept = await fetch(presign(server, 'GET', 'bucket/key'))
    assert.equal(await kept.text(), 'still there')
  })
})
