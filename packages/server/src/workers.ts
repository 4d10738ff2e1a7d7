/**
 * The supervisor: starts n worker processes that listen on one port, starts a crashed one again, passes a stop on.
 * Workers share the data directory and nothing else; the supervisor serves no request.
 */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import cluster from 'node:cluster'
import { extname } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { createAsking } from './ask-workers.ts'
import type { Config } from './config.ts'
import { ConfigError } from './config.ts'
import { watchLiveness } from './liveness.ts'
import type { Liveness } from './liveness.ts'
import type { Log } from './platform/log.ts'
import type { MetricsSnapshot } from './platform/metrics.ts'
import { createUsableShare, readProcessorUse } from './platform/processor-use.ts'
import { storeUnavailable } from './platform/store-errors.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

export interface Workers {
  readonly port: number
  /** Those of `contentIds` that a worker is reading; `null` if one did not say. */
  heldAmong(contentIds: readonly string[]): Promise<readonly string[] | null>
  /** Stops every worker within fifteen seconds, one way or the other. */
  close(): Promise<void>
}

const FIRST_PAUSE_MS = 100
const MAX_PAUSE_MS = 10_000
/** A worker that lived this long was healthy: its next crash starts from the first pause again. */
const HEALTHY_MS = 60_000
/** A little more than the ten seconds a worker gives its requests, and the three it gives them to clear away. */
const KILL_AFTER_MS = 15_000
/** A worker that has not answered for about five seconds in which it could have is replaced. */
const PING_EVERY_MS = 1000
const MAX_UNANSWERED_PINGS = 5
/** While it starts it may have better things to do. */
const MAX_UNANSWERED_AT_START = 60
const SNAPSHOT_WAIT_MS = 1000
/** Nobody waits for it but the sweep, which comes again. */
const HELD_WAIT_MS = 10_000

/** Linux spreads connections over processes that listen on one port; elsewhere node:cluster hands them out. */
const CAN_REUSE_PORT = process.platform === 'linux'

export interface WorkersOptions {
  readonly reusePort?: boolean
  /** What tells the processes of this server from those of others over the same data. */
  readonly node?: string
  /** Told of each worker that ended by itself, before another takes its place. Never rejects. */
  readonly onEnd?: (pid: number) => Promise<void>
  /** The figures of the supervisor itself: it answers no request, but tells webhooks and raises alerts. */
  readonly snapshot?: () => Promise<MetricsSnapshot>
  /** Where no file holds them: a worker runs no command and reads no setting with a secret. */
  readonly masterKeys?: string | null
}

/** Resolves when all workers answer on one port; throws `ConfigError` if one cannot start. */
export async function startWorkers(
  config: Config,
  log: Log,
  options: WorkersOptions = {},
): Promise<Workers> {
  const supervisor = createSupervisor(config, log, options)
  try {
    // The first one settles the port, which the others then share.
    const port = await supervisor.start(0)
    const others = Array.from({ length: config.workers - 1 }, (_, index) => index + 1)
    await Promise.all(others.map((index) => supervisor.start(index)))
    return { port, heldAmong: supervisor.heldAmong, close: () => supervisor.close() }
  } catch (error) {
    await supervisor.close()
    throw error
  }
}

interface Supervisor {
  /** Resolves to the port once the worker answers on it. */
  start(index: number): Promise<number>
  readonly heldAmong: Workers['heldAmong']
  close(): Promise<void>
}

function createSupervisor(config: Config, log: Log, options: WorkersOptions): Supervisor {
  const { reusePort = CAN_REUSE_PORT, onEnd = () => Promise.resolve() } = options
  const living = new Map<number, ChildProcess>()
  const questions = createQuestions(living, options.snapshot)
  const restarts = createRestarts()
  let sharedPort = config.port
  let isStopping = false

  function start(index: number): Promise<number> {
    const port = sharedPort
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const worker = spawnWorker(reusePort)
    const startedAt = performance.now()
    let isReady = false
    living.set(index, worker)
    const onSilence = (): void => log.error({ worker: index }, 'worker does not answer')
    const liveness = watchWorker(worker, () => isReady, onSilence)
    worker.on('message', (message: FromWorker) => {
      liveness.heard()
      if (message.kind === 'pong') return
      if (message.kind === 'refused') reject(toRefusal(message))
      else if (message.kind === 'listening') {
        isReady = true
        // node:cluster knows a listener by what was asked for: everybody asks for 0, and gets what the first one got.
        if (reusePort) sharedPort = message.port
        resolve(message.port)
      } else questions.heard(index, message)
    })
    worker.on('error', (error) => log.error({ err: error, worker: index }, 'worker failed'))
    worker.on('exit', (code, signal) => {
      liveness.end()
      living.delete(index)
      questions.ended(index)
      reject(new ConfigError([`Worker ${index} ended before it was ready.`]))
      if (isStopping || !isReady) return
      log.error({ worker: index, code, signal }, 'worker crashed')
      restartLater(index, performance.now() - startedAt, onEnd(worker.pid ?? 0))
    })
    send(worker, { kind: 'start', ...settingsFor(config, port, options), index, reusePort })
    return promise
  }

  function restartLater(index: number, livedMs: number, cleared: Promise<void>): void {
    restarts.schedule(index, { livedMs, cleared }, async () => {
      try {
        await start(index)
        log.info({ worker: index }, 'worker restarted')
      } catch (error) {
        log.error({ err: error, worker: index }, 'worker did not start')
        if (!isStopping) restartLater(index, 0, cleared)
      }
    })
  }

  return {
    start,
    heldAmong: questions.heldAmong,
    close: async () => {
      isStopping = true
      restarts.cancel()
      await Promise.all([...living.values()].map((worker) => stopWorker(worker, config)))
    },
  }
}

