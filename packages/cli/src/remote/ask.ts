/**
 * Asks the person at the terminal.
 *
 * @module
 */
import { createInterface } from 'node:readline'
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
