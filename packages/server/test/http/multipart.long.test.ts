/** Forms in linear time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMultipart } from '../../src/http/multipart.ts'

const LIMITS = { maxParts: 4, maxHeadBytes: 500 }

interface ReadPart {
  readonly name: string
  readonly filename: string | null
  readonly contentType: string | null
  readonly text: string
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(bytes.subarray(at, at + size))
}

async function readAll(text: string, chunkSize = Infinity): Promise<ReadPart[]> {
  const bytes = Buffer.from(text)
  const read: ReadPart[] = []
  for await (const { body, ...head } of readMultipart(
    inChunks(bytes, Math.min(chunkSize, bytes.length || 1)),
    'B',
    LIMITS,
  )) {
    const chunks: Uint8Array[] = []
    for await (const chunk of body) chunks.push(Uint8Array.from(chunk))
    read.push({ ...head, text: Buffer.concat(chunks).toString() })
  }
  return read
}

test('blank-filled, quote-filled and dash-filled forms cost what their bytes cost', async () => {
  const spent = async (filler: string): Promise<number> => {
    const text = `--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n${filler.repeat(Math.floor(4_000_000 / filler.length))}\r\n--B--`
    const before = process.cpuUsage()
    await readAll(text, 65_536)
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  await spent('x')
  const plain = await spent('x')
  for (const filler of [
    ' ',
    '"',
    '-',
    '\r',
    '\r\n',
    '\r\n-',
    '\r\n--',
    '\r\n--A',
    '\r\n--\r\n--',
  ]) {
    // A form of nothing but beginnings of a boundary is looked at twice, not a thousand times.
    assert.ok((await spent(filler)) < plain * 50 + 500_000, JSON.stringify(filler))
  }
})
