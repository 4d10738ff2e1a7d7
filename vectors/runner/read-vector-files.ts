/** Finds the vectors of a folder, whoever made it. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { VectorFile } from './family.ts'
import { readKeyFolder, readVectorKeys } from './read-vector-keys.ts'
import type { VectorKeyData } from './vector-keys.ts'
import { createVectorKeys } from './vector-keys.ts'

// Keys are what vectors are made with, not vectors.
const NOT_VECTORS =
  /(?:^|\/)(?:keys|node_modules)\/|(?:^|\/)package(?:-lock)?\.json$|\.not-a-test\.json$/

/** A file of vectors with its keys, as data: what goes into a runtime without files. */
export interface VectorFileData extends Omit<VectorFile, 'keys'> {
  readonly keys: VectorKeyData
}

/** Every JSON file under the folder, with the keys of that folder. */
export function readVectorData(folder: string): VectorFileData[] {
  const pairs = readKeyFolder(folder)
  return globSync('**/*.json', { cwd: folder, exclude: ['**/node_modules/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !NOT_VECTORS.test(path))
    .toSorted()
    .map((path) => ({
      path,
      content: JSON.parse(readFileSync(join(folder, path), 'utf8')),
      keys: readVectorKeys(pairs, join(folder, path)),
    }))
}

/** The same, ready to be run. */
export function readVectorFiles(folder: string): VectorFile[] {
  return readVectorData(folder).map((file) => ({ ...file, keys: createVectorKeys(file.keys) }))
}
