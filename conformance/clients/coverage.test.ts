/** COVERAGE.md says what is true: every operation there is, clients that are driven, and refusals that are given. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import * as s3 from '@aws-sdk/client-s3'
import { createAws4Fetch, presign } from '../lib/clients.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import { tableBelow } from './harness/coverage-tables.ts'

const operations = tableBelow('Operations')
const refused = tableBelow('NotImplemented on purpose')
const clients = tableBelow('Clients').map(([name = '']) => name)

/** Asked of other hosts than a bucket's or the service's. */
const ELSEWHERE = ['ListDirectoryBuckets', 'WriteGetObjectResponse']

/** No command of the SDK: browsers send it. */
const FORM = 'PostObject'

test('COVERAGE.md names every operation of S3 once', () => {
  const commands = Object.keys(s3)
    .filter((name) => /^[A-Z].*Command$/.test(name))
    .map((name) => name.replace(/Command$/, ''))
  const named = [...operations, ...refused].map(([name = '']) => name)
  assert.deepEqual(named.toSorted(), [...commands, FORM].filter(isHere).toSorted())
})

function isHere(name: string): boolean {
  return !ELSEWHERE.includes(name)
}

test('COVERAGE.md names clients that are driven, and all of them', () => {
  for (const name of clients) {
    assert.ok(existsSync(new URL(`${name}.test.ts`, import.meta.url)), name)
  }
  for (const [operation = '', by = ''] of operations) {
    const unknown = by.split(', ').filter((name) => name !== '–' && !clients.includes(name))
    assert.deepEqual(unknown, [], operation)
  }
})

test('what COVERAGE.md says is NotImplemented on purpose is, and changes nothing', async () => {
  await withServer(async (server) => {
    await makeBucket(server, 'bucket')
    await putFile(server, { bucket: 'bucket', key: 'key' }, 'still there')
    const client = createAws4Fetch(server)
    const wrong: string[] = []
    for (const [operation = '', request = ''] of refused) {
      const [, method = '', target = ''] =
        /^`(\w+) (\/.+)`$/.exec(request) ?? assert.fail(`${operation}: ${request}`)
      const response = await client.fetch(server.origin + target, { method })
      const answer = await response.text()
      if (response.status !== 501 || !answer.includes('<Code>NotImplemented</Code>')) {
        wrong.push(`${request} is answered ${response.status}`)
      }
    }
    assert.deepEqual(wrong, [])
    const kept = await fetch(presign(server, 'GET', 'bucket/key'))
    assert.equal(await kept.text(), 'still there')
  })
})
