/**
 * What the archive of a shared folder costs beside a plain download of as many bytes: pace, and memory of the server.
 *
 *     npm run bench -- archive [--json] [--gib=1] [--files=16] [--rounds=3] [--repeated]
 *
 * Needs Linux, which counts a process's memory in /proc, curl, and three times the size free on the disk; with `--repeated`, which has the
 * same bytes in every file, little more than 2 GiB.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startServerProcess } from '../../conformance/crash/server-process.ts'
import { downloadLarge } from '../lib/download-large.ts'
import { forgetPeak, readMemory } from '../lib/process-memory.ts'
import { describeMachine } from '../lib/report.ts'
import { GIB } from '../serving/operations.ts'
import { BUCKET, createS3Store } from '../serving/s3-store.ts'
import { fill } from './fill.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    gib: { type: 'string', default: '1' },
    files: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '3' },
    repeated: { type: 'boolean', default: false },
  },
})

const KEYS = {
  accessKeyId: 'HPBENCHMARKKEYPAIR23',
  secretAccessKey: 'benchmark/secret+0123456789abcdefghijklm',
}
const ADMIN_KEY = 'hp_benchmark_0123456789abcdefghijklmnopqrstuv'
const GOAL_RATIO = 0.5
const GOAL_MIB = 64

/** Where the form of the page leads. */
async function ticketOf(url: string, action: string): Promise<string> {
  const body = new URLSearchParams({ action })
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' })
  const location = answer.headers.get('location')
  if (location === null) throw new Error(`the share answered ${answer.status}`)
  return location
}

const bytes = Number(options.gib) * GIB
const files = Number(options.files)
const folder = await mkdtemp(
  join(process.env['HALLPASS_BENCH_FOLDER'] ?? tmpdir(), 'hallpass-bench-'),
)
const server = await startServerProcess({
  dataDir: join(folder, 'data'),
  ...KEYS,
  env: { HALLPASS_ADMIN_KEY: ADMIN_KEY },
})

async function shareOf(path: string): Promise<string> {
  const answer = await fetch(`${server.origin}/v1/shares`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ path }),
  })
  const { url } = (await answer.json()) as { readonly url?: string }
  if (url === undefined) throw new Error(`no share was made: ${answer.status}`)
  return url
}

try {
  const store = createS3Store(server.origin, KEYS)
  await fill(store, { bytes, files, isRepeated: options.repeated })
  const plain = await shareOf(`${BUCKET}/plain`)
  const archive = await shareOf(`${BUCKET}/folder/`)
  const rounds = []
  for (let round = 0; round < Number(options.rounds); round += 1) {
    const plainly = await downloadLarge(await ticketOf(plain, 'download'))
    const before = readMemory(server.pid).nowMib
    forgetPeak(server.pid)
    const packed = await downloadLarge(await ticketOf(archive, 'zip'))
    const addedMib = readMemory(server.pid).peakMib - before
    rounds.push({ ratio: packed.mibPerSecond / plainly.mibPerSecond, addedMib })
  }
  const ratios = rounds.map(({ ratio }) => ratio).toSorted((a, b) => a - b)
  const ratio = ratios[Math.floor(ratios.length / 2)] ?? Number.NaN
  const addedMib = Math.max(...rounds.map((round) => round.addedMib))
  const report = { machine: describeMachine(), bytes, files, ratio, addedMib, rounds }
  if (options.json) console.log(JSON.stringify(report, null, 2))
  else {
    const isFast = ratio >= GOAL_RATIO ? 'reached' : 'NOT reached'
    const isSmall = addedMib <= GOAL_MIB ? 'reached' : 'NOT reached'
    console.log(`${Object.values(report.machine).join(' · ')}\n`)
    console.log(`an archive of ${options.gib} GiB in ${files} files, beside one file as large:`)
    console.log(`  ${ratio.toFixed(2)} of its pace (goal ${GOAL_RATIO}: ${isFast})`)
    console.log(`  ${addedMib.toFixed(0)} MiB of memory more (goal ${GOAL_MIB}: ${isSmall})`)
  }
} finally {
  await server.kill()
  await rm(folder, { recursive: true, force: true })
}
