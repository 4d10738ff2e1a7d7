/**
 * The SHA-256 of a file of this machine.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

const CHUNK_BYTES = 256 * 1024

/** In hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await feedFile(hash, path)
  return hash.digest('hex')
}

/** The same of one that was opened, which stays open. */
export async function hashOpened(file: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  const source = file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false })
  await pipeline(source, hash)
  return hash.digest('hex')
}

/** Takes in the whole of the file. */
export async function feedFile(hash: Hash, path: string): Promise<void> {
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  await pipeline(source, async (chunks) => {
    for await (const chunk of chunks) hash.update(chunk as Buffer)
  })
}
