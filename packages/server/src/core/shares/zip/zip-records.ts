/**
 * The records of a ZIP archive [PK-APPNOTE 4.3] whose entries are stored as they are, one after the other, by somebody who knows their sizes
 * and learns their CRC on the way: bit 3 says that it stands behind the bytes. ZIP64 where 32 bits do not hold it.
 */

export interface ZipEntry {
  /** Forward slashes alone; ends in one for a folder. */
  readonly name: string
  readonly size: number
  /** Milliseconds. */
  readonly modifiedAt: number
}

/** An entry that is in the archive. */
export interface PlacedEntry extends ZipEntry {
  readonly crc: number
  /** Of its local header. */
  readonly offset: number
}

const MAX_32 = 0xffff_ffff
const MAX_16 = 0xffff
const VERSION = 20
const VERSION_64 = 45
/** The CRC stands behind the bytes, and the name is UTF-8. */
const FLAGS = 0x0808
const ZIP64_ID = 1
const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const LOCAL_EXTRA_BYTES = 20

export function localHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.name)
  const isLarge = isLargeEntry(entry)
  const extra = isLarge ? LOCAL_EXTRA_BYTES : 0
  const record = Buffer.alloc(LOCAL_BYTES + name.byteLength + extra)
  record.writeUInt32LE(0x0403_4b50, 0)
  record.writeUInt16LE(isLarge ? VERSION_64 : VERSION, 4)
  record.writeUInt16LE(FLAGS, 6)
  record.writeUInt32LE(dosTime(entry.modifiedAt), 10)
  if (isLarge) record.fill(0xff, 18, 26)
  record.writeUInt16LE(name.byteLength, 26)
  record.writeUInt16LE(extra, 28)
  record.set(name, LOCAL_BYTES)
  if (isLarge) {
    const at = LOCAL_BYTES + name.byteLength
    record.writeUInt16LE(ZIP64_ID, at)
    record.writeUInt16LE(LOCAL_EXTRA_BYTES - 4, at + 2)
  }
  return record
}

/** What stands behind the bytes. */
export function dataDescriptor(entry: ZipEntry, crc: number): Buffer {
  const isLarge = isLargeEntry(entry)
  const record = Buffer.alloc(isLarge ? 24 : 16)
  record.writeUInt32LE(0x0807_4b50, 0)
  record.writeUInt32LE(crc, 4)
  if (isLarge) {
    record.writeBigUInt64LE(BigInt(entry.size), 8)
    record.writeBigUInt64LE(BigInt(entry.size), 16)
  } else {
    record.writeUInt32LE(entry.size, 8)
    record.writeUInt32LE(entry.size, 12)
  }
  return record
}

export function centralHeader({ name: text, size, modifiedAt, crc, offset }: PlacedEntry): Buffer {
  const name = Buffer.from(text)
  const wide = [...(size >= MAX_32 ? [size, size] : []), ...(offset >= MAX_32 ? [offset] : [])]
  const extra = wide.length === 0 ? 0 : 4 + 8 * wide.length
  const record = Buffer.alloc(CENTRAL_BYTES + name.byteLength + extra)
  record.writeUInt32LE(0x0201_4b50, 0)
  // Made as on Unix, where names are UTF-8 and slashes part folders.
  record.writeUInt16LE(0x0300 | VERSION_64, 4)
  record.writeUInt16LE(wide.length === 0 ? VERSION : VERSION_64, 6)
  record.writeUInt16LE(FLAGS, 8)
  record.writeUInt32LE(dosTime(modifiedAt), 12)
  record.writeUInt32LE(crc, 16)
  record.writeUInt32LE(Math.min(size, MAX_32), 20)
  record.writeUInt32LE(Math.min(size, MAX_32), 24)
  record.writeUInt16LE(name.byteLength, 28)
  record.writeUInt16LE(extra, 30)
  record.writeUInt32LE(text.endsWith('/') ? FOLDER_MODE : FILE_MODE, 38)
  record.writeUInt32LE(Math.min(offset, MAX_32), 42)
  record.set(name, CENTRAL_BYTES)
  if (extra > 0) {
    let at = CENTRAL_BYTES + name.byteLength
    record.writeUInt16LE(ZIP64_ID, at)
    record.writeUInt16LE(extra - 4, at + 2)
    at += 4
    for (const value of wide) at = record.writeBigUInt64LE(BigInt(value), at)
  }
  return record
}

/** `rw-r--r--` and `rwxr-xr-x`, in the upper half as Unix has them; the lowest bits say what DOS has to know. */
const FILE_MODE = 0o100_644 * 0x1_0000
const FOLDER_MODE = 0o040_755 * 0x1_0000 + 0x10

export interface Directory {
  readonly count: number
  readonly offset: number
  readonly size: number
}

/** The last records. */
export function endRecords(directory: Directory): Buffer {
  const { count, offset, size } = directory
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x0605_4b50, 0)
  end.writeUInt16LE(Math.min(count, MAX_16), 8)
  end.writeUInt16LE(Math.min(count, MAX_16), 10)
  end.writeUInt32LE(Math.min(size, MAX_32), 12)
  end.writeUInt32LE(Math.min(offset, MAX_32), 16)
  return isLargeDirectory(directory) ? Buffer.concat([endRecords64(directory), end]) : end
}

function endRecords64({ count, offset, size }: Directory): Buffer {
  const record = Buffer.alloc(56 + 20)
  record.writeUInt32LE(0x0606_4b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(0x0300 | VERSION_64, 12)
  record.writeUInt16LE(VERSION_64, 14)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  // Where that stands.
  record.writeUInt32LE(0x0706_4b50, 56)
  record.writeBigUInt64LE(BigInt(offset + size), 64)
  record.writeUInt32LE(1, 72)
  return record
}

/** How long the archive of these entries is, before any of it is written. */
export function zipSize(entries: Iterable<ZipEntry>): number {
  let offset = 0
  let size = 0
  let count = 0
  for (const entry of entries) {
    size += centralHeader({ ...entry, crc: 0, offset }).byteLength
    offset += localHeader(entry).byteLength + entry.size + descriptorBytes(entry)
    count += 1
  }
  return offset + size + endRecords({ count, offset, size }).byteLength
}

export function descriptorBytes(entry: ZipEntry): number {
  return isLargeEntry(entry) ? 24 : 16
}

function isLargeEntry({ size }: ZipEntry): boolean {
  return size >= MAX_32
}

function isLargeDirectory({ count, offset, size }: Directory): boolean {
  return count >= MAX_16 || offset >= MAX_32 || size >= MAX_32
}

const FIRST_YEAR = 1980
const LAST_YEAR = 2107

/** Two seconds exact, in UTC: the format knows no zone [PK-APPNOTE 4.4.6]. */
function dosTime(ms: number): number {
  const at = new Date(ms)
  const year = Math.min(Math.max(at.getUTCFullYear(), FIRST_YEAR), LAST_YEAR) - FIRST_YEAR
  const date = year * 512 + (at.getUTCMonth() + 1) * 32 + at.getUTCDate()
  const time = at.getUTCHours() * 2048 + at.getUTCMinutes() * 32 + (at.getUTCSeconds() >> 1)
  return date * 0x1_0000 + time
}
