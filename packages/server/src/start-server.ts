/** The public way to start a server in a program of one's own: settings as values, a running server out. */
import process from 'node:process'
import { compose } from './compose.ts'
import { readConfig } from './config.ts'
import type { SettingName, SettingValues } from './config/settings.ts'
import type { UserRule } from './core/users/user-rules.ts'
import type { GroupRule } from './core/sessions/group-rules.ts'
import type { FirstStart } from './core/keys/first-start.ts'
import { prepareFirstStart } from './first-start.ts'
import { requireFreePort } from './http/free-port.ts'
import { createLog } from './platform/log.ts'
import type { Secret } from './platform/secret.ts'
import { warnOfProxies } from './warn-of-proxies.ts'

/** A setting as a program writes it: secrets as text, lists as arrays or with commas between, rules as they stand in JSON. */
type Plain<Value> = Value extends Secret
  ? string
  : Value extends readonly (UserRule | GroupRule)[]
    ? string | readonly object[]
    : Value extends readonly string[]
      ? string | readonly string[]
      : Value

/**
 * Every setting of docs/configuration.md by its name, but `workers`: the server runs in this process. The environment and config
 * files are not looked at.
 */
export type StartOptions = { readonly dataDir: string } & {
  readonly [Name in Exclude<SettingName, 'dataDir' | 'workers'>]?: Plain<
    NonNullable<SettingValues[Name]>
  >
}

/** A server in this process. */
export interface RunningServer {
  /** Where it is reached: the public URL of its settings, or the address it listens on. */
  readonly url: string
  readonly port: number
  /** Keys made at this start; `null` for those that were there or given. */
  readonly firstStart: FirstStart
  /** Finishes what is under way, at most ten seconds, and gives the data directory free. */
  close(): Promise<void>
}

/**
 * Resolves once requests are answered. Throws `ConfigError` or `StoreError`, or what listening throws.
 *
 * ```ts
 * const server = await startServer({ dataDir: './data', port: 0 })
 * await fetch(`${server.url}/-/healthz`)
 * await server.close()
 * ```
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const config = readConfig({
    env: {},
    flags: toFlags(options),
    configFile: null,
    cwd: process.cwd(),
    readFile: refuseFile,
  })
  const log = createLog(config.logLevel)
  const server = await compose(config, { log, role: 'server' })
  try {
    await requireFreePort(config.host, config.port)
    await server.startJobs()
    const firstStart = await server.alone(() => prepareFirstStart(server.core, config))
    const port = await server.listen()
    warnOfProxies(config, log)
    let closing: Promise<void> | null = null
    const close = (): Promise<void> => (closing ??= server.close())
    // What it would answer from then on may not be the newest.
    void server.moved.then(close)
    return { url: server.core.publicUrl, port, firstStart, close }
  } catch (error) {
    await server.close()
    throw error
  }
}

/** Through the same words as everybody's settings, so that the same rules hold and the same sentences refuse. */
function toFlags(options: StartOptions): Record<string, string | undefined> {
  const flags = Object.entries(options).map(([name, value]) => [
    name,
    value === undefined || typeof value === 'string' ? value : toText(value),
  ])
  return Object.fromEntries(flags) as Record<string, string | undefined>
}

function toText(value: unknown): string {
  const isOfObjects = Array.isArray(value) && value.some((item) => typeof item === 'object')
  return isOfObjects ? JSON.stringify(value) : String(value)
}

function refuseFile(path: string): string {
  throw new Error(`Settings of a program name no files; ${path} was named.`)
}
