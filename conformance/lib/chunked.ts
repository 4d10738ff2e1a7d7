/** Bodies in `aws-chunked` framing, made by hand so that any part can be made wrong. */
import { createHash, createHmac } from 'node:crypto'
import { sha256 } from './hand-signer.ts'

export interface ChunkSigning {
  readonly secret: string
  readonly region: string
  /** `yyyyMMdd'T'HHmmss'Z'` of the request. */
  readonly date: string
  /** The signature of the request. */
  readonly seed: string
}

const EMPTY = createHash('sha256').update('').digest('hex')

/** Signs what follows one another: each signature covers the one before. */
export function createChunkChain(
  signing: ChunkSigning,
): (algorithm: string, tail: string) => string {
  const { secret, region, date, seed } = signing
  const day = date.slice(0, 8)
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (parent, part) => createHmac('sha256', parent).update(part).digest(),
    Buffer.from(`AWS4${secret}`),
  )
  let previous = seed
  return (algorithm, tail) => {
    const text = `${algorithm}\n${date}\n${day}/${region}/s3/aws4_request\n${previous}\n${tail}`
    previous = createHmac('sha256', key).update(text).digest('hex')
    return previous
  }
}

export interface SignedChunks {
  readonly chunks: readonly (string | Uint8Array)[]
  readonly trailer?: readonly [name: string, value: string]
  /** Changes the signature of chunk `index`; the zero chunk comes last, the trailer after it. */
  readonly tamper?: (index: number, signature: string) => string
}

export function formatSignedChunks(signing: ChunkSigning, body: SignedChunks): Buffer {
  const chain = createChunkChain(signing)
  const tamper = body.tamper ?? ((_index: number, signature: string) => signature)
  const parts: Buffer[] = []
  for (const [index, chunk] of [...body.chunks, ''].entries()) {
    const bytes = Buffer.from(chunk)
    const signature = chain('AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY}\n${sha256(bytes)}`)
    parts.push(
      Buffer.from(`${bytes.length.toString(16)};chunk-signature=${tamper(index, signature)}\r\n`),
    )
    if (bytes.length > 0) parts.push(bytes, Buffer.from('\r\n'))
  }
  if (body.trailer !== undefined) {
    const [name, value] = body.trailer
    const signature = chain('AWS4-HMAC-SHA256-TRAILER', sha256(`${name}:${value}\n`))
    const signed = tamper(body.chunks.length + 1, signature)
    parts.push(Buffer.from(`${name}:${value}\r\nx-amz-trailer-signature:${signed}\r\n`))
  }
  parts.push(Buffer.from('\r\n'))
  return Buffer.concat(parts)
}

export function formatPlainChunks(
  chunks: readonly (string | Uint8Array)[],
  trailer: readonly [name: string, value: string] | null,
): Buffer {
  const parts: Buffer[] = []
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk)
    parts.push(Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n'))
  }
  parts.push(Buffer.from('0\r\n'))
  if (trailer !== null) parts.push(Buffer.from(`${trailer[0]}:${trailer[1]}\r\n`))
  parts.push(Buffer.from('\r\n'))
  return Buffer.concat(parts)
}
