/**
 * The servers that `hallpass login` remembers, each with its key: a file in the folder of the person's configuration that nobody else
 * can read. One that others could read is refused rather than mended, because somebody may have read it.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import process from 'node:process'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { unreadable } from '../read-input.ts'
import { memberOf, UnexpectedShape, textOf } from './read-shape.ts'

export interface Profile {
  /** Where the server is reached, without a slash at its end. */
  readonly url: string
  readonly apiKey: string
}

export type Profiles = ReadonlyMap<string, Profile>

/** The one that is used where none is named. */
export const DEFAULT_PROFILE = 'default'

/** `$XDG_CONFIG_HOME/hallpass/profiles.json`, or the same below `~/.config`. A relative folder there means nothing. */
export function profilesPath({ env, home }: CliIo): string {
  const configured = env['XDG_CONFIG_HOME'] ?? ''
  const folder = isAbsolute(configured) ? configured : join(home, '.config')
  return join(folder, 'hallpass', 'profiles.json')
}

/** None if there is no file yet. Throws if others can read it, or if it is not one that was written here. */
export async function readProfiles(io: CliIo): Promise<Profiles> {
  const path = profilesPath(io)
  try {
    await requirePrivate(path)
    return parseProfiles(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if (isMissing(error)) return new Map()
    if (error instanceof SyntaxError || error instanceof UnexpectedShape) {
      throw new CliError(
        `${path} is not a file of profiles. Remove it, and log in again with 'hallpass login'.`,
      )
    }
    throw error instanceof CliError ? error : unreadable(path, error)
  }
}

/** Replaces the file as a whole: whoever reads meanwhile sees the old one or the new one. */
export async function writeProfiles(io: CliIo, profiles: Profiles): Promise<void> {
  const path = profilesPath(io)
  const draft = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(Object.fromEntries(profiles), null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    // The mode of a new file is cut by the umask, and could be less than its owner needs.
    await chmod(draft, 0o600)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new CliError(`cannot write ${path}: ${code}.`, EXIT.failure, error)
  }
}

function parseProfiles(document: unknown): Profiles {
  if (typeof document !== 'object' || document === null) throw new UnexpectedShape('profiles')
  return new Map(
    Object.keys(document).map((name) => {
      const profile = memberOf(document, name)
      return [name, { url: textOf(profile, 'url'), apiKey: textOf(profile, 'apiKey') }]
    }),
  )
}

async function requirePrivate(path: string): Promise<void> {
  // Windows has no such modes; the folder of a person is private there.
  if (process.platform === 'win32') return
  const { mode } = await stat(path)
  if ((mode & 0o077) === 0) return
  throw new CliError(
    `${path} holds keys, and others than you can use it. Run 'chmod 600' on it, and make new keys if somebody may have read it.`,
  )
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
