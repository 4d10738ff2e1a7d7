/**
 * Serving and taking files beside nginx, node:http alone, s3rver and object stores, in one run, contestants taking turns.
 *
 *     npm run bench -- serving [--json] [--rounds=5] [--round-ms=2000] [--keys=1000000] [--large-mib=1024] [--connections=32]
 *         [--contestants=PATTERN] ['GET 1 KiB' …]
 *
 * What is not installed is left out and said: nginx, wrk, curl, s3rver in the folder HALLPASS_BENCH_MODULES, and the object stores
 * whose binaries HALLPASS_BENCH_PEERS names (peers.ts).
 */
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isWanted, readArguments, readNumber, readText } from '../lib/arguments.ts'
import { describeMachine, printReport, readVersions } from '../lib/report.ts'
import { Skipped } from './contestant.ts'
import type { Contestant, ContestantOptions } from './contestant.ts'
import { durableFilesPerSecond, hashedMibPerSecond, writtenMibPerSecond } from './floors.ts'
import { startHallpass, startSwitchedEvents, startWorkers } from './hallpass.ts'
import { startHello } from './hello.ts'
import { goalsOf, largeOperations } from './large.ts'
import { fillForS3, measureS3 } from './measure-s3.ts'
import type { Attempt, S3Bench } from './measure-s3.ts'
import { startNginx } from './nginx.ts'
import {
  DOWNLOADS,
  DURABLE_FLOOR,
  GOALS,
  DISK_FLOOR,
  HASH_FLOOR,
  SMALL_UPLOADS,
  byProcessor,
  objectName,
} from './operations.ts'
import type { Operation } from './operations.ts'
import { parsePeers, startPeer } from './peers.ts'
import { findProgram, versionOf } from './programs.ts'
import { createResults } from './results.ts'
import type { Results } from './results.ts'
import { startS3rver } from './s3rver.ts'
import { makeBody, mibPerSecond, sendLarge, settleDisk } from './upload.ts'
import { runWrk } from './wrk.ts'

// What stands first wins.
const STANDARD = ['--rounds=5', '--round-ms=2000', '--keys=1000000', '--large-mib=1024']
const argv = [...process.argv.slice(2), ...STANDARD]
const options = readArguments(argv)
const keys = readNumber(argv, 'keys') ?? 0
const large = largeOperations(readNumber(argv, 'large-mib') ?? 0)
const connections = readNumber(argv, 'connections')
/** Of those whose names it matches requests are sent by wrk. */
const measured = new RegExp(readText(argv, 'contestants') ?? '')
const peers = parsePeers(process.env['HALLPASS_BENCH_PEERS'] ?? '')

const isChosen = ({ name }: Operation): boolean => isWanted(options, name)

const say = (line: string): void => {
  if (!options.asJson) console.log(line)
}

/** Resolves to nothing, having said why, if the machine lacks what is needed. */
async function unlessSkipped<Value>(work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Skipped)) throw error
    skipped.add(error.message)
    return null
  }
}

const SETTLES_MS = 1500
const skipped = new Set<string>()

/** A server of somebody else that cannot do one thing is no reason to learn nothing of all others. */
function createAttempt(results: Results): Attempt {
  const failed = new Set<string>()
  return async (operation, contestant, work) => {
    const what = `${contestant} took no part in ${operation.name}`
    if (failed.has(what)) return
    try {
      const rate = await unlessSkipped(work)
      if (rate !== null) results.add(operation, contestant, rate)
    } catch (error) {
      if (!(error instanceof Error) || peers.every(({ name }) => name !== contestant)) throw error
      failed.add(what)
      skipped.add(`${what} after it failed: ${error.message.split('\n', 1)[0]}`)
    }
  }
}

const PROGRAMS = [
  ['nginx', '-v'],
  ['wrk', '-v'],
  ['curl', '--version'],
] as const
const VERSION_FLAGS: Readonly<Record<string, string>> = {
  minio: '--version',
  seaweedfs: 'version',
  versitygw: '--version',
}

async function writeFiles(files: string): Promise<void> {
  for (const operation of DOWNLOADS.filter(isChosen)) {
    for (let index = 0; index < operation.objects; index += 1) {
      const path = join(files, objectName(operation, index))
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, randomBytes(operation.bytes))
    }
  }
}

