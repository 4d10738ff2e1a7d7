/**
 * What files are brought in from: a folder of this machine, or a bucket.
 *
 * @module
 */
import type { KeptHeaders, LocalFile } from '../files/local-file.ts'
import type { RemoteFile } from '../files/remote-files.ts'

/** One that can be brought in. */
export interface SourceFile {
  /** Below the source, with slashes. */
  readonly below: string
  /** Bytes. */
  readonly size: number
  /** Whether the server has it as it is here. Called for one of the same size. */
  readonly isSame: (known: RemoteFile) => Promise<boolean>
  /** Has it as a file of this machine for as long as `use` takes. */
  readonly withFile: <T>(use: (file: FileAtHand) => Promise<T>) => Promise<T>
}

export interface FileAtHand {
  readonly file: LocalFile
  readonly sha256: string
  /** `null`: the ending of the name says it. */
  readonly contentType: string | null
  readonly keeps: KeptHeaders
}

/** What lies there and is none: `reason` says what it is, or why it cannot be read. */
export interface LeftOut {
  readonly below: string
  readonly reason: string
  /** It should have been brought in, and could not be. */
  readonly isFault: boolean
}

export type SourceEntry =
  | { readonly kind: 'file'; readonly file: SourceFile }
  | { readonly kind: 'left-out'; readonly leftOut: LeftOut }

export interface ImportSource {
  /** For people. */
  readonly name: string
  /** In the order of the UTF-8 bytes of their names. Begins anew at each call. */
  readonly entries: () => AsyncIterable<SourceEntry>
  readonly close: () => Promise<void>
}
