import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitUntil } from '../../../../conformance/lib/patience.ts'
import { formatLogLine } from '../../src/platform/log-line.ts'
import type { LogOutput } from '../../src/platform/log-output.ts'
import { createLogSink } from '../../src/platform/log-sink.ts'
import type { LogSink, LogSinkOptions } from '../../src/platform/log-sink.ts'
import { createLog } from '../../src/platform/log.ts'

interface Disk {
  readonly sink: LogSink
  readonly text: () => string
  readonly lines: () => string[]
  /** From here on writes fail so, after so many bytes each; `null`: they work. */
  fail(code: string | null, afterBytes?: number): void
  writes(): number
}

/** An output whose disk can be full, whose reader can be slow or gone. */
function openDisk(changes: Partial<LogSinkOptions> & { readonly isTerminal?: boolean } = {}): Disk {
  const { isTerminal = false, ...options } = changes
  let text = ''
  let failure: string | null = null
  let room = Infinity
  let writes = 0

  function take(bytes: Uint8Array): number {
    writes += 1
    if (failure === null) room = Infinity
    const count = Math.min(bytes.byteLength, room)
    if (count === 0) throw Object.assign(new Error('it does not go'), { code: failure })
    room -= count
    text += Buffer.from(bytes.subarray(0, count)).toString()
    return count
  }
  const output: LogOutput = {
    isTerminal,
    writeSync: take,
    write: (bytes, done) => {
      setImmediate(() => {
        try {
          done(null, take(bytes))
        } catch (error) {
          done(error as Error, 0)
        }
      })
    },
  }
  const sink = createLogSink({
    open: () => output,
    formatForPeople: formatLogLine,
    now: () => 0,
    retryMs: 1,
    ...options,
  })
  return {
    sink,
    text: () => text,
    lines: () => text.split('\n').filter((line) => line !== ''),
    fail: (code, afterBytes = 0) => {
      failure = code
      room = afterBytes
    },
    writes: () => writes,
  }
}

test('lines come out whole and in order', async () => {
  const { sink, text } = openDisk()
  const lines = Array.from({ length: 5000 }, (_, index) => `{"n":${index},"ä":"ü"}\n`)
  for (const line of lines) sink.write(line)
  await waitUntil(() => text().length === lines.join('').length)
  assert.equal(text(), lines.join(''))
  assert.equal(sink.lostLines(), 0)
})

test('a full disk: lines are dropped and counted, and one line says so when it recovers', async () => {
  for (const code of ['ENOSPC', 'EPIPE', 'EIO', 'EDQUOT']) {
    for (const bytesBefore of [0, 3, 10, 11]) {
      const disk = openDisk()
      const { sink } = disk
      disk.fail(code, bytesBefore)
      for (let index = 100; index < 200; index += 1) {
        sink.write(`{"n":${index}}\n`)
        if (index > 100 && index % 10 === 0) await waitUntil(() => sink.lostLines() > 0)
      }
      await waitUntil(() => sink.lostLines() >= 99)
      const lost = sink.lostLines()
      disk.fail(null)
      await waitUntil(() => disk.text().includes('lost'))
      sink.write('{"n":"after"}\n')
      await waitUntil(() => disk.text().includes('after'))
      const parsed = disk.lines().flatMap((line) => parse(line))
      const told = parsed.filter(({ msg }) => msg === 'log lines were lost')
      assert.deepEqual(told, [
        { level: 40, time: '1970-01-01T00:00:00.000Z', lost, msg: 'log lines were lost' },
      ])
      assert.equal(parsed.filter(({ n }) => typeof n === 'number').length, 100 - lost)
      assert.deepEqual(parsed.at(-1), { n: 'after' })
    }
  }
})

/** What is left of a line that was cut off is none. */
function parse(line: string): Record<string, unknown>[] {
  try {
    return [JSON.parse(line) as Record<string, unknown>]
  } catch {
    return []
  }
}

test('a reader that is slow gets every line; one that stopped reading costs bounded memory', async () => {
  const slow = openDisk()
  slow.fail('EAGAIN', 5)
  for (let index = 0; index < 100; index += 1) slow.sink.write(`{"n":${index}}\n`)
  await waitUntil(() => slow.writes() > 2)
  slow.fail(null)
  await waitUntil(() => slow.lines().length === 100)
  assert.equal(slow.sink.lostLines(), 0)

  const stopped = openDisk({ maxQueuedBytes: 100_000 })
  stopped.fail('EAGAIN')
  for (let index = 0; index < 20_000; index += 1) stopped.sink.write('{"n":12345}\n')
  assert.ok(stopped.sink.lostLines() > 5000)
  const lost = stopped.sink.lostLines()
  stopped.fail(null)
  await waitUntil(() => stopped.lines().length === 20_000 - lost + 1)
  assert.ok(stopped.text().includes(`"lost":${lost}`))
})

test('at the end what is left is written at once, or given up at once', () => {
  const well = openDisk()
  for (let index = 0; index < 10; index += 1) well.sink.write(`{"n":${index}}\n`)
  well.sink.flushSync()
  assert.ok(well.lines().length >= 9, 'all but what is on its way already')

  const broken = openDisk()
  broken.fail('ENOSPC')
  broken.sink.write('{"n":1}\n')
  broken.sink.write('{"n":2}\n')
  broken.sink.flushSync()
  broken.sink.flushSync()
  assert.equal(broken.text(), '')
})

test('held lines come after the release', async () => {
  const { sink, text } = openDisk()
  sink.hold()
  sink.write('{"n":1}\n')
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(text(), '')
  sink.release()
  await waitUntil(() => text() !== '')
  assert.equal(text(), '{"n":1}\n')
})

test('on a terminal lines are for people: time, level, what, details', async () => {
  const { sink, text } = openDisk({ isTerminal: true })
  const log = createLog('info', sink)
  log.info({ method: 'GET', status: 200, key: 'a b', operation: undefined }, 'rest')
  log.error({ err: new Error('gone'), requestId: 'X' }, 'request failed')
  log.warn('plain')
  await waitUntil(() => text().includes('plain'))
  assert.match(text(), /^\d\d:\d\d:\d\d info {2}rest method=GET status=200 key="a b"\n/)
  assert.match(
    text(),
    /\n\d\d:\d\d:\d\d error request failed requestId=X\n {4}Error: gone\n {4}at /,
  )
  assert.match(text(), /\n\d\d:\d\d:\d\d warn {2}plain\n/)
  assert.doesNotMatch(text(), /[{}]\n/)
})

test('nothing that a client named can move the cursor of a terminal', () => {
  const line = formatLogLine(
    `${JSON.stringify({ level: 30, time: 0, msg: 'a\u001B[2J', key: 'x\u009B1m', err: { stack: 'E\u0007' } })}\n`,
  )
  const controls = line
    .split('')
    .filter((character) => character !== '\n' && /\p{Cc}/u.test(character))
  assert.deepEqual(controls, [])
  assert.match(line, /a\\u001b\[2J/)
  assert.equal(formatLogLine('no JSON\n'), 'no JSON\n')
})
