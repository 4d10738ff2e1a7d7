/** Where the console lies that was built for this server. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** In the package, and in a checkout, as seen from here. */
const PLACES = ['../../console', '../../../console/dist']

/** `null` where none was built. */
export function findConsoleFolder(): string | null {
  const folders = PLACES.map((place) => resolve(import.meta.dirname, place))
  return folders.find((folder) => existsSync(resolve(folder, 'index.html'))) ?? null
}
