/** Files of lines of JSON, packed with gzip, that are known by what they hash to. A line that was cut off is found. */
import { createHash } from 'node:crypto'
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

/** As durable when it resolves as `write` makes it. */
export async function writeLines(
  write: (body: AsyncIterable<Uint8Array>) => Promise<void>,
  lines: AsyncIterable<unknown>,
): Promise<WrittenFile> {
  const hash = createHash('sha256')
  let bytes = 0
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const chunk of pack(lines)) {
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  await write(body())
  return { bytes, sha256: hash.digest('hex') }
}

async function* pack(lines: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip({ level: 1 })
  const packing = pipeline(Readable.from(toText(lines)), gzip)
  // Whoever reads learns of it first.
  packing.catch(() => undefined)
  for await (const chunk of gzip as AsyncIterable<Uint8Array>) yield chunk
  await packing
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
export async function requireFile(
  name: string,
  body: AsyncIterable<Uint8Array>,
  { bytes, sha256 }: WrittenFile,
): Promise<void> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of body) {
    hash.update(chunk)
    size += chunk.length
  }
  if (size === bytes && hash.digest('hex') === sha256) return
  throw storeCorrupt(`${name} is not what was written: its hash or its size differs.`)
}

/** Each line's value. */
export async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator {
  const source = Readable.from(body)
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
