/**
 * The URL of a command line.
 *
 * @module
 */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { CliError } from './io.ts'
import type { CliIo } from './io.ts'

/**
 * The URL that was typed; `undefined` for none and for `-`, which both stand for standard input.
 *
 * @throws {CliError} if it is a file of that name, with `how` a file is given: read as a URL, it would only lack a signature
 */
export function typedUrl(io: CliIo, typed: string | undefined, how: string): string | undefined {
  if (typed === undefined || typed === '-') return undefined
  if (isFile(resolve(io.cwd, typed))) throw new CliError(`${typed} is a file, not a URL: ${how}`)
  return typed
}

/** What is too long for a path, or holds what no path can, is none. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
