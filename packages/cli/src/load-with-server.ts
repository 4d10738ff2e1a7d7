/**
 * Loads what stands on `@hallpass/server`, an optional peer: whoever only signs, redacts or explains installs a tenth without it.
 *
 * @module
 */
import process from 'node:process'
import { CliError } from './io.ts'
import { readVersion } from './version.ts'

const SERVER = '@hallpass/server'
/** What `engines` of the server says. */
const MIN_NODE = 24

/**
 * What `load` gives.
 *
 * @throws {CliError} with what to run, if the server is not installed, or this Node is older than the server takes
 */
export async function loadWithServer<Module>(
  command: string,
  load: () => Promise<Module>,
): Promise<Module> {
  const { node } = process.versions
  if (Number.parseInt(node, 10) < MIN_NODE) {
    throw new CliError(`hallpass ${command} needs Node ${MIN_NODE} or later; this is Node ${node}.`)
  }
  try {
    return await load()
  } catch (error) {
    if (!isServerMissing(error)) throw error
    throw new CliError(adviceFor(command, readVersion()), undefined, error)
  }
}

function isServerMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ERR_MODULE_NOT_FOUND' &&
    error.message.includes(`'${SERVER}'`)
  )
}

function adviceFor(command: string, version: string): string {
  const packages = [`hallpass@${version}`, `${SERVER}@${version}`]
  return [
    `${command} needs the package ${SERVER}, which is not installed beside hallpass.`,
    `  To install it:       npm install ${packages.join(' ')}`,
    `  Without installing:  npx ${packages.map((name) => `--package ${name}`).join(' ')} hallpass ${command}`,
  ].join('\n')
}
