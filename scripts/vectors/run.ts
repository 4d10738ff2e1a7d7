/** Runs a folder of vectors through the library, whichever way it is loaded. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FAMILIES } from './families.ts'
import type { LoadEntry, VectorFile } from './family.ts'

export interface VectorResults {
  passed: number
  readonly failures: { readonly file: string; readonly name: string; readonly error: unknown }[]
  /** Files no family accepts. */
  readonly unknown: string[]
}

// Test keys are what vectors are made with, not vectors.
const NOT_VECTORS = /(?:^|\/)(?:package(?:-lock)?\.json|test-keys\.json|.*\.not-a-test\.json)$/

/** Every JSON file under the folder. */
export function readVectorFiles(folder: string): VectorFile[] {
  return globSync('**/*.json', { cwd: folder })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !NOT_VECTORS.test(path) && !path.includes('node_modules/'))
    .toSorted()
    .map((path) => ({ path, content: JSON.parse(readFileSync(join(folder, path), 'utf8')) }))
}

export async function runVectors(
  files: readonly VectorFile[],
  loadEntry: LoadEntry,
): Promise<VectorResults> {
  const results: VectorResults = { passed: 0, failures: [], unknown: [] }
  for (const file of files) {
    const family = FAMILIES.find((candidate) => candidate.accepts(file))
    if (family === undefined) {
      results.unknown.push(file.path)
      continue
    }
    await family.run(file, loadEntry, async (name, action) => {
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
