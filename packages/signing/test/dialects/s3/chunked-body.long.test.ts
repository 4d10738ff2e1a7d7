import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { S3StreamingPayload } from '../../../src/s3.ts'
import {
  createChunkedBodyDecoder,
  createChunkedBodyEncoder,
  decodeChunkedBody,
  signS3Headers,
} from '../../../src/s3.ts'
import { STREAMING_KEYWORDS } from '../../../src/dialects/s3/params.ts'
import { CREDENTIALS, HOST, NOW, refusal, REGION, toRequest, verify } from './support.ts'

const MODES = ['signed', 'signedTrailer', 'unsignedTrailer'] as const
type Mode = (typeof MODES)[number]
const TRAILER = 'x-amz-checksum-crc32'

interface Upload {
  /** Verifies anew, because the signatures inside a body are good for one run. */
  readonly payload: () => S3StreamingPayload
  readonly body: Buffer
}

function upload(mode: Mode, chunks: readonly Uint8Array[], trailer = TRAILER): Upload {
  const data = Buffer.concat(chunks)
  const hasTrailer = mode !== 'signed'
  const signed = signS3Headers({
    method: 'PUT',
    bucket: 'reports',
    key: 'a',
    endpoint: `https://${HOST}`,
    region: REGION,
    credentials: CREDENTIALS,
    now: NOW,
    payloadHash: STREAMING_KEYWORDS[mode],
    headers: {
      'x-amz-decoded-content-length': String(data.length),
      ...(hasTrailer ? { 'x-amz-trailer': trailer } : {}),
    },
  })
  const encoder = createChunkedBodyEncoder(signed.chunkSigner)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(data))
  const parts = chunks.flatMap((chunk) => encoder.chunk(chunk))
  parts.push(...encoder.end(hasTrailer ? [trailer, checksum.toString('base64')] : undefined))
  return {
    body: Buffer.concat(parts),
    payload: () => {
      const { payload } = verify(toRequest(signed))
      assert.ok(payload.kind === 'streaming')
      return payload
    },
  }
}

function decode(payload: S3StreamingPayload, body: Uint8Array, pieceLength = 5000): Buffer {
  const decoder = createChunkedBodyDecoder(payload)
  const slices: Uint8Array[] = []
  for (let at = 0; at < body.length; at += pieceLength) {
    slices.push(...decoder.push(body.subarray(at, at + pieceLength)))
  }
  decoder.end()
  return Buffer.concat(slices)
}

const LARGE = Buffer.alloc(8192, 'a')
const SMALL = Buffer.from('the last chunk may be small')

for (const mode of MODES) {
  test(`a body in mode ${mode} is decoded however it is cut`, () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 8192, max: 20_000 }), { maxLength: 3 }),
        fc.integer({ min: 0, max: 9000 }),
        fc.integer({ min: 1, max: 9000 }),
        (sizes, last, pieceLength) => {
          const chunks = [...sizes, last]
            .filter((size) => size > 0)
            .map((size) => Buffer.alloc(size, size))
          const { body, payload } = upload(mode, chunks)
          assert.deepEqual(decode(payload(), body, pieceLength), Buffer.concat(chunks))
        },
      ),
      { numRuns: 30 },
    )
    const { body, payload } = upload(mode, [SMALL])
    assert.deepEqual(decode(payload(), body, 1), SMALL)
  })

  test(`no byte of a body in mode ${mode} can be left out at its end, or follow it`, () => {
    const { body, payload } = upload(mode, [LARGE, SMALL])
    for (const cut of [1, 2, 3, 10, SMALL.length + 100, body.length - 1, body.length]) {
      const shorter = body.subarray(0, body.length - cut)
      assert.throws(() => decode(payload(), shorter), { name: 'SigningError' })
    }
    for (const more of ['\r\n', '0\r\n\r\n', 'x']) {
      refusal('chunk-malformed', () => decode(payload(), Buffer.concat([body, Buffer.from(more)])))
    }
  })

  test(`a body in mode ${mode} is as long as announced, and told so before more is handed out`, () => {
    const { body, payload } = upload(mode, [LARGE, SMALL])
    for (const difference of [-1, 1, -SMALL.length, 5_000_000_000]) {
      const announced = payload()
      const decodedLength = announced.decodedLength + difference
      refusal('body-incomplete', () => decode({ ...announced, decodedLength }, body))
    }
    const decoder = createChunkedBodyDecoder({ ...payload(), decodedLength: LARGE.length })
    let handedOut = 0
    refusal('body-incomplete', () => {
      for (const byte of body) handedOut += decoder.push(Uint8Array.of(byte)).length
    })
    assert.equal(handedOut, LARGE.length)
  })

  test(`a chunk in mode ${mode} that is not the last has 8192 bytes`, () => {
    const { body, payload } = upload(mode, [Buffer.alloc(8191), SMALL])
    const { details } = refusal('chunk-too-small', () => decode(payload(), body))
    assert.deepEqual(details, { chunk: 1, size: 8191, minBytes: 8192 })
  })
}

for (const mode of ['signed', 'signedTrailer'] as const) {
  test(`every byte of a body in mode ${mode} is signed or framing`, () => {
    const { body, payload } = upload(mode, [LARGE, SMALL])
    for (let index = 0; index < body.length; index += index > 200 && index < 8000 ? 97 : 1) {
      const changed = Buffer.from(body)
      changed[index] = (changed[index] ?? 0) ^ 1
      assert.throws(() => decode(payload(), changed), { name: 'SigningError' }, `byte ${index}`)
    }
  })

  test(`a chunk in mode ${mode} without its signature is refused, the last one too`, () => {
    const { body, payload } = upload(mode, [SMALL])
    const text = body.toString('latin1')
    const signature = /;chunk-signature=[0-9a-f]{64}/
    refusal('signature-malformed', () =>
      decode(payload(), Buffer.from(text.replace(signature, ''), 'latin1')),
    )
    const last = text.replace(/\r\n0;chunk-signature=[0-9a-f]{64}/, '\r\n0')
    refusal('signature-malformed', () => decode(payload(), Buffer.from(last, 'latin1')))
  })
}

