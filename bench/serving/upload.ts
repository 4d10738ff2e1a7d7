/** Uploads large bodies by curl: it takes less of a processor than a client in JavaScript, which the server then has for itself. */
import { execFile, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { MIB } from './operations.ts'
import { findProgram } from './programs.ts'

const run = promisify(execFile)

/** Sends what `makeBody` made over a connection of its own. Resolves to the ETag; throws if the answer is not 2xx. */
export async function sendLarge(url: string, bodyPath: string): Promise<string> {
  const said = ['--silent', '--show-error', '--dump-header', '-', '--output', '/dev/null']
  const file = ['--header', 'Expect:', '--upload-file', bodyPath]
  const { stdout: head } = await run(findProgram('curl'), [...said, ...file, url])
  if (!/^HTTP\/\S+ 2/.test(head)) throw new Error(`A PUT was answered with ${head}`)
  return /^etag: *(.+)$/im.exec(head)?.[1]?.trim() ?? ''
}

/** What one contestant has left to be written to the disk is not the next one's to wait for. */
export function settleDisk(): void {
  spawnSync('sync')
}

const bodies = new Map<number, string>()
let folder: string | null = null

/** The path of a file of so many bytes, whole MiB: the same each time, so that the system has it in memory. To be called before the clock runs. */
export function makeBody(bytes: number): string {
  const known = bodies.get(bytes)
  if (known !== undefined) return known
  const path = join(makeFolder(), String(bytes))
  const piece = randomBytes(MIB)
  const file = openSync(path, 'wx')
  for (let written = 0; written < bytes; written += piece.length) writeSync(file, piece)
  closeSync(file)
  settleDisk()
  bodies.set(bytes, path)
  return path
}

function makeFolder(): string {
  if (folder !== null) return folder
  const made = mkdtempSync(
    join(process.env['HALLPASS_BENCH_FOLDER'] ?? tmpdir(), 'hallpass-bodies-'),
  )
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  folder = made
  return made
}

/** MiB a second of `work`, which moves so many bytes. */
export async function mibPerSecond(bytes: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return bytes / MIB / ((performance.now() - start) / 1000)
}
