/**
 * Which upload of parts a file of this machine is on, so that a later call goes on with it: one small file each, in the folder for the
 * state of programs.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { CliIo } from '../../io.ts'

export interface KeptUpload {
  /** `null` if none is known. */
  readonly find: () => Promise<string | null>
  /** What cannot be kept is sent from the start another time. */
  readonly keep: (id: string) => Promise<void>
  readonly forget: () => Promise<void>
}

/** For one file on its way to one place. Below `$XDG_STATE_HOME`, or `~/.local/state`. */
export function keptUpload(
  { env, home }: Pick<CliIo, 'env' | 'home'>,
  way: { readonly origin: string; readonly target: string; readonly sha256: string },
): KeptUpload {
  const configured = env['XDG_STATE_HOME'] ?? ''
  const folder = isAbsolute(configured) ? configured : join(home, '.local', 'state')
  const name = createHash('sha256').update(JSON.stringify([way.origin, way.target, way.sha256]))
  const path = join(folder, 'hallpass', 'uploads', name.digest('hex'))
  return {
    find: async () => {
      const id = await readFile(path, 'utf8').catch(() => '')
      return /^[A-Za-z0-9._-]{1,128}$/.test(id) ? id : null
    },
    keep: async (id) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(() => undefined)
      await writeFile(path, id, { mode: 0o600 }).catch(() => undefined)
    },
    forget: () => rm(path, { force: true }).catch(() => undefined),
  }
}
