/**
 * A file of this machine that is to be uploaded.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import { CliError } from '../../io.ts'
import { unreadable } from '../../read-input.ts'
import { hashFile } from './hash-file.ts'

export interface LocalFile {
  /** Absolute. */
  readonly path: string
  /** As it was typed, for people. */
  readonly shown: string
  readonly size: number
}

/** What is kept with a file beside its type. */
export interface KeptHeaders {
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
}

export const NOTHING_KEPT: KeptHeaders = { headers: {}, metadata: {} }

/** Something is wrong with one file, and with nothing else. */
export class FileFault extends CliError {
  override readonly name: string = 'FileFault'
}

export interface UploadOptions {
  readonly target: string
  /** `null`: the ending of the name says it. */
  readonly contentType: string | null
  readonly overwrite: boolean
  readonly sha256: string
  readonly keeps: KeptHeaders
  readonly onBytes: (bytes: number) => void
}

/** @throws {CliError} if it cannot be read, or is no file */
export async function lookAtFile(path: string, shown: string): Promise<LocalFile> {
  try {
    const found = await stat(path)
    if (found.isFile()) return { path, shown, size: found.size }
  } catch (error) {
    throw unreadable(shown, error)
  }
  throw new CliError(`${shown} is no file. 'hallpass cp -r' takes folders.`)
}

/** As {@link hashFile}, for a file that somebody named. */
export async function fingerprint({ path, shown }: LocalFile): Promise<string> {
  try {
    return await hashFile(path)
  } catch (error) {
    throw unreadable(shown, error)
  }
}
