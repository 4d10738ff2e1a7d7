/**
 * Runs one command line in this process, over strings.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { runCli } from '../src/program.ts'

export interface CliResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface CliSetup {
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly home?: string
  readonly now?: Date
}

export const NOW = new Date('2026-03-14T09:26:53Z')

function sink(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      chunks.push(chunk)
      callback()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') }
}

/** As a pipe would hand it over. */
function chunksOf(bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; at += 65_536) chunks.push(bytes.subarray(at, at + 65_536))
  return chunks
}

/** The clock stands at {@link NOW}; there is no home and no environment unless given. */
export async function run(argv: readonly string[], setup: CliSetup = {}): Promise<CliResult> {
  const stdout = sink()
  const stderr = sink()
  const exitCode = await runCli(argv, {
    stdin: Readable.from(chunksOf(Buffer.from(setup.stdin ?? ''))),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: setup.env ?? {},
    cwd: setup.cwd ?? '/nonexistent',
    home: setup.home ?? '/nonexistent',
    now: () => setup.now ?? NOW,
    exitCode: 0,
  })
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() }
}

/** A new folder with these files in it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-cli-'))
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  return folder
}

export const AWS_ENV: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'AKIAHALLPASSFAKE0001',
  AWS_SECRET_ACCESS_KEY: 'HallpassFakeSecretKeyForTestVectors00001',
  AWS_REGION: 'us-east-1',
}
