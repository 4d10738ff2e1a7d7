/** The icon in a browser's tab: a ticket with a notch on either side, drawn as an ICO file of one picture. */

const SIDE = 16
const HEADER_BYTES = 22
const BITMAP_HEADER_BYTES = 40
/** One bit a pixel, rows of four bytes, required and ignored where pixels have an alpha of their own. */
const MASK_BYTES: number = SIDE * 4
/** Blue, green, red, alpha. */
const INK = [0x96, 0x4f, 0x08, 0xff] as const

export function drawIcon(): Uint8Array {
  const pixels = Buffer.alloc(SIDE * SIDE * 4)
  for (let y = 0; y < SIDE; y += 1) {
    for (let x = 0; x < SIDE; x += 1) {
      if (isTicket(x, y)) pixels.set(INK, (y * SIDE + x) * 4)
    }
  }
  return Buffer.concat([formatHeaders(pixels.length), pixels, Buffer.alloc(MASK_BYTES)])
}

function isTicket(x: number, y: number): boolean {
  const isNotch = (x < 2 || x > 13) && y > 5 && y < 10
  const isFold = x === 10 && y % 2 === 0
  return y > 2 && y < 13 && !isNotch && !isFold
}

function formatHeaders(pixelBytes: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + BITMAP_HEADER_BYTES)
  // The directory: an icon, one picture, and where it lies.
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(1, 4)
  header.writeUInt8(SIDE, 6)
  header.writeUInt8(SIDE, 7)
  header.writeUInt16LE(1, 10)
  header.writeUInt16LE(32, 12)
  header.writeUInt32LE(BITMAP_HEADER_BYTES + pixelBytes + MASK_BYTES, 14)
  header.writeUInt32LE(HEADER_BYTES, 18)
  // The picture: its height counts the mask as well.
  header.writeUInt32LE(BITMAP_HEADER_BYTES, HEADER_BYTES)
  header.writeInt32LE(SIDE, HEADER_BYTES + 4)
  header.writeInt32LE(SIDE * 2, HEADER_BYTES + 8)
  header.writeUInt16LE(1, HEADER_BYTES + 12)
  header.writeUInt16LE(32, HEADER_BYTES + 14)
  return header
}
