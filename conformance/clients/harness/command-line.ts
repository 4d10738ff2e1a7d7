/** A command line tool under test: a server, folders with the files to send, and a way to run the tool. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeBucket } from '../../lib/put-files.ts'
import { startServer } from '../../lib/start-server.ts'
import type { RunningServer, StartOptions } from '../../lib/start-server.ts'
import { ASKED_TITLE, assertAsked } from './coverage-tables.ts'
import { sortDigests } from './digests.ts'
import type { Digests } from './digests.ts'
import { forClient } from './find-client.ts'
import { nastyFileNames, writeNamedFiles, writeSizedFiles } from './payloads.ts'
import type { CanSend } from './payloads.ts'
import { mustRun, runProgram } from './run-program.ts'
import type { RunResult } from './run-program.ts'

export interface CommandLine {
  readonly server: RunningServer
  /** Holds everything else; the home of the tool. */
  readonly home: string
  /** One file of each size. */
  readonly sizes: string
  readonly sizeDigests: Digests
  /** Sixty files with nasty names. */
  readonly nasty: string
  readonly nastyDigests: Digests
  /** A path in `home` that nothing is at. */
  readonly fresh: (name: string) => string
  /** Fails unless it ends with 0; resolves to its output. */
  readonly run: (...command: readonly [string, ...string[]]) => Promise<string>
  readonly tryRun: (...command: readonly [string, ...string[]]) => Promise<RunResult>
}

export interface CommandLineClient {
  readonly name: string
  readonly needed: readonly string[]
  /** Environment and files, by their path in the home, that the documentation of the tool asks for. */
  readonly settings: (server: RunningServer) => ToolSettings
  /** Names of files that the tool itself breaks are false; others take their place. */
  readonly canSend?: CanSend
  /** Buckets that are there from the start. */
  readonly buckets?: readonly string[]
  readonly server?: StartOptions
  /** Before the server goes and the folder with it. */
  readonly leave?: (line: CommandLine) => Promise<unknown>
  /** By title, in this order. */
  readonly checks: Readonly<Record<string, (line: CommandLine) => Promise<void>>>
}

export interface ToolSettings {
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
}

export function testCommandLine(client: CommandLineClient): void {
  forClient(client.name, client.needed, () => {
    let line: CommandLine

    before(async () => {
      const server = await startServer(client.server)
      for (const bucket of client.buckets ?? ['files']) await makeBucket(server, bucket)
      line = prepare(server, client)
    })

    after(async () => {
      await client.leave?.(line)
      rmSync(line.home, { recursive: true, force: true })
      await line.server.stop()
    })

    for (const [title, check] of Object.entries(client.checks)) {
      test(`${client.name} ${title}`, () => check(line))
    }

    test(`${client.name} ${ASKED_TITLE}`, () =>
      assertAsked(client.name, () => line.server.logText()))
  })
}

function prepare(server: RunningServer, client: CommandLineClient): CommandLine {
  const home = mkdtempSync(join(tmpdir(), 'hallpass-client-'))
  const settings = client.settings(server)
  for (const [path, content] of Object.entries(settings.files ?? {})) {
    mkdirSync(join(home, path, '..'), { recursive: true })
    writeFileSync(join(home, path), content, { mode: 0o600 })
  }
  const sizes = join(home, 'sizes')
  const nasty = join(home, 'nasty')
  const sized = writeSizedFiles(sizes)
  const named = writeNamedFiles(nasty, nastyFileNames(client.canSend))
  const options = { cwd: home, env: settings.env ?? {} }
  return {
    server,
    home,
    sizes,
    sizeDigests: sortDigests(sized.map(({ name, sha256 }) => [name, sha256])),
    nasty,
    nastyDigests: sortDigests(named),
    fresh: (name) => join(home, name),
    run: (...command) => mustRun(command, options),
    tryRun: (...command) => runProgram(command, options),
  }
}
