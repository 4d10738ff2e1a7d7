/**
 * What a family of vectors is: a file of this folder for each dialect, which knows the files of vectors it can run
 * and holds the library to them. The same code runs against the built package (`npm run vectors`) and,
 * as a unit test, against the source.
 */

/** One JSON file of vectors. */
export interface VectorFile {
  /** Relative to the folder of vectors, with slashes. */
  readonly path: string
  readonly content: unknown
}

/** Gives an entry of `@hallpass/signing` by its name, `s3`, from the build or from the source. */
export type LoadEntry = (name: string) => Promise<unknown>

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

/** One character of the text turned into another one of the same kind. */
export function tamper(text: string, index: number): string {
  const character = text[index] ?? ''
  const other = neighbour(character)
  return text.slice(0, index) + other + text.slice(index + 1)
}

/** Of the same kind, so that an escape stays one; of the same case, because the case of an escape says nothing. */
function neighbour(character: string): string {
  if (/[0-9]/.test(character)) return String((Number(character) + 1) % 10)
  if (/[A-Z]/.test(character)) return character === 'A' ? 'B' : 'A'
  return character === 'a' ? 'b' : 'a'
}
