/**
 * Brings files to a server, some at a time. What fails of one is kept for the end; what fails of the server ends it all, and another call
 * goes on.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError, EXIT } from '../../io.ts'
import type { CliIo } from '../../io.ts'
import { ServerRefusal } from '../call-server.ts'
import type { Connection } from '../connection.ts'
import { FileFault } from '../files/local-file.ts'
import type { RemoteFile } from '../files/remote-files.ts'
import { uploadFile } from '../files/upload-file.ts'
import type { ImportSource, SourceFile } from './import-source.ts'
import { matchFiles } from './match-files.ts'

export interface ImportWish {
  readonly source: ImportSource
  /** On the server, with a slash at its end. */
  readonly folder: string
  readonly overwrite: boolean
  /** Send nothing. */
  readonly isDryRun: boolean
  readonly parallel: number
}

export const OUTCOMES = ['sent', 'same', 'kept', 'left-out', 'failed'] as const

/** `same`: it was there already; `kept`: another one is there, and nothing is replaced. */
export type Outcome = (typeof OUTCOMES)[number]

export interface Imported {
  readonly below: string
  /** On the server; `null` of what is no file. */
  readonly path: string | null
  /** Bytes. */
  readonly size: number
  readonly outcome: Outcome
  /** Why it was left out, or failed. */
  readonly reason: string | null
  /** It waits in quarantine under this id. */
  readonly heldId: string | null
}

export interface ImportWatch {
  readonly onDone: (imported: Imported) => Promise<void>
  /** Bytes that are there now, or, below zero, have to come again. */
  readonly onBytes: (bytes: number) => void
}

/** @throws {CliError} what is wrong with the server or the key, or with all of the source */
export async function runImport(
  io: Pick<CliIo, 'env' | 'home'>,
  connection: Connection,
  { wish, watch }: { readonly wish: ImportWish; readonly watch: ImportWatch },
): Promise<void> {
  const matched = matchFiles(connection, wish.folder, wish.source.entries())
  let isStopped = false
  async function work(): Promise<void> {
    for (;;) {
      const next = await matched.next()
      if (next.done === true || isStopped) return
      const entry = next.value
      if (entry.kind === 'left-out') {
        const { below, reason, isFault } = entry.leftOut
        const outcome = isFault ? 'failed' : 'left-out'
        await watch.onDone({ below, path: null, size: 0, outcome, reason, heldId: null })
      } else {
        const import_ = { io, connection, wish, onBytes: watch.onBytes }
        await watch.onDone(await importOne(import_, entry.file, entry.known))
      }
    }
  }
  const workers = Array.from({ length: wish.parallel }, () =>
    work().catch((error: unknown) => {
      isStopped = true
      throw error
    }),
  )
  const results = await Promise.allSettled(workers)
  await matched.return(undefined)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

interface Import {
  readonly io: Pick<CliIo, 'env' | 'home'>
  readonly connection: Connection
  readonly wish: ImportWish
  readonly onBytes: (bytes: number) => void
}

async function importOne(
  { io, connection, wish, onBytes }: Import,
  source: SourceFile,
  known: RemoteFile | null,
): Promise<Imported> {
  const { below, size } = source
  const target = wish.folder + below
  const base = { below, path: target, size, reason: null, heldId: null }
  let arrived = 0
  const count = (bytes: number): void => {
    arrived += bytes
    onBytes(bytes)
  }
  try {
    const outcome = await decide(source, known, wish)
    if (outcome !== 'sent' || wish.isDryRun) {
      count(size)
      return { ...base, outcome }
    }
    const { overwrite } = wish
    const { heldId } = await source.withFile(({ file, ...has }) =>
      patiently(() =>
        uploadFile(io, connection, { file, target, overwrite, onBytes: count, ...has }),
      ),
    )
    return { ...base, outcome, heldId }
  } catch (error) {
    if (!(error instanceof CliError) || isOfServer(error)) throw error
    count(size - arrived)
    return { ...base, outcome: 'failed', reason: error.message }
  }
}

const ATTEMPTS = 5
const FIRST_PAUSE_MS = 1000

/** A server that has too much to do, or a key that asks too fast, is asked again. */
async function patiently<T>(send: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send()
    } catch (error) {
      const mayPass = error instanceof ServerRefusal && error.exitCode === EXIT.failure
      if (!mayPass || attempt === ATTEMPTS) throw error
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1))
    }
  }
}

async function decide(
  source: SourceFile,
  known: RemoteFile | null,
  { overwrite }: ImportWish,
): Promise<'sent' | 'same' | 'kept'> {
  if (known === null) return 'sent'
  if (known.size === source.size && (await source.isSame(known))) return 'same'
  return overwrite ? 'sent' : 'kept'
}

/** Of these every other file would fail as well. */
const OF_ALL =
  /^(?:unauthenticated|api-key-invalid|user-token-invalid|token-expired|bucket-name-invalid|bucket-read-only)$/

function isOfServer(error: CliError): boolean {
  if (error instanceof FileFault) return false
  if (!(error instanceof ServerRefusal)) return error.exitCode === EXIT.failure
  return error.exitCode === EXIT.failure || OF_ALL.test(error.code)
}
