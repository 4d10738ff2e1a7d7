/**
 * Where the clients are: programs on the path, and what `install.sh` put into its folder. A client that this machine
 * has not got is skipped with one line; under `HALLPASS_CI=1` nothing may be missing but devices, which no package brings.
 */
import assert from 'node:assert/strict'
import { accessSync, constants, existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, test } from 'node:test'

const INSTALLED = process.env['HALLPASS_CLIENTS'] ?? join(homedir(), '.cache/hallpass-clients')

/** A file of the folder that `install.sh` fills. */
export function installed(...path: readonly string[]): string {
  return join(INSTALLED, ...path)
}

/** The absolute path of an executable, or `null`. */
export function findProgram(name: string): string | null {
  if (name.startsWith('/')) return isExecutable(name) ? name : null
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (isExecutable(join(folder, name))) return join(folder, name)
  }
  return null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Runs `body`, which registers the tests of a client, if the client is there. Otherwise one test stands in its place:
 * skipped with a line that says why, or failed where nothing may be missing that can be installed.
 */
export function forClient(client: string, needed: readonly string[], body: () => void): void {
  const missing = needed.filter((name) => findProgram(name) === null && !isReadable(name))
  if (missing.length === 0) {
    // A suite, because the files of this folder share a process: its hooks run around its own tests alone.
    void describe(client, body)
    return
  }
  const installable = missing.filter((name) => !name.startsWith('/dev/'))
  const remedy =
    installable.length === 0
      ? 'this machine has no such device'
      : 'run conformance/clients/install.sh'
  const reason = `${missing.join(', ')} not found: ${remedy}`
  const mustBeHere = process.env['HALLPASS_CI'] === '1' && installable.length > 0
  if (mustBeHere) test(client, () => assert.fail(reason))
  else test(client, { skip: reason }, () => undefined)
}

function isReadable(path: string): boolean {
  return path.startsWith('/') && existsSync(path)
}
