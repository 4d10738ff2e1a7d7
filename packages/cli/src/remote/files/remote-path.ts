/**
 * Paths on a server. Where a file of this machine could be meant as well, they begin with `hp:`.
 *
 * @module
 */
import { CliError } from '../../io.ts'

const MARK = 'hp:'

/** `null` of what does not begin with `hp:`. */
export function findRemotePath(text: string): string | null {
  return text.startsWith(MARK) ? text.slice(MARK.length) : null
}

/** For commands that know no other paths: the mark may be left out. */
export function readRemotePath(text: string): string {
  return findRemotePath(text) ?? text
}

/** A bucket, or what ends in a slash. */
export function isFolderPath(path: string): boolean {
  return path.endsWith('/') || !path.includes('/')
}

/** With a slash at its end. */
export function asFolder(path: string): string {
  return path.endsWith('/') ? path : `${path}/`
}

/** As people type it in the commands that need the mark. */
export function showRemote(path: string): string {
  return `${MARK}${path}`
}

/**
 * The names of folders and file that a path has below a folder, for use on this machine.
 *
 * @throws {CliError} for a name that would lead out of the folder that is written to, or to a device
 */
export function localNames(below: string): string[] {
  const names = below.split('/')
  for (const name of names) {
    if (name === '' || name === '.' || name === '..' || HOSTILE.test(name)) {
      throw new CliError(
        `${JSON.stringify(below)} cannot be a file here. Fetch it alone, under a name of your own.`,
      )
    }
  }
  return names
}

/** Separators and drive letters of other systems, what moves the cursor, and names of devices. */
const HOSTILE = /[\\:\p{Cc}]|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu
