/**
 * What a large body costs in memory: 5 GiB up, then down, over one connection.
 *
 *     npm run bench -- memory [--json] [--gib 5]
 *
 * Needs Linux, which counts a process's memory in /proc, curl, and three times the size free on the disk.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startServerProcess } from '../../conformance/crash/server-process.ts'
import { downloadLarge } from '../lib/download-large.ts'
import { forgetPeak, readMemory } from '../lib/process-memory.ts'
import { GIB } from '../serving/operations.ts'
import { createS3Store } from '../serving/s3-store.ts'
import { describeMachine } from '../lib/report.ts'
import { makeBody, mibPerSecond, sendLarge } from '../serving/upload.ts'

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, gib: { type: 'string', default: '5' } },
})

const KEYS = {
  accessKeyId: 'HPBENCHMARKKEYPAIR23',
  secretAccessKey: 'benchmark/secret+0123456789abcdefghijklm',
}
const GOAL_MIB = 256

const bytes = Number(options.gib) * GIB
const folder = await mkdtemp(
  join(process.env['HALLPASS_BENCH_FOLDER'] ?? tmpdir(), 'hallpass-bench-'),
)
const server = await startServerProcess({ dataDir: join(folder, 'data'), ...KEYS })
try {
  const store = createS3Store(server.origin, KEYS)
  await store.send({ method: 'PUT' })
  const urlFor = (method: string): string => store.presign({ method, key: 'large' })
  const idle = readMemory(server.pid).nowMib
  const body = makeBody(bytes)
  const rows = []
  for (const [operation, run] of [
    ['upload', () => mibPerSecond(bytes, () => sendLarge(urlFor('PUT'), body))],
    ['download', async () => (await downloadLarge(urlFor('GET'))).mibPerSecond],
  ] as const) {
    forgetPeak(server.pid)
    const rate = await run()
    const { peakMib } = readMemory(server.pid)
    rows.push({ operation, idleMib: idle, peakMib, addedMib: peakMib - idle, rateMib: rate })
  }
  if (options.json) {
    console.log(JSON.stringify({ machine: describeMachine(), bytes, rows }, null, 2))
  } else {
    console.log(`${Object.values(describeMachine()).join(' · ')}\n\nidle: ${idle.toFixed(0)} MiB`)
    for (const { operation, peakMib, addedMib, rateMib } of rows) {
      const verdict = addedMib <= GOAL_MIB ? 'reached' : 'NOT reached'
      const peak = `${peakMib.toFixed(0)} MiB at most, ${addedMib.toFixed(0)} MiB added`
      console.log(`${operation} of ${options.gib} GiB: ${peak} (goal ${GOAL_MIB}: ${verdict})`)
      console.log(`  at ${rateMib.toFixed(0)} MiB/s`)
    }
  }
} finally {
  await server.kill()
  await rm(folder, { recursive: true, force: true })
}
