/** PgBouncer before a database: it gives every transaction whichever of its few connections is free. */
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { findPort } from './free-port.ts'
import { NOBODY, waitFor } from './postgres-server.ts'

export interface Pooler {
  /** The same database, through it. */
  readonly url: string
  stop(): Promise<void>
}

const PROGRAM = 'pgbouncer'
const PATH: string = `${process.env['PATH'] ?? ''}:/usr/sbin`
/** Fewer than what asks for them. */
const CONNECTIONS = 3

export function hasPgbouncer(): boolean {
  return spawnSync(PROGRAM, ['--version'], { env: { PATH } }).status === 0
}

/** Of a server that asks for no password. */
export async function startPgbouncer(databaseUrl: string): Promise<Pooler> {
  const { hostname, port, pathname, username } = new URL(databaseUrl)
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-pgbouncer-'))
  chmodSync(folder, 0o755)
  const name = pathname.slice(1)
  const ownPort = await findPort()
  const file = join(folder, 'pgbouncer.ini')
  const lines = [
    '[databases]',
    `${name} = host=${hostname} port=${port} dbname=${name} user=${username}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${ownPort}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    `default_pool_size = ${CONNECTIONS}`,
    'max_client_conn = 100',
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const isRoot = process.getuid?.() === 0
  const child = spawn(PROGRAM, ['-q', file], {
    env: { PATH },
    stdio: 'ignore',
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  })
  const ended = new Promise<void>((end) => child.once('exit', () => end()))
  const url = `postgres://${username}@127.0.0.1:${ownPort}/${name}`
  await waitFor(url)
  return {
    url,
    async stop() {
      child.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