test('chunks in another order are refused', () => {
  const one = Buffer.alloc(8192, '1')
  const two = Buffer.alloc(8192, '2')
  const { body, payload } = upload('signed', [one, two])
  const length = (body.length - upload('signed', []).body.length) / 2
  const swapped = [
    body.subarray(length, 2 * length),
    body.subarray(0, length),
    body.subarray(2 * length),
  ]
  refusal('signature-mismatch', () => decode(payload(), Buffer.concat(swapped)))
})

test('framing that is not exact is refused', () => {
  const { payload } = upload('unsignedTrailer', [SMALL])
  for (const text of [
    '-1\r\n',
    'zz\r\n',
    '\r\n',
    ' 1b\r\n',
    '0x1b\r\n',
    '1b;x=y\r\n',
    '1b;chunk-signature=00\r\n',
    'fffffffffffffff\r\n',
    '0'.repeat(2000),
    `1b\r\n${SMALL.toString()}x\n0\r\n`,
    `1b\n${SMALL.toString()}\r\n`,
  ]) {
    refusal('chunk-malformed', () => decode(payload(), Buffer.from(text)))
  }
})

test('a trailer is announced, a checksum, one, and complete', () => {
  const { payload } = upload('unsignedTrailer', [SMALL])
  const head = `1b\r\n${SMALL.toString()}\r\n0\r\n`
  const run = (text: string, trailers: readonly string[] = [TRAILER]) => {
    const decoder = createChunkedBodyDecoder({ ...payload(), trailers })
    decoder.push(Buffer.from(head + text))
    return decoder.end()
  }
  assert.equal(run(`${TRAILER}:AAAAAA==\r\n\r\n`).get(TRAILER), 'AAAAAA==')
  // Some clients end the value with a line feed of its own.
  assert.equal(run(`X-Amz-Checksum-CRC32: AAAAAA== \n\r\n\r\n`).get(TRAILER), 'AAAAAA==')
  assert.equal(run('\r\n', []).size, 0)
  const cases: [string, string[]?][] = [
    ['\r\n'],
    ['x-amz-checksum-sha1:a\r\n\r\n'],
    [`${TRAILER}:a\r\n${TRAILER}:b\r\n\r\n`],
    [`${TRAILER}:a\r\nx-amz-checksum-sha1:a\r\n\r\n`, [TRAILER, 'x-amz-checksum-sha1']],
    ['x-amz-meta-a:b\r\n\r\n', ['x-amz-meta-a']],
    [`${TRAILER}\r\n\r\n`],
    [`${TRAILER}:a\r\nx-amz-trailer-signature:${'0'.repeat(64)}\r\n\r\n`],
    [`${TRAILER}:é\r\n\r\n`],
  ]
  for (const [text, trailers] of cases) {
    refusal('trailer-malformed', () => run(text, trailers))
  }
})

test('a body without trailers has none', () => {
  const { body, payload } = upload('signed', [SMALL])
  const text = body.toString('latin1').replace(/\r\n$/, `${TRAILER}:a\r\n\r\n`)
  refusal('chunk-malformed', () => decode(payload(), Buffer.from(text, 'latin1')))
})

test('a decoder that has failed goes on failing', () => {
  const { payload } = upload('unsignedTrailer', [SMALL])
  const decoder = createChunkedBodyDecoder(payload())
  refusal('chunk-malformed', () => decoder.push(Buffer.from('zz\r\n')))
  refusal('chunk-malformed', () => decoder.push(Buffer.from('0\r\n\r\n')))
  refusal('chunk-malformed', () => decoder.end())
})

test('the data are slices of what was given, not copies', () => {
  const { body, payload } = upload('signed', [LARGE])
  const slices = createChunkedBodyDecoder(payload()).push(body)
  assert.equal(slices.length, 1)
  assert.equal(slices[0]?.buffer, body.buffer)
})

test('a body can be decoded as it streams in', async () => {
  const { body, payload } = upload('signedTrailer', [LARGE, SMALL])
  async function* arrive(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < body.length; at += 1000)
      yield await Promise.resolve(body.subarray(at, at + 1000))
  }
  const slices: Uint8Array[] = []
  let checksum = ''
  for await (const slice of decodeChunkedBody(arrive(), payload(), (trailers) => {
    checksum = trailers.get(TRAILER) ?? ''
  })) {
    slices.push(slice)
  }
  const data = Buffer.concat(slices)
  assert.deepEqual(data, Buffer.concat([LARGE, SMALL]))
  assert.equal(Buffer.from(checksum, 'base64').readUInt32BE(), crc32(data))
})

test('ten thousand bodies with random damage are refused or decoded whole, and nothing else happens', () => {
  const { body, payload } = upload('unsignedTrailer', [SMALL])
  const announced = payload()
  let seed = 1
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return (seed >>> 8) % below
  }
  for (let run = 0; run < 10_000; run += 1) {
    const changed = Buffer.from(body)
    for (let change = 0; change <= random(3); change += 1)
      changed[random(changed.length)] = random(256)
    try {
      assert.equal(decode(announced, changed, 1 + random(60)).length, SMALL.length)
    } catch (error) {
      assert.equal((error as Error).name, 'SigningError', (error as Error).stack)
    }
  }
})
