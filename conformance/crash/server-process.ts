/** The real server as a process of its own, started as `npm start` does, ended with SIGKILL. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { findPort } from '../../packages/server/test/support/free-port.ts'
import { hallpassCommand } from '../lib/hallpass-command.ts'
import { PATIENCE_MS } from '../lib/patience.ts'

export interface ServerProcess {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  readonly pid: number
  /** The last of what it wrote. */
  readonly output: () => string
  /** Kills every process of the server at once; resolves when they are gone. */
  kill(): Promise<void>
  /** Kills one of its workers, counted from 0 and round again; the others go on. Nothing happens if it has none yet. */
  killWorker(index: number): Promise<void>
  /** Asks it to end; resolves to its exit code. */
  stop(): Promise<number | null>
}

export interface ServerProcessOptions {
  readonly dataDir: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly workers?: number
  /** A free one unless said otherwise. */
  readonly port?: number
  /** Further variables; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** How much of the end of its output is kept. */
  readonly keptCharacters?: number
  /** Further arguments of Node itself. */
  readonly nodeArguments?: readonly string[]
}

const ROOT: string = fileURLToPath(new URL('../../', import.meta.url))
const ASK_EVERY_MS = 15

export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const port = options.port ?? (await findPort())
  const origin = `http://127.0.0.1:${port}`
  const child = spawn(
    process.execPath,
    [
      ...hallpassCommand([
        '--disable-warning=ExperimentalWarning',
        ...(options.nodeArguments ?? []),
      ]),
      'serve',
    ],
    {
      cwd: ROOT,
      // A group of its own, so that a kill reaches its workers too.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environmentOf(options, port),
    },
  )
  const output = collectOutput(child, options.keptCharacters ?? 4000)
  const exited = once(child, 'exit')
  await waitUntilReady(origin, child, output)
  return {
    origin,
    pid: child.pid ?? 0,
    output,
    async kill() {
      signalGroup(child, 'SIGKILL')
      await exited
    },
    async killWorker(index) {
      const workers = await listChildren(child.pid ?? 0)
      const worker = workers[index % Math.max(1, workers.length)]
      if (worker !== undefined) process.kill(worker, 'SIGKILL')
    },
    async stop() {
      signalGroup(child, 'SIGTERM')
      await exited
      return child.exitCode
    },
  }
}

function environmentOf(options: ServerProcessOptions, port: number): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('HALLPASS_'))
  return {
    ...Object.fromEntries(inherited),
    // The test runner's own variable would make the child report to it.
    NODE_TEST_CONTEXT: undefined,
    HALLPASS_DATA_DIR: options.dataDir,
    HALLPASS_HOST: '127.0.0.1',
    HALLPASS_PORT: String(port),
    HALLPASS_ACCESS_KEY_ID: options.accessKeyId,
    HALLPASS_SECRET_ACCESS_KEY: options.secretAccessKey,
    HALLPASS_LOG_LEVEL: 'error',
    ...(options.workers !== undefined && { HALLPASS_WORKERS: String(options.workers) }),
    ...options.env,
  }
}

/** Holds back the last lines for a message. The server's output may name secrets of its first start. */
function collectOutput(child: ChildProcess, most: number): () => string {
  let text = ''
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-most)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return () => text
}

async function waitUntilReady(
  origin: string,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while (performance.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The server ended before it was ready:\n${output()}`)
    }
    if (await answers(origin)) return
    await new Promise((resolve) => {
      setTimeout(resolve, ASK_EVERY_MS)
    })
  }
  signalGroup(child, 'SIGKILL')
  throw new Error(`The server was never ready:\n${output()}`)
}

async function answers(origin: string): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/-/readyz`)
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

/** As Linux tells them; none elsewhere. */
async function listChildren(pid: number): Promise<number[]> {
  const file = `/proc/${pid}/task/${pid}/children`
  const text = await readFile(file, 'utf8').catch(() => '')
  return (text.match(/\d+/g) ?? []).map(Number)
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, signal)
}
