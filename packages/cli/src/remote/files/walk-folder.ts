/**
 * The files below a folder of this machine.
 *
 * @module
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { unreadable } from '../../read-input.ts'

export interface FoundFile {
  /** Absolute. */
  readonly path: string
  /** Below the folder, with slashes on every system. */
  readonly below: string
  readonly size: number
}

export interface Walked {
  readonly files: readonly FoundFile[]
  /** What is neither file nor folder, links among it: followed, they could lead anywhere. */
  readonly skipped: readonly string[]
}

/** In the order of their names. */
export async function walkFolder(folder: string): Promise<Walked> {
  const files: FoundFile[] = []
  const skipped: string[] = []
  async function visit(path: string, below: string): Promise<void> {
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      throw unreadable(path, error)
    })
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name)
      const innerBelow = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory()) await visit(inner, innerBelow)
      else if (entry.isFile()) {
        files.push({ path: inner, below: innerBelow, size: (await stat(inner)).size })
      } else skipped.push(innerBelow)
    }
  }
  await visit(folder, '')
  return { files, skipped }
}