/** Adds each to `started` as soon as it runs, so that it is stopped whatever happens to the next. */
async function startContestants(folder: string, started: Contestant[]): Promise<void> {
  const files = join(folder, 'files')
  await writeFiles(files)
  const place = async (name: string): Promise<ContestantOptions> => {
    const own = join(folder, name)
    await mkdir(own)
    return { folder: own, files }
  }
  started.push(...((await unlessSkipped(async () => startNginx(await place('nginx')))) ?? []))
  started.push(...(await startHallpass(await place('hallpass'))))
  started.push(...(await startSwitchedEvents(await place('hallpass-switched'))))
  started.push(await startWorkers(await place('hallpass-2')))
  const s3rver = await unlessSkipped(async () => startS3rver(await place('s3rver')))
  if (s3rver !== null) started.push(s3rver)
  started.push(await startHello())
  for (const peer of peers) started.push(await startPeer(peer, await place(peer.name)))
  if (peers.length === 0) skipped.add('HALLPASS_BENCH_PEERS names no object store')
  for (const contestant of started) await contestant.fill(DOWNLOADS.filter(isChosen))
}

/** Compiled code and filled caches, so that the first round is like the others. */
async function warmUp(bench: S3Bench): Promise<void> {
  const results = createResults()
  const discarded = { ...bench, results, attempt: createAttempt(results), seconds: 1 }
  for (const operation of [...DOWNLOADS, ...SMALL_UPLOADS]) {
    if (isChosen(operation)) await measureByWrk(discarded, operation)
  }
}

async function measureRound(bench: S3Bench): Promise<void> {
  for (const operation of DOWNLOADS.filter(isChosen)) await measureByWrk(bench, operation)
  for (const operation of SMALL_UPLOADS.filter(isChosen)) {
    const { folder, results, seconds } = bench
    const floor = durableFilesPerSecond(folder, operation.bytes, seconds)
    results.add(operation, DURABLE_FLOOR, floor)
    await measureByWrk(bench, operation)
  }
  if (isChosen(large.upload)) await measureLargeUpload(bench)
  await measureS3(bench)
}

async function measureByWrk(bench: S3Bench, operation: Operation): Promise<void> {
  const asked = connections === undefined ? operation : { ...operation, connections }
  for (const contestant of bench.contestants) {
    if (!measured.test(contestant.name)) continue
    const target = contestant.targetOf(operation)
    if (target === null) continue
    await contestant.begin?.()
    const { name, processorSeconds = () => null } = contestant
    const before = processorSeconds()
    let requests = 0
    await bench.attempt(operation, name, async () => {
      const load = await runWrk(asked, target, bench)
      requests = load.requests
      return load.perSecond
    })
    if (before === null || requests === 0) continue
    // What is written down a moment later belongs to it.
    await sleep(SETTLES_MS)
    const took = (processorSeconds() ?? before) - before
    if (took > 0) bench.results.add(byProcessor(operation), name, requests / took)
  }
}

async function measureLargeUpload({
  folder,
  contestants,
  results,
  attempt,
}: S3Bench): Promise<void> {
  const { upload } = large
  const { bytes } = upload
  const body = makeBody(bytes)
  results.add(upload, HASH_FLOOR, hashedMibPerSecond(bytes))
  results.add(upload, DISK_FLOOR, writtenMibPerSecond(folder, bytes))
  for (const contestant of contestants) {
    const target = contestant.targetOf(upload)
    const path = target?.paths[0]
    if (target === null || path === undefined) continue
    settleDisk()
    await attempt(upload, contestant.name, () =>
      mibPerSecond(bytes, () => sendLarge(target.origin + path, body)),
    )
  }
}

const folder = await mkdtemp(
  join(process.env['HALLPASS_BENCH_FOLDER'] ?? tmpdir(), 'hallpass-bench-'),
)
const results = createResults()
const seconds = Math.max(1, Math.round(options.roundMs / 1000))
const contestants: Contestant[] = []
try {
  await startContestants(folder, contestants)
  const attempt = createAttempt(results)
  const bench = { folder, contestants, results, seconds, keys, large, isChosen, attempt }
  await unlessSkipped(() => fillForS3(bench))
  await warmUp(bench)
  for (let round = 1; round <= options.rounds; round += 1) {
    say(`round ${round} of ${options.rounds}`)
    await measureRound(bench)
  }
} finally {
  for (const contestant of contestants) await contestant.stop()
  await rm(folder, { recursive: true, force: true })
}

const versions: Record<string, string> = { ...readVersions(['better-sqlite3']) }
for (const [program, flag] of PROGRAMS) {
  await unlessSkipped(async () => {
    versions[program] = versionOf(findProgram(program), flag)
  })
}
for (const { name, path } of peers) versions[name] = versionOf(path, VERSION_FLAGS[name] ?? '-v')
const { asJson, rounds } = options
printReport(
  {
    machine: describeMachine(),
    versions,
    rounds: { rounds, roundMs: seconds * 1000 },
    rows: results.rows(),
    skipped: [...skipped],
  },
  asJson,
)
say('')
for (const line of results.judge([...GOALS, ...goalsOf(large)])) say(line)
