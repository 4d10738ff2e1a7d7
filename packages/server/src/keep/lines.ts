/** Files of lines of JSON, packed with gzip, that are known by what they hash to. A line that was cut off is found. */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { storeCorrupt } from '../platform/store-errors.ts'

export interface WrittenFile {
  readonly bytes: number
  /** Hex, of the file as it lies there. */
  readonly sha256: string
}

/** Durable when it resolves. */
export async function writeLines(
  path: string,
  lines: AsyncIterable<unknown>,
): Promise<WrittenFile> {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'wx', 0o600)
  try {
    await pipeline(
      Readable.from(toText(lines)),
      createGzip({ level: 1 }),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          hash.update(chunk)
          bytes += chunk.length
          await file.writeFile(chunk)
        }
      },
    )
    await file.sync()
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

const TEXT_BYTES = 64 * 1024

async function* toText(lines: AsyncIterable<unknown>): AsyncGenerator<string> {
  let text = ''
  for await (const line of lines) {
    text += `${JSON.stringify(line)}\n`
    if (text.length < TEXT_BYTES) continue
    yield text
    text = ''
  }
  if (text !== '') yield text
}

/** Throws a StoreError if the file is not what was written. */
export async function requireFile(path: string, { bytes, sha256 }: WrittenFile): Promise<void> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    size += chunk.length
  }
  if (size === bytes && hash.digest('hex') === sha256) return
  throw storeCorrupt(`${path} is not what was written: its hash or its size differs.`)
}

/** Each line's value. */
export async function* readLines(path: string): AsyncGenerator {
  const source = createReadStream(path)
  const unpacked = source.pipe(createGunzip())
  source.on('error', (error) => unpacked.destroy(error))
  try {
    for await (const line of createInterface({ input: unpacked, crlfDelay: Infinity })) {
      yield JSON.parse(line)
    }
  } finally {
    source.destroy()
    unpacked.destroy()
  }
}
