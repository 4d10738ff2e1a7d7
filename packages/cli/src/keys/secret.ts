/**
 * Reads a single secret or key in PEM. Never from the command line, where every user of the machine can see it.
 *
 * @module
 */
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { readDocument } from '../read-input.ts'

/** The file's text without the line break at its end, else `HALLPASS_SECRET`; `null` if neither is there. */
export async function findSecret(io: CliIo, path: string | undefined): Promise<string | null> {
  if (path !== undefined) {
    const text = (await readDocument(io, path)).replace(/\r?\n$/, '')
    if (text === '') throw new CliError(`${path} is empty; a key is needed.`)
    return text
  }
  const secret = io.env['HALLPASS_SECRET']
  return secret === undefined || secret === '' ? null : secret
}

export async function requireSecret(io: CliIo, path: string | undefined): Promise<string> {
  const found = await findSecret(io, path)
  if (found !== null) return found
  throw new CliError('no key. Name a file with --key-file, or set HALLPASS_SECRET.')
}
