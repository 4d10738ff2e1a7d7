/** A film that says of itself what a browser takes [WEBM], with pictures that none can decode. */
export function brokenFilm(): Uint8Array<ArrayBuffer> {
  const head = element('1a45dfa3', [
    element('4282', [Buffer.from('webm')]),
    element('4287', [unsigned(2)]),
    element('4285', [unsigned(2)]),
  ])
  const info = element('1549a966', [element('2ad7b1', [unsigned(1_000_000)])])
  const video = element('e0', [element('b0', [unsigned(320)]), element('ba', [unsigned(240)])])
  const track = element('ae', [
    element('d7', [unsigned(1)]),
    element('73c5', [unsigned(1)]),
    element('83', [unsigned(1)]),
    element('86', [Buffer.from('V_VP8')]),
    video,
  ])
  const pictures = Array.from({ length: 50 }, (_, index) =>
    element('a3', [Buffer.from([0x81, (index * 40) >> 8, (index * 40) & 255, 0x80]), NOISE]),
  )
  const cluster = element('1f43b675', [element('e7', [unsigned(0)]), ...pictures])
  const segment = element('18538067', [info, element('1654ae6b', [track]), cluster])
  return new Uint8Array(Buffer.concat([head, segment]))
}

const NOISE: Buffer = Buffer.alloc(200, 0xee)

/** Id, length in eight bytes, content [RFC8794 4]. */
function element(id: string, content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(body.length) | (1n << 56n))
  return Buffer.concat([Buffer.from(id, 'hex'), length, body])
}

function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
