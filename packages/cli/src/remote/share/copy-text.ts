/**
 * Puts a text on the clipboard: by the program that the system has for it, else by the terminal itself (OSC 52), which works over SSH too.
 * The text goes through a pipe, where no list of processes shows it.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import process from 'node:process'
import type { CliIo } from '../../io.ts'

type Program = readonly [name: string, ...words: string[]]

/** Resolves to what did it; `null` if there is nothing here that can. */
export async function copyText(io: CliIo, text: string): Promise<string | null> {
  for (const program of programsFor(io)) {
    if (await pipeTo(io, program, text)) return program[0]
  }
  if (!('isTTY' in io.stderr) || io.stderr.isTTY !== true || io.env['TERM'] === 'dumb') return null
  io.stderr.write(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`)
  return 'the terminal'
}

/** Over SSH the clipboard of the machine at the other end is nobody's. */
function programsFor({ env }: CliIo): Program[] {
  if (env['SSH_TTY'] !== undefined) return []
  if (process.platform === 'darwin') return [['pbcopy']]
  if (process.platform === 'win32') return [['clip.exe']]
  const programs: Program[] = []
  if (env['WAYLAND_DISPLAY'] !== undefined) programs.push(['wl-copy'])
  if (env['DISPLAY'] !== undefined) {
    programs.push(['xclip', '-selection', 'clipboard'], ['xsel', '--clipboard', '--input'])
  }
  if (env['WSL_DISTRO_NAME'] !== undefined) programs.push(['clip.exe'])
  return programs
}

const PATIENCE_MS = 2000

function pipeTo({ env }: CliIo, [name, ...words]: Program, text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(name, words, {
      env: { ...env },
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: PATIENCE_MS,
    })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
    child.stdin.on('error', () => undefined)
    child.stdin.end(text)
  })
}
