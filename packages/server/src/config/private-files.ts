/** What the files of the data directory have in common: they are their owner's alone, and their names survive a power cut. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import type { Stats } from 'node:fs'
import process from 'node:process'

const OTHERS = 0o077

/** True if the mode gives anybody but the owner anything. Windows has no such mode. */
export function isReadableByOthers({ mode }: Stats): boolean {
  return process.platform !== 'win32' && (mode & OTHERS) !== 0
}

/** Makes the names in a directory durable. */
export function syncDirectory(path: string): void {
  // Windows cannot open a directory for this; its file system journals names by itself.
  if (process.platform === 'win32') return
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : 'unknown error'
}