function toRefusal({
  reason,
  mayStartLater,
}: Extract<FromWorker, { readonly kind: 'refused' }>): Error {
  return mayStartLater ? storeUnavailable(reason) : new ConfigError([reason])
}

/** One that does not answer is told so to `onSilence`, and killed. */
function watchWorker(
  worker: ChildProcess,
  isReady: () => boolean,
  onSilence: () => void,
): Liveness {
  const readUse = () => (worker.pid === undefined ? null : readProcessorUse(worker.pid))
  return watchLiveness({
    everyMs: PING_EVERY_MS,
    maxUnanswered: () => (isReady() ? MAX_UNANSWERED_PINGS : MAX_UNANSWERED_AT_START),
    ask: () => send(worker, { kind: 'ping' }),
    usableShare: createUsableShare(readUse, PING_EVERY_MS),
    giveUp: () => {
      onSilence()
      // Nothing gentler reaches a process that is stopped.
      worker.kill('SIGKILL')
    },
  })
}

interface Restarts {
  schedule(index: number, ended: Ended, restart: () => Promise<void>): void
  cancel(): void
}

interface Ended {
  readonly livedMs: number
  /** Once nothing is left of it: its number may be the next one's. */
  readonly cleared: Promise<void>
}

/** A worker that crashes again and again is started ever less often, so that it cannot eat the machine. */
function createRestarts(): Restarts {
  const crashes = new Map<number, number>()
  const timers = new Set<NodeJS.Timeout>()
  let isCancelled = false

  async function restartOnce(cleared: Promise<void>, restart: () => Promise<void>): Promise<void> {
    await cleared
    if (!isCancelled) await restart()
  }

  return {
    schedule: (index, { livedMs, cleared }, restart) => {
      const count = livedMs > HEALTHY_MS ? 0 : (crashes.get(index) ?? 0)
      crashes.set(index, count + 1)
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** count, MAX_PAUSE_MS)
      const timer = setTimeout(() => {
        timers.delete(timer)
        void restartOnce(cleared, restart)
      }, pause)
      timers.add(timer)
    },
    cancel: () => {
      isCancelled = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

function spawnWorker(reusePort: boolean): ChildProcess {
  const file = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url)
  const options = { serialization: 'advanced' } as const
  if (reusePort) return fork(fileURLToPath(file), [], options)
  cluster.setupPrimary({ exec: fileURLToPath(file), args: [], ...options })
  return cluster.fork().process
}

function settingsFor(
  config: Config,
  port: number,
  { node = '', masterKeys = null }: WorkersOptions,
): Pick<Extract<ToWorker, { kind: 'start' }>, 'config' | 'secrets' | 'node' | 'masterKeys'> {
  const secrets = {
    authorizerSecret: config.authorizerSecret?.reveal() ?? null,
    blobsSecretAccessKey: config.blobsSecretAccessKey?.reveal() ?? null,
    oidcClientSecret: config.oidcClientSecret?.reveal() ?? null,
  }
  return { config: { ...withoutSecrets(config), port }, secrets, node, masterKeys }
}

/** Keys are in the catalog by the time a worker starts. */
function withoutSecrets(config: Config): Config {
  return {
    ...config,
    adminKey: null,
    accessKeyId: null,
    secretAccessKey: null,
    authorizerSecret: null,
    blobsSecretAccessKey: null,
    verdictSecret: null,
    oidcClientSecret: null,
    masterKey: null,
    masterKeyCommand: null,
  }
}

function send(worker: ChildProcess, message: ToWorker): void {
  // A worker that has just died cannot be told anything; its exit is handled on its own.
  worker.send(message, () => undefined)
}

async function stopWorker(worker: ChildProcess, { drainSeconds }: Config): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const exited = Promise.withResolvers<void>()
  worker.once('exit', () => exited.resolve())
  worker.kill('SIGTERM')
  const timer = setTimeout(() => worker.kill('SIGKILL'), KILL_AFTER_MS + drainSeconds * 1000)
  await exited.promise
  clearTimeout(timer)
}

interface Questions {
  readonly heldAmong: Workers['heldAmong']
  heard(index: number, message: FromWorker): void
  ended(index: number): void
}

function createQuestions(
  living: ReadonlyMap<number, ChildProcess>,
  own: () => Promise<MetricsSnapshot> = () => Promise.resolve([]),
): Questions {
  const snapshots = createAsking<MetricsSnapshot>(SNAPSHOT_WAIT_MS)
  const held = createAsking<readonly string[]>(HELD_WAIT_MS)

  function tell(index: number, message: ToWorker): void {
    const worker = living.get(index)
    if (worker !== undefined) send(worker, message)
  }

  /** One page of metrics for all: whichever worker is asked, the supervisor collects everybody's figures for it. */
  async function gather(asker: number, askerId: number): Promise<void> {
    const { answers } = await snapshots.ask(living.keys(), (index, id) =>
      tell(index, { kind: 'take-snapshot', id }),
    )
    tell(asker, { kind: 'snapshots', id: askerId, snapshots: [...answers, await own()] })
  }

  return {
    async heldAmong(contentIds) {
      const { answers, isComplete } = await held.ask(living.keys(), (index, id) =>
        tell(index, { kind: 'which-held', id, contentIds }),
      )
      return isComplete ? [...new Set(answers.flat())] : null
    },
    heard(index, message) {
      if (message.kind === 'gather') void gather(index, message.id)
      else if (message.kind === 'snapshot') snapshots.heard(index, message.id, message.snapshot)
      else if (message.kind === 'held') held.heard(index, message.id, message.contentIds)
    },
    ended(index) {
      snapshots.ended(index)
      held.ended(index)
    },
  }
}
