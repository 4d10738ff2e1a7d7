/** Starts the server and keeps it until a signal: in this process, or in several that share the port. */
import type { Writable } from 'node:stream'
import { compose } from './compose.ts'
import type { ComposedServer } from './compose.ts'
import { ConfigError } from './config.ts'
import type { Config } from './config.ts'
import type { FirstStart } from './core/keys/first-start.ts'
import { formatAddress, formatKeys, prepareFirstStart } from './first-start.ts'
import { requireFreePort } from './http/free-port.ts'
import type { LogSink } from './platform/log-sink.ts'
import { createLog, openStandardErrorSink } from './platform/log.ts'
import { isUnavailable } from './platform/store-errors.ts'
import { explainRefusal } from './refusal.ts'
import { waitForStop } from './stop-reason.ts'
import { warnOfProxies } from './warn-of-proxies.ts'
import { formatMasterKeys } from './config/master-key-list.ts'
import { startWorkers } from './workers.ts'
import type { WorkersOptions } from './workers.ts'
import type { Workers } from './workers.ts'

export interface ServeOptions {
  /** The banner and the ready line. Logs go to standard error. */
  readonly stdout: Writable
  readonly stderr: Writable
  /** End as soon as the process that started this one is gone. */
  readonly followsParent?: boolean
}

/** The settings or the data cannot be used. */
export const EXIT_REFUSED = 2
/** Something outside cannot answer now: to start again later may help. */
const EXIT_UNAVAILABLE = 3

/** Serves until `waitForStop` says so; resolves to the exit code. A refusal to start is explained on `stderr`. */
export async function serve(config: Config, options: ServeOptions): Promise<number> {
  const stopped = waitForStop(options.followsParent ?? false)
  const stop = new AbortController()
  void stopped.then(() => stop.abort())
  const run: Run = { ...options, sink: openStandardErrorSink(), stopped, stop: stop.signal }
  try {
    await (config.workers === 1 ? serveAlone(config, run) : serveTogether(config, run))
    return 0
  } catch (error) {
    if (stop.signal.aborted && error instanceof Error && error.name === 'AbortError') return 0
    const reason = explainRefusal(error, config)
    if (reason === null) throw error
    options.stderr.write(`hallpass: ${reason}\n`)
    return isUnavailable(error) ? EXIT_UNAVAILABLE : EXIT_REFUSED
  } finally {
    run.sink.release()
  }
}

interface Run extends ServeOptions {
  readonly sink: LogSink
  readonly stopped: Promise<string>
  /** The same, for what is under way before anything is there that could be stopped. */
  readonly stop: AbortSignal
}

async function serveAlone(config: Config, { stdout, sink, stopped, stop }: Run): Promise<void> {
  const log = createLog(config.logLevel, sink)
  const lostLogLines = (): number => sink.lostLines()
  const server = await compose(config, {
    log,
    role: 'server',
    watchProcess: true,
    lostLogLines,
    stop,
  })
  // Log lines come after the banner, not in the middle of it.
  sink.hold()
  try {
    const made = await prepare(server, config, stdout)
    await server.listen()
    await announce(server, config, made, stdout)
    warnOfProxies(config, log)
    sink.release()
    log.info({ reason: await stoppedOrMoved(stopped, server) }, 'stopping')
  } finally {
    await server.close()
  }
  log.info('stopped')
}

/**
 * The supervisor makes the keys and clears away what a crash left before any worker starts, so that both happen once; it
 * answers no request itself.
 */
async function serveTogether(config: Config, { stdout, sink, stopped, stop }: Run): Promise<void> {
  const log = createLog(config.logLevel, sink)
  let workers: Workers | null = null
  // While they start nobody can say what those that listen already are reading.
  const heldElsewhere = (contentIds: readonly string[]): Promise<readonly string[] | null> =>
    workers?.heldAmong(contentIds) ?? Promise.resolve(null)
  const server = await compose(config, { log, role: 'server', heldElsewhere, stop })
  sink.hold()
  try {
    const made = await prepare(server, config, stdout)
    workers = await startWorkers(config, log, {
      node: server.node,
      onEnd: (pid) => server.forgetProcess(pid),
      snapshot: () => server.metrics.snapshot(),
      ...masterKeysOf(server),
    })
    try {
      server.setPort(workers.port)
      await announce(server, config, made, stdout)
      warnOfProxies(config, log)
      sink.release()
      log.info({ reason: await stoppedOrMoved(stopped, server) }, 'stopping')
    } finally {
      await workers.close()
    }
  } finally {
    await server.close()
  }
  log.info('stopped')
}

/** Throws a `ConfigError` once the catalog was moved: whoever starts the server again must say where to. */
async function stoppedOrMoved(
  stopped: Promise<string>,
  { moved }: ComposedServer,
): Promise<string> {
  const refused = moved.then((why) => {
    throw new ConfigError([why])
  })
  return Promise.race([stopped, refused])
}

/** Where a file holds them, each worker reads it. */
function masterKeysOf({
  core: { masterKeys },
}: ComposedServer): Pick<WorkersOptions, 'masterKeys'> {
  return masterKeys.change === null ? { masterKeys: formatMasterKeys(masterKeys.current()) } : {}
}

/** What comes before listening. Keys are printed at once: were a later step to fail, nobody would ever see them. */
async function prepare(
  server: ComposedServer,
  config: Config,
  stdout: Writable,
): Promise<FirstStart> {
  await requireFreePort(config.host, config.port)
  await server.startJobs()
  const made = await server.alone(() => prepareFirstStart(server.core, config))
  stdout.write(formatKeys(made, config))
  return made
}

/** The last line is for scripts: it says that requests are answered, where, and what the address is for clients. */
async function announce(
  server: ComposedServer,
  config: Config,
  made: FirstStart,
  stdout: Writable,
): Promise<void> {
  const banner = await formatAddress(server.core, config, made)
  // In one piece, so that no line of a worker comes in between.
  stdout.write(`${banner}listening on ${formatAddresses(server)}\n`)
}

function formatAddresses(server: ComposedServer): string {
  const listening = server.listeningUrl()
  const { publicUrl } = server.core
  return listening === publicUrl ? listening : `${listening} (public address ${publicUrl})`
}
