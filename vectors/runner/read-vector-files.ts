/** Finds the vectors of a folder, whoever made it. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { VectorFile } from './family.ts'
import { createVectorKeys, readKeyFolder } from './vector-keys.ts'

// Keys are what vectors are made with, not vectors.
const NOT_VECTORS =
  /(?:^|\/)(?:keys|node_modules)\/|(?:^|\/)package(?:-lock)?\.json$|\.not-a-test\.json$/

/** Every JSON file under the folder, with the keys of that folder. */
export function readVectorFiles(folder: string): VectorFile[] {
  const pairs = readKeyFolder(folder)
  return globSync('**/*.json', { cwd: folder, exclude: ['**/node_modules/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !NOT_VECTORS.test(path))
    .toSorted()
    .map((path) => ({
      path,
      content: JSON.parse(readFileSync(join(folder, path), 'utf8')),
      keys: createVectorKeys(pairs, join(folder, path)),
    }))
}
