/** One of several processes on one port. It lives as long as its supervisor does. */
import process from 'node:process'
import { compose } from './compose.ts'
import type { ComposedServer } from './compose.ts'
import type { Config } from './config.ts'
import { createLog, openStandardErrorSink } from './platform/log.ts'
import { renderSnapshots } from './platform/metrics.ts'
import type { Metrics, MetricsSnapshot, RenderedMetrics } from './platform/metrics.ts'
import { createSecret } from './platform/secret.ts'
import { isUnavailable } from './platform/store-errors.ts'
import { explainRefusal } from './refusal.ts'
import { WORKER_SECRETS } from './worker-messages.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

const waiting = new Map<number, (snapshots: readonly MetricsSnapshot[]) => void>()
let nextId = 1
let server: ComposedServer | null = null
let isStopping = false

process.on('message', (message: ToWorker) => {
  if (message.kind === 'start') void start(withSecrets(message), message)
  else if (message.kind === 'ping') tell({ kind: 'pong' })
  else if (message.kind === 'take-snapshot') void answerSnapshot(message.id)
  else if (message.kind === 'which-held') {
    const contentIds = server?.heldAmong(message.contentIds) ?? []
    tell({ kind: 'held', id: message.id, contentIds })
  } else {
    waiting.get(message.id)?.(message.snapshots)
    waiting.delete(message.id)
  }
})
process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
// The supervisor is gone: nobody would start or stop this process any more.
process.on('disconnect', () => void stop())

type Start = Extract<ToWorker, { kind: 'start' }>

function withSecrets({ config, secrets }: Start): Config {
  const given = WORKER_SECRETS.map((name) => {
    const text = secrets[name]
    return [name, text === null ? null : createSecret(text)] as const
  })
  return { ...config, ...Object.fromEntries(given) }
}

async function start(
  config: Config,
  {
    node,
    index,
    reusePort,
    masterKeys,
  }: Pick<Start, 'node' | 'index' | 'reusePort' | 'masterKeys'>,
): Promise<void> {
  const sink = openStandardErrorSink()
  const log = createLog(config.logLevel, sink).child({ worker: index })
  const lostLogLines = (): number => sink.lostLines()
  try {
    server = await compose(config, {
      log,
      role: 'worker',
      node,
      watchProcess: true,
      lostLogLines,
      renderMetrics,
      masterKeys,
    })
    const port = await server.listen({ reusePort })
    tell({ kind: 'listening', port })
  } catch (error) {
    const reason = explainRefusal(error, config)
    if (reason === null) throw error
    const mayStartLater = isUnavailable(error)
    // The supervisor says what a fault of a store is to whoever starts the server.
    tell({ kind: 'refused', reason: mayStartLater ? error.message : reason, mayStartLater })
    await stop()
  }
}

async function stop(): Promise<void> {
  if (isStopping) return
  isStopping = true
  await server?.close()
  process.exit(0)
}

async function answerSnapshot(id: number): Promise<void> {
  tell({ kind: 'snapshot', id, snapshot: (await server?.metrics.snapshot()) ?? [] })
}

/** The figures of all workers, this one's among them. */
async function renderMetrics(own: Metrics): Promise<RenderedMetrics> {
  if (!process.connected) return own.render()
  const { promise, resolve } = Promise.withResolvers<readonly MetricsSnapshot[]>()
  const id = nextId++
  waiting.set(id, resolve)
  tell({ kind: 'gather', id })
  return renderSnapshots(await promise)
}

function tell(message: FromWorker): void {
  process.send?.(message, undefined, undefined, () => undefined)
}
