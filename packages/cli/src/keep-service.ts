/**
 * What the commands have in common that keep or move a whole service: they say how far they are, and where backups lie is said one way.
 *
 * @module
 */
import { resolve } from 'node:path'
import type { OnProgress } from '@hallpass/server'
import { createCountProgress } from './count-progress.ts'
import type { CliIo } from './io.ts'
import { withService } from './service-options.ts'

export interface KeepingWish {
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
}

/** `clear` takes the line away that says how far it is: call it before anything else is written. What cannot be is told as a sentence. */
export function keepService<Result>(
  io: CliIo,
  work: (wish: KeepingWish, clear: () => void) => Promise<Result>,
): Promise<Result> {
  const progress = createCountProgress(io)
  const wish = { onProgress: progress.show, signal: new AbortController().signal }
  return withService(() => work(wish, progress.end)).finally(progress.end)
}

export const BACKUP_PLACES = 'a folder, or the address of an object store as HALLPASS_BLOBS has it'

const STORE_URL = /^[a-z][a-z0-9+.-]*:\/\//i

/** A folder from here, or an address, which the server knows or refuses by name. */
export function backupPlace(io: CliIo, text: string): string {
  return STORE_URL.test(text) ? text : resolve(io.cwd, text)
}
