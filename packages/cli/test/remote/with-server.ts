/** A server for the commands that call one, a home for what they keep, and a folder to work in. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before } from 'node:test'
import { startServer } from '@hallpass/server'
import type { RunningServer, StartOptions } from '@hallpass/server'
import { run } from '../run-cli.ts'
import type { CliResult, CliSetup } from '../run-cli.ts'

export interface CliWorld {
  readonly url: () => string
  readonly adminKey: () => string
  /** Where the commands run. */
  readonly cwd: string
  readonly home: string
  /** With the address and the administrator's key in variables, unless `env` says otherwise. */
  readonly hallpass: (argv: readonly string[], setup?: CliSetup) => Promise<CliResult>
  readonly call: (method: string, path: string, json?: unknown) => Promise<Response>
}

/** Starts before the tests of the suite it is called in, and is gone after them. */
export function withServer(options: Partial<StartOptions> = {}): CliWorld {
  const root = mkdtempSync(join(tmpdir(), 'hallpass-remote-'))
  const cwd = mkdtempSync(join(root, 'work-'))
  const home = mkdtempSync(join(root, 'home-'))
  let server: RunningServer
  before(async () => {
    server = await startServer({
      dataDir: join(root, 'data'),
      port: 0,
      logLevel: 'silent',
      ...options,
    })
  })
  after(async () => {
    await server.close()
    rmSync(root, { recursive: true })
  })
  const adminKey = (): string => server.firstStart.adminKey ?? ''
  const url = (): string => server.url
  return {
    url,
    adminKey,
    cwd,
    home,
    hallpass: (argv, setup = {}) =>
      run(argv, {
        cwd,
        home,
        env: { HALLPASS_URL: url(), HALLPASS_API_KEY: adminKey() },
        now: new Date(),
        ...setup,
      }),
    call: (method, path, json) =>
      fetch(`${url()}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${adminKey()}`,
          ...(json !== undefined && { 'content-type': 'application/json' }),
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
  }
}
