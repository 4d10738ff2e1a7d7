/** A ClamAV daemon of a test's own: the real one, which knows the EICAR test file and nothing else. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { TestContext } from 'node:test'
import { waitUntil } from '../lib/patience.ts'

const PROGRAM = ['/usr/sbin/clamd', '/usr/local/sbin/clamd'].find((path) => existsSync(path))

/** Why there is none to test with; `false` if there is one. */
export const skip: string | false = PROGRAM === undefined ? 'clamd is not installed' : false

/** In two halves, so that no scanner of the machine takes this file for one. */
export const EICAR: string = [
  String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR`,
  '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*',
].join('')
/** MD5, size and name, as ClamAV writes signatures of whole files. */
const SIGNATURES = '44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n'
/** Of one file that it takes. */
export const MAX_STREAM_BYTES: number = 8 * 1024 * 1024

export interface Clamd {
  /** `unix:/…`, as the setting has it. */
  readonly address: string
  start(): Promise<void>
  /** It listens and answers nothing, until it goes on. */
  standStill(): void
  goOn(): void
  /** Nobody listens any more. */
  end(): Promise<void>
}

export function createClamd(t: TestContext): Clamd {
  const directory = mkdtempSync(join(tmpdir(), 'hallpass-clamd-'))
  const socket = join(directory, 'clamd.sock')
  const database = join(directory, 'db')
  mkdirSync(database)
  writeFileSync(join(database, 'eicar.hdb'), SIGNATURES)
  const config = join(directory, 'clamd.conf')
  const lines = {
    Foreground: 'yes',
    LocalSocket: socket,
    DatabaseDirectory: database,
    StreamMaxLength: MAX_STREAM_BYTES,
    MaxThreads: 4,
  }
  const text = Object.entries(lines).map(([name, value]) => `${name} ${value}\n`)
  writeFileSync(config, text.join(''))
  let running: ChildProcess | null = null

  const end = async (): Promise<void> => {
    const ending = running
    if (ending === null) return
    running = null
    const { promise, resolve } = Promise.withResolvers<void>()
    ending.once('exit', () => resolve())
    ending.kill('SIGKILL')
    await promise
    rmSync(socket, { force: true })
  }
  t.after(async () => {
    await end()
    rmSync(directory, { recursive: true, force: true })
  })
  return {
    address: `unix:${socket}`,
    async start() {
      running = spawn(PROGRAM ?? '', ['-c', config], { stdio: 'ignore' })
      await waitUntil(() => isListening(socket), 'clamd listens')
    },
    standStill: () => signal(running, 'SIGSTOP'),
    goOn: () => signal(running, 'SIGCONT'),
    end,
  }
}

function signal(running: ChildProcess | null, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (running?.pid !== undefined) process.kill(running.pid, name)
}

function isListening(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const probe = connect({ path })
  probe.once('connect', () => resolve(true))
  probe.once('error', () => resolve(false))
  return promise.finally(() => probe.destroy())
}
