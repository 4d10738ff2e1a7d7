/** The service of compose.yaml that makes the bucket: each `docker compose up` runs it again, and the servers start only after it has ended well. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import process from 'node:process'
import { suite, test } from 'node:test'
import { parse } from 'yaml'
import { programOf, startSeaweed, whyNoSeaweed } from '../lib/seaweed.ts'

interface Bucket {
  readonly entrypoint: readonly [string, ...string[]]
  readonly command: readonly string[]
}

function readBucket(): Bucket {
  const path = new URL('../../deploy/compose/compose.yaml', import.meta.url)
  return (parse(readFileSync(path, 'utf8')) as { services: { bucket: Bucket } }).services.bucket
}

/** Runs the service on this machine, over another SeaweedFS than the one it names. */
function runOver(master: string): { readonly status: number | null; readonly said: string } {
  const { entrypoint, command } = readBucket()
  const [program, ...words] = [...entrypoint, ...command] as [string, ...string[]]
  const { status, stdout, stderr } = spawnSync(
    program,
    words.map((word) => word.replaceAll('seaweedfs:9333', master)),
    {
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${dirname(programOf())}${delimiter}${process.env['PATH'] ?? ''}`,
      },
    },
  )
  return { status, said: `${stdout}${stderr}` }
}

suite('compose: the bucket', { skip: whyNoSeaweed() }, () => {
  test('is made by the first start, and found by the next ones', async (t) => {
    const seaweed = await startSeaweed()
    t.after(() => seaweed.stop())
    const first = runOver(seaweed.master)
    assert.equal(first.status, 0, first.said)
    assert.match(first.said, /created bucket hallpass/)
    const second = runOver(seaweed.master)
    assert.equal(second.status, 0, second.said)
  })
})
