/**
 * Reads every line that a git repository ever added, oldest commit first.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { CliError, EXIT } from './io.ts'

/** Lines one commit added to one file, in a row. */
export interface AddedLines {
  readonly commit: string
  readonly path: string
  /** Line of the first one in the file as the commit left it. */
  readonly firstLine: number
  readonly text: string
}

const MAX_PIECE = 1024 * 1024
const MARK = 'hallpass-commit '
// Nothing the repository configures may run a program.
const GIT_SETTINGS = 'core.quotePath=false core.fsmonitor=false diff.external='
  .split(' ')
  .flatMap((setting) => ['-c', setting])
const LOG_OPTIONS =
  '--all --reverse --patch --unified=0 --no-color --no-ext-diff --no-textconv --no-renames --diff-merges=first-parent'
const GIT_ARGUMENTS = [...GIT_SETTINGS, 'log', ...LOG_OPTIONS.split(' '), `--format=${MARK}%H`]

/** What the repository at `folder` added, in all its branches. */
export async function* readHistory(folder: string): AsyncGenerator<AddedLines> {
  const found = await stat(folder).catch(() => null)
  if (found?.isDirectory() !== true) {
    throw new CliError(`--history reads the repository of a folder, and ${folder} is none.`)
  }
  const git = spawn('git', GIT_ARGUMENTS, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let problem = ''
  git.stderr.setEncoding('utf8').on('data', (text: string) => {
    problem = (problem + text).slice(0, 500)
  })
  const ended = new Promise<number>((resolve, reject) => {
    git.once('error', reject)
    git.once('close', (code) => {
      resolve(code ?? 1)
    })
  })
  // Awaited below; a missing git must not be an unhandled rejection before that.
  ended.catch(() => undefined)
  const reader = createPatchReader()
  try {
    for await (const line of createInterface({ input: git.stdout, crlfDelay: Infinity })) {
      const piece = reader.push(line)
      if (piece !== null) yield piece
    }
    const last = reader.flush()
    if (last !== null) yield last
  } finally {
    git.kill()
  }
  const code = await ended.catch(() => -1)
  if (code === -1) throw new CliError('--history needs git, and it cannot be run.', EXIT.failure)
  if (code !== 0) {
    throw new CliError(
      `git cannot read the history of ${folder}: ${problem.trim().split('\n')[0] ?? ''}`,
      EXIT.failure,
    )
  }
}

interface PatchReader {
  push(line: string): AddedLines | null
  flush(): AddedLines | null
}

function createPatchReader(): PatchReader {
  let commit = ''
  let path = ''
  let nextLine = 0
  let firstLine = 0
  let remaining = 0
  let lines: string[] = []
  let size = 0

  function flush(): AddedLines | null {
    if (lines.length === 0) return null
    const piece = { commit, path, firstLine, text: lines.join('\n') }
    lines = []
    size = 0
    return piece
  }

  function add(line: string): AddedLines | null {
    const full = size + line.length > MAX_PIECE ? flush() : null
    if (lines.length === 0) firstLine = nextLine
    lines.push(line)
    size += line.length + 1
    nextLine += 1
    remaining -= 1
    return full
  }

  return {
    flush,
    push(line) {
      // Inside a hunk a line's own text could look like anything, so the hunk's count decides.
      if (remaining > 0 && line.startsWith('+')) return add(line.slice(1))
      if (remaining > 0 || line.startsWith('-')) return null
      const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line)
      if (hunk !== null) {
        const piece = flush()
        nextLine = Number(hunk[1])
        remaining = hunk[2] === undefined ? 1 : Number(hunk[2])
        return piece
      }
      const piece = flush()
      if (line.startsWith(MARK)) commit = line.slice(MARK.length)
      if (line.startsWith('+++ b/')) path = line.slice(6).replace(/\t$/, '')
      return piece
    },
  }
}
