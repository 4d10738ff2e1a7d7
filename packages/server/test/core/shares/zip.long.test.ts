import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { nameEntries } from '../../../src/core/shares/zip/zip-names.ts'
import {
  centralHeader,
  dataDescriptor,
  endRecords,
  localHeader,
  zipSize,
} from '../../../src/core/shares/zip/zip-records.ts'
import { createZipSource } from '../../../src/core/shares/zip/zip-source.ts'
import type { BlobReader } from '../../../src/blobs/blob-store.ts'

const AT = Date.UTC(2026, 2, 14, 9, 26, 53)

function readerOf(text: string, closed: string[]): BlobReader {
  let bytes = Buffer.from(text)
  return {
    readInto: (buffer) => {
      const count = bytes.copy(buffer, 0, 0, Math.min(3, buffer.byteLength))
      bytes = bytes.subarray(count)
      return Promise.resolve(count)
    },
    close: () => {
      closed.push(text)
      return Promise.resolve()
    },
  }
}

async function readAll(source: BlobReader, room: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for (;;) {
    const buffer = Buffer.alloc(room)
    const count = await source.readInto(buffer)
    if (count === 0) return Buffer.concat(chunks)
    chunks.push(buffer.subarray(0, count))
  }
}

test('an archive has the length that was said before, however it is read, and its CRCs', async () => {
  const texts: Readonly<Record<string, string>> = {
    'a/ü.txt': 'hello',
    'a/empty': '',
    'a/b': 'xyz',
  }
  const entries = Object.entries(texts).map(([name, text]) => ({
    name,
    size: text.length,
    modifiedAt: AT,
  }))
  for (const room of [1, 7, 64 * 1024]) {
    const closed: string[] = []
    const open = (entry: { readonly name: string }) =>
      Promise.resolve(readerOf(texts[entry.name] ?? '', closed))
    const archive = await readAll(createZipSource(entries, open), room)
    assert.equal(archive.byteLength, zipSize(entries))
    assert.deepEqual(closed, ['hello', '', 'xyz'])
    assert.equal(archive.readUInt32LE(30 + 8 + 5 + 4), crc32('hello'))
  }
})

test('a file that is another by now ends the archive, and is closed', async () => {
  for (const [text, size] of [
    ['longer', 3],
    ['short', 9],
  ] as const) {
    const closed: string[] = []
    const entries = [{ name: 'a', size, modifiedAt: AT }]
    const source = createZipSource(entries, () => Promise.resolve(readerOf(text, closed)))
    await assert.rejects(readAll(source, 64), /another/)
    assert.deepEqual(closed, [text])
  }
})

test('a reader that is closed early closes the file that is open', async () => {
  const closed: string[] = []
  const entries = [{ name: 'a', size: 6, modifiedAt: AT }]
  const source = createZipSource(entries, () => Promise.resolve(readerOf('abcdef', closed)))
  await source.readInto(Buffer.alloc(33))
  await source.close()
  assert.deepEqual(closed, ['abcdef'])
})

test('what 32 bits do not hold is said in 64', () => {
  const size = 5 * 1024 ** 3
  const entry = { name: 'big', size, modifiedAt: AT }
  assert.equal(localHeader(entry).readUInt32LE(18), 0xffff_ffff)
  assert.equal(dataDescriptor(entry, 1).readBigUInt64LE(8), BigInt(size))
  const central = centralHeader({ ...entry, crc: 1, offset: size })
  assert.deepEqual([50, 58, 66].map((at) => central.readBigUInt64LE(at + 3)).slice(0, 1), [
    central.readBigUInt64LE(53),
  ])
  assert.equal(central.readUInt16LE(30), 28)
  assert.deepEqual(
    [0, 8, 16].map((at) => central.readBigUInt64LE(46 + 3 + 4 + at)),
    [BigInt(size), BigInt(size), BigInt(size)],
  )
  const small = endRecords({ count: 2, offset: 10, size: 20 })
  assert.equal(small.byteLength, 22)
  const many = endRecords({ count: 70_000, offset: 10, size: 20 })
  assert.equal(many.readBigUInt64LE(32), 70_000n)
  assert.equal(many.readBigUInt64LE(56 + 8), 30n)
})

test('names lead to one folder, and no two are the same', () => {
  const keys = ['p/a', 'p//a', 'p/a/b', 'p/C:\\x', 'p/..', 'p/x/', 'p/con.txt', 'p/end. ', 'p/']
  assert.deepEqual(nameEntries('top', 'p/', keys), [
    'top/a (2)',
    'top/a (3)',
    'top/a/b',
    'top/C__x',
    'top/_',
    'top/x/',
    'top/_con.txt',
    'top/end_',
    'top/_ (2)',
  ])
  assert.deepEqual(nameEntries('..', '', ['a', 'a']), ['_/a', '_/a (2)'])
})

test('names that one system or another takes for the same are told apart', () => {
  const keys = ['in/A.txt', 'in/a.txt', 'in/\u00E9', 'in/e\u0301', 'in/B', 'in/b/c']
  assert.deepEqual(nameEntries('in', 'in/', keys), [
    'in/A.txt',
    'in/a (2).txt',
    'in/\u00E9',
    'in/e\u0301 (2)',
    'in/B (2)',
    'in/b/c',
  ])
})
