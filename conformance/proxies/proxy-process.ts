/** A proxy of the machine's own packages as a child in the foreground, with a folder of its own, ended by its id. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { PATIENCE_MS } from '../lib/patience.ts'

export interface Proxy {
  readonly origin: string
  readonly port: number
  readonly stop: () => Promise<void>
}

export interface ProxyPorts {
  /** Where the proxy listens. */
  readonly port: number
  /** Where Hallpass listens. */
  readonly backendPort: number
}

export interface ProxyProgram {
  readonly program: string
  /** Writes what the program needs into the folder; resolves to its arguments. */
  readonly prepare: (folder: string) => Promise<readonly string[]>
}

export type StartProxy = (ports: ProxyPorts) => Promise<Proxy>

/** Debian puts servers where only the administrator's PATH looks. */
const FURTHER_FOLDERS = ['/usr/sbin', '/usr/local/sbin']
const ASK_EVERY_MS = 20

/** `null` if it is not installed. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...FURTHER_FOLDERS]
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null
}

export async function startProxy({ program, prepare }: ProxyProgram, port: number): Promise<Proxy> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-proxy-'))
  const child = spawn(program, await prepare(folder), { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  let output = ''
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  const deadline = performance.now() + PATIENCE_MS
  while (!(await accepts(port))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop()
      throw new Error(`${program} does not listen on port ${port}:\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
  }
  return { origin: `http://127.0.0.1:${port}`, port, stop }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
