/** What a file of this folder gives: the operations of one dialect. */
import type { Operation } from '../lib/rounds.ts'

export interface DialectBench {
  readonly operations: readonly Operation[]
  /** Packages that take part, for the list of versions. */
  readonly packages: readonly string[]
  readonly skipped: readonly string[]
}

/** The module, or `null` with a line in `skipped` if it is not installed. */
export async function loadOptional<Module>(
  load: () => Promise<Module>,
  name: string,
  skipped: string[],
): Promise<Module | null> {
  try {
    return await load()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    skipped.push(`${name} is not installed (${code})`)
    return null
  }
}
