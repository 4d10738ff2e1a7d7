/** Hallpass itself, started as `npm start` does. */
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startServerProcess } from '../../conformance/crash/server-process.ts'
import { readProcessorUse } from '../../packages/server/src/platform/processor-use.ts'
import type { Contestant, ContestantOptions, Target } from './contestant.ts'
import {
  HALLPASS,
  HALLPASS_2,
  HALLPASS_EVENTS,
  HALLPASS_LINKS,
  HALLPASS_WITHOUT_EVENTS,
  objectName,
} from './operations.ts'
import type { Operation } from './operations.ts'
import { BUCKET, createS3Contestant } from './s3-store.ts'

const KEYS = {
  accessKeyId: 'HPBENCHMARKKEYPAIR23',
  secretAccessKey: 'benchmark/secret+0123456789abcdefghijklm',
}
const ADMIN_KEY = 'hp_benchmark0123456789abcdefghijklmnopq'
const SWITCH_EVENTS: string = fileURLToPath(new URL('switch-events.ts', import.meta.url))

/** In the order in which they take turns: the server, and its own links beside what its clients sign. */
export async function startHallpass(
  options: ContestantOptions,
): Promise<readonly [Contestant, Contestant]> {
  const plain = await start(options, { name: HALLPASS, workers: 1 })
  const { processorSeconds } = plain.contestant
  const links = createLinks(plain.origin)
  return [plain.contestant, processorSeconds === undefined ? links : { ...links, processorSeconds }]
}

export async function startWorkers(options: ContestantOptions): Promise<Contestant> {
  return (await start(options, { name: HALLPASS_2, workers: 2 })).contestant
}

/** One process that writes down what is used of rights, and does not, in turn. */
export async function startSwitchedEvents(
  options: ContestantOptions,
): Promise<readonly [Contestant, Contestant]> {
  if (process.env['HALLPASS_TEST_PROGRAM'] !== undefined) {
    throw new Error(
      'HALLPASS_TEST_PROGRAM names a program in one piece: no module of it can be switched.',
    )
  }
  const nodeArguments = ['--import', SWITCH_EVENTS]
  const { contestant, pid } = await start(options, {
    name: HALLPASS_EVENTS,
    workers: 1,
    nodeArguments,
  })
  let isOn = true
  const turn = (wanted: boolean) => async (): Promise<void> => {
    if (isOn !== wanted) process.kill(pid, 'SIGUSR2')
    isOn = wanted
    // So that it is heard before the first request.
    await sleep(100)
  }
  const common = { ...contestant, s3: null, targetOf: onlyDownloads(contestant) }
  return [
    { ...common, begin: turn(true) },
    {
      ...common,
      name: HALLPASS_WITHOUT_EVENTS,
      begin: turn(false),
      fill: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    },
  ]
}

interface Start {
  readonly name: string
  readonly workers: 1 | 2
  readonly nodeArguments?: readonly string[]
}

async function start(
  { folder, files }: ContestantOptions,
  { name, workers, nodeArguments = [] }: Start,
): Promise<{ readonly contestant: Contestant; readonly origin: string; readonly pid: number }> {
  const given = (process.env['HALLPASS_BENCH_NODE_ARGUMENTS'] ?? '').split(' ').filter(Boolean)
  const server = await startServerProcess({
    dataDir: folder,
    ...KEYS,
    workers,
    env: { HALLPASS_ADMIN_KEY: ADMIN_KEY },
    nodeArguments: [...given, ...nodeArguments],
  })
  const { origin, pid } = server
  const stop = async (): Promise<void> => void (await server.stop())
  const contestant = createS3Contestant({ name, origin, keys: KEYS, files, stop })
  const processorSeconds = (): number | null => readProcessorUse(pid)?.seconds ?? null
  // Of workers the process that was started is none.
  return {
    origin,
    pid,
    contestant: workers === 1 ? { ...contestant, processorSeconds } : contestant,
  }
}

/** Issued once the server has the files. */
function createLinks(origin: string): Contestant {
  const issued = new Map<string, Target>()
  return {
    name: HALLPASS_LINKS,
    s3: null,
    targetOf: ({ name }) => issued.get(name) ?? null,
    async fill(downloads) {
      for (const operation of downloads) {
        issued.set(operation.name, await issueLinks(origin, operation))
      }
    },
    stop: () => Promise.resolve(),
  }
}

async function issueLinks(origin: string, operation: Operation): Promise<Target> {
  const wishes = Array.from({ length: operation.objects }, (_, index) => ({
    path: `${BUCKET}/${objectName(operation, index)}`,
    expiresIn: 86_400,
  }))
  const answer = await fetch(`${origin}/v1/links/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ links: wishes }),
  })
  if (!answer.ok)
    throw new Error(`Links were answered with ${answer.status}: ${await answer.text()}`)
  const { links } = (await answer.json()) as { readonly links: readonly { readonly url: string }[] }
  const urls = links.map(({ url }) => new URL(url))
  // The host is signed, and is the one that the server tells people.
  const paths = urls.map(({ pathname, search }) => pathname + search)
  return { origin: urls[0]?.origin ?? origin, paths }
}

function onlyDownloads({ targetOf }: Contestant): Contestant['targetOf'] {
  return (operation) => (operation.method === 'GET' ? targetOf(operation) : null)
}
