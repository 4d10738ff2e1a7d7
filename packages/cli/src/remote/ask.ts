/**
 * Asks the person at the terminal.
 *
 * @module
 */
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { CliIo } from '../io.ts'
import { openInput } from '../read-input.ts'

/** Whether a question would be seen, and could be answered. */
export function canAsk({ stdin, stderr }: CliIo): boolean {
  return isTerminal(stdin) && isTerminal(stderr)
}

function isTerminal(stream: object): boolean {
  return 'isTTY' in stream && stream.isTTY === true
}

/** The line that is typed, without blanks around it and in lower case; `''` if the input ends. */
export async function ask(io: CliIo, question: string): Promise<string> {
  const input = await openInput(io, '-')
  io.stderr.write(question)
  const lines = createInterface({ input, terminal: false })
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', (line) => resolve(line.trim().toLowerCase()))
      lines.once('close', () => resolve(''))
    })
  } finally {
    lines.close()
  }
}

/** The same for what nobody may read over a shoulder: nothing that is typed is shown, and it is left as it was typed. */
export async function askSecret(io: CliIo, question: string): Promise<string> {
  const input = await openInput(io, '-')
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input, output: nowhere, terminal: true })
  // Only now does the terminal itself show nothing any more.
  io.stderr.write(question)
  try {
    return await new Promise<string>((resolve) => {
      lines.once('line', resolve)
      lines.once('close', () => resolve(''))
    })
  } finally {
    lines.close()
    io.stderr.write('\n')
  }
}
