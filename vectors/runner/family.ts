/**
 * What a family of vectors is: a file of this folder for each dialect, which knows the files of vectors it can run and holds
 * a library to them. Everything it needs stands in the vector or in the folder the vector comes from: keys, clock, bucket,
 * host. The same code runs against the built package (`npm run vectors`) and, as a unit test, against the source.
 */
import type { VectorKeys } from './vector-keys.ts'

/** One JSON file of vectors. */
export interface VectorFile {
  /** Relative to the folder of vectors, with slashes. */
  readonly path: string
  readonly content: unknown
  /** The keys that its vectors name. */
  readonly keys: VectorKeys
}

/** Gives an entry of `@hallpass/signing` by its name, `s3`, from the build or from the source. */
export type LoadEntry = (name: string) => Promise<unknown>

/** An entry whose calls may have to be waited for: see async-twins.ts. */
export type Waiting<Library> = {
  readonly [Name in keyof Library]: Library[Name] extends (
    ...parameters: infer Parameters
  ) => infer Result
    ? (...parameters: Parameters) => Result | Promise<Awaited<Result>>
    : Library[Name]
}

/** Runs one check of one vector. What it throws is the report of what is wrong. */
export type Check = (name: string, action: () => void | Promise<void>) => Promise<void>

export interface VectorFamily {
  readonly name: string
  /** True if this family runs the file; judged by its shape, so that vectors of other origin work too. */
  readonly accepts: (file: VectorFile) => boolean
  readonly run: (file: VectorFile, loadEntry: LoadEntry, check: Check) => Promise<void>
}

export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The list of that name in a file, `[]` if it has none. */
export function listOf(content: unknown, name: string): readonly JsonRecord[] {
  if (!isRecord(content)) return []
  const list = content[name]
  return Array.isArray(list) ? list.filter(isRecord) : []
}

const TAMPER = ' tamper'

/** The name of the check that changes a vector bit by bit. */
export function tamperCheck(id: string): string {
  return id + TAMPER
}

/** True for the checks that change a vector bit by bit: nearly all of the time goes into them. */
export function isTamperCheck(name: string): boolean {
  return name.endsWith(TAMPER)
}
