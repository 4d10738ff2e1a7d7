/** A server that takes part. */
import type { Operation } from './operations.ts'
import type { S3Store } from './s3-store.ts'

export interface Target {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  /** Ready to be sent: signed where the contestant signs. They take turns. */
  readonly paths: readonly string[]
}

export interface Contestant {
  readonly name: string
  /** `null`: takes no part in this operation. */
  readonly targetOf: (operation: Operation) => Target | null
  /** For uploads in parts, copies, lists and bulk deletions; `null` for one that has not got them. */
  readonly s3: S3Store | null
  /** Brings the files that these will read to where the contestant keeps its own. */
  readonly fill: (downloads: readonly Operation[]) => Promise<void>
  /** Called before each of its turns. */
  readonly begin?: () => Promise<void>
  /** What its process has had of the processor so far; left out where that is not asked. */
  readonly processorSeconds?: () => number | null
  readonly stop: () => Promise<void>
}

export interface ContestantOptions {
  /** A folder of its own, on the file system all contestants share. */
  readonly folder: string
  /** The files to be served, `objectName` by `objectName`. */
  readonly files: string
}

/** Why something is left out, for the reader of the results. */
export class Skipped extends Error {}
