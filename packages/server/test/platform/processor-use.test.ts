import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import process from 'node:process'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { waitUntil } from '../../../../conformance/lib/patience.ts'
import { createUsableShare, readProcessorUse } from '../../src/platform/processor-use.ts'
import type { ProcessorUse } from '../../src/platform/processor-use.ts'

const skip = process.platform !== 'linux' && 'nobody counts but Linux'

/** Its number. */
function run(t: TestContext, script: string): number {
  const child = spawn('sh', ['-c', script], { stdio: 'ignore' })
  t.after(() => child.kill('SIGKILL'))
  return child.pid ?? 0
}

test('what has the processor is told from what waits for something else', { skip }, async (t) => {
  const busy = run(t, 'while :; do :; done')
  const had = readProcessorUse(busy)?.seconds ?? 0
  await waitUntil(() => (readProcessorUse(busy)?.seconds ?? 0) > had, 'it has some of it')
  await waitUntil(() => readProcessorUse(busy)?.isRunnable === true, 'it goes on')
  process.kill(busy, 'SIGSTOP')
  await waitUntil(() => readProcessorUse(busy)?.isRunnable === false, 'it is stopped')
  const idle = run(t, 'exec sleep 1000')
  await waitUntil(() => readProcessorUse(idle)?.isRunnable === false, 'it sleeps')
  process.kill(idle, 'SIGKILL')
  await waitUntil(() => readProcessorUse(idle) === null, 'it is gone')
})

test('who waits for the processor could use what it had of it; who is stopped, asleep or gone all of the time', () => {
  let use: ProcessorUse | null = { seconds: 3, isRunnable: true }
  const share = createUsableShare(() => use, 1000)
  const after = (seconds: number, isRunnable: boolean): number => {
    use = { seconds, isRunnable }
    return share()
  }
  assert.equal(after(3, true), 0)
  assert.equal(after(3.25, true), 0.25)
  assert.equal(after(5.25, true), 1, 'two threads, or a while that was longer')
  assert.equal(after(5.25, false), 1)
  use = null
  assert.equal(share(), 1)
  assert.equal(after(6, true), 1, 'nobody knows what it had')
  assert.equal(after(6.5, true), 0.5)
})
