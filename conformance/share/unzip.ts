/** A reader of ZIP archives of its own: by their directory alone, as those that unpack do, every byte checked against its CRC. */
import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'

/** Name → text. Throws where the archive contradicts itself. */
export function unzip(bytes: Uint8Array): Readonly<Record<string, string>> {
  const archive = Buffer.from(bytes)
  const end = archive.byteLength - 22
  assert.equal(archive.readUInt32LE(end), 0x06054b50, 'the archive has an end')
  const found: Record<string, string> = {}
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    assert.equal(archive.readUInt32LE(at), 0x02014b50, 'the directory goes on')
    const [crc, size] = [archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 20)]
    const [nameLength, extraLength] = [archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30)]
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const local = archive.readUInt32LE(at + 42)
    assert.equal(archive.readUInt32LE(local), 0x04034b50, 'the entry is where it is said to be')
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const content = archive.subarray(begin, begin + size)
    assert.equal(crc32(content), crc, name)
    assert.equal(found[name], undefined, `${name} is there twice`)
    found[name] = content.toString()
    at += 46 + nameLength + extraLength
  }
  assert.equal(at, end, 'nothing stands behind the directory')
  return found
}
