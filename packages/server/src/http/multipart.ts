/**
 * Reads a form of parts [RFC7578] while it arrives. Whoever reads it pulls: the bytes of a part come out of the same loop that
 * asks for bytes of the request, so that a form which breaks, or a reader who stops, ends at one place, and nothing is left
 * open that somebody would have to find and close.
 */
import { createByteScanner } from './byte-scanner.ts'
import type { ByteScanner } from './byte-scanner.ts'
import { MultipartFault } from './multipart-fault.ts'
import { parsePartHead } from './part-head.ts'
import type { PartHead } from './part-head.ts'

export interface FormPart extends PartHead {
  /** Its bytes. They are passed over where the next part is asked for without reading them. */
  readonly body: AsyncIterable<Uint8Array>
}

export interface MultipartLimits {
  readonly maxParts: number
  /** Of the header lines of one part. */
  readonly maxHeadBytes: number
}

/** What may stand before the first part and after the last one, which forms have no use for. */
const MAX_AROUND_BYTES = 1024
const MAX_BOUNDARY_LENGTH = 70
const LINE_END: Uint8Array = Buffer.from('\r\n')
const HEAD_END: Uint8Array = Buffer.from('\r\n\r\n')
// Every boundary that RFC2046 5.1.1 allows, and the few further characters that are found in the wild.
const BOUNDARY = /;[ \t]*boundary=(?:"([^"\\]{1,70})"|([^\s";,]{1,70}))[ \t]*(?:;|$)/i

/** The boundary that a `Content-Type` names; `null` if it is none of `multipart/form-data`, or names none. */
export function parseBoundary(contentType: string | undefined): string | null {
  if (contentType === undefined || contentType.length > 512) return null
  if (!/^multipart\/form-data[ \t]*;/i.test(contentType)) return null
  const match = BOUNDARY.exec(contentType)
  const boundary = match?.[1] ?? match?.[2] ?? null
  return boundary !== null && boundary.length <= MAX_BOUNDARY_LENGTH ? boundary : null
}

/**
 * The parts in their order, and then everything up to the end of the stream. Throws `MultipartFault` where the form is broken,
 * and what the stream throws. The stream is closed when the reading ends, in whatever way.
 */
export async function* readMultipart(
  stream: AsyncIterable<Uint8Array>,
  boundary: string,
  limits: MultipartLimits,
): AsyncGenerator<FormPart, void, undefined> {
  const source = stream[Symbol.asyncIterator]()
  // The first boundary may be the very first bytes: then no line end stands before it.
  const scanner = createByteScanner(source, LINE_END)
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  try {
    await skip(scanner.until(delimiter), MAX_AROUND_BYTES)
    for (let parts = 0; await openPart(scanner); parts += 1) {
      if (parts === limits.maxParts) {
        throw new MultipartFault(`The form has more than ${limits.maxParts} parts.`)
      }
      const head = parsePartHead(await readHead(scanner, limits.maxHeadBytes))
      const body = scanner.until(delimiter)
      // Without `return`: a reader who stops in the middle must not make the rest look like the next part.
      yield { ...head, body: { [Symbol.asyncIterator]: () => ({ next: () => body.next() }) } }
      await skip(body, Infinity)
    }
    await skip(scanner.rest(), MAX_AROUND_BYTES)
  } finally {
    await source.return?.()
  }
}

/** Reads what stands behind a boundary: true if a part follows, false after the last one. */
async function openPart(scanner: ByteScanner): Promise<boolean> {
  const mark = await scanner.take(2)
  if (mark === '--') return false
  // Blanks may pad the line [RFC2046 5.1.1]; nobody sends them.
  if (mark === '\r\n') return true
  throw new MultipartFault('A boundary of the form is followed by something else than a part.')
}

async function readHead(scanner: ByteScanner, maxBytes: number): Promise<Uint8Array> {
  const head = await scanner.takeThrough(HEAD_END, maxBytes)
  if (head !== null) return head.subarray(0, -HEAD_END.length)
  throw new MultipartFault('The head of a part is too long, or does not end.')
}

async function skip(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
  let count = 0
  for await (const chunk of bytes) {
    count += chunk.byteLength
    if (count > maxBytes) throw new MultipartFault('The form has bytes outside of its parts.')
  }
}
