/** Runs vectors through the library, whichever way it is loaded. */
import { FAMILIES } from './families.ts'
import type { LoadEntry, VectorFile } from './family.ts'

export interface VectorResults {
  passed: number
  readonly failures: { readonly file: string; readonly name: string; readonly error: unknown }[]
  /** Files no family accepts. */
  readonly unknown: string[]
}

/** `wants` picks checks by their name; all of them run unless it is given. */
export async function runVectors(
  files: readonly VectorFile[],
  loadEntry: LoadEntry,
  wants: (check: string) => boolean = () => true,
): Promise<VectorResults> {
  const results: VectorResults = { passed: 0, failures: [], unknown: [] }
  for (const file of files) {
    const family = FAMILIES.find((candidate) => candidate.accepts(file))
    if (family === undefined) {
      results.unknown.push(file.path)
      continue
    }
    await family.run(file, loadEntry, async (name, action) => {
      if (!wants(name)) return
      try {
        await action()
        results.passed += 1
      } catch (error) {
        results.failures.push({ file: file.path, name, error })
      }
    })
  }
  return results
}

/** A line for each failure. */
export function describeFailures({ failures }: VectorResults): string[] {
  return failures.map(
    ({ error, file, name }) =>
      `${file} ${name}: ${error instanceof Error ? error.message : String(error)}`,
  )
}
