/** Reads a small document, whole and bounded, and proves it: every digest that was announced or signed is compared first. */
import { measureBody, requireDigests } from '../../../core/files/checked-body.ts'
import { beginDigestsHere } from '../../../core/files/running-digests.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { UploadBody } from './upload-body.ts'

/** Throws `xml-too-large`, `digest-mismatch`. */
export async function readSmallBody(
  { body, contentLength, checksums, expected }: UploadBody,
  maxBytes: number,
): Promise<Uint8Array> {
  if ((contentLength ?? 0) > maxBytes) throw s3Refusal('xml-too-large', { maxBytes })
  const algorithms = new Set([...checksums, ...expected().map(({ algorithm }) => algorithm)])
  const measuring = measureBody(beginDigestsHere, body, algorithms, {
    contentLength,
    maxBytes: Number.POSITIVE_INFINITY,
    // The pace that every body must keep bounds so small a one.
    requireInTime: () => undefined,
  })
  try {
    const bytes = await readAll(measuring.bytes, maxBytes)
    requireDigests(await measuring.finish(), expected())
    return bytes
  } finally {
    measuring.close()
  }
}

async function readAll(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw s3Refusal('xml-too-large', { maxBytes })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** A byte order mark is taken off; `null` for what is no UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
