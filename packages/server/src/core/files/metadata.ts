/** What a client says of its file in words of its own: `x-amz-meta-*`, checked where it is written, so that no later answer breaks on it. */
import { refusal } from '../errors.ts'
import { MAX_METADATA_BYTES } from '../../platform/s3-limits.ts'

export type Metadata = Readonly<Record<string, string>>

const PREFIX = 'x-amz-meta-'

/** True for the name of a header, or of a parameter, that carries some; in any case of letters. */
export function isMetadata(header: string): boolean {
  return header.length >= PREFIX.length && header.toLowerCase().startsWith(PREFIX)
}

/**
 * Metadata of headers and their values; what comes twice is joined. Throws `field-invalid` for a name that is empty or the server's
 * own, `metadata-too-large`.
 */
export function collectMetadata(headers: Iterable<readonly [string, string]>): Metadata {
  // Without a prototype, so that no name a client can choose means anything.
  const metadata = Object.create(null) as Record<string, string>
  for (const [header, value] of headers) {
    const name = nameIn(header)
    const existing = metadata[name]
    metadata[name] = existing === undefined ? value : `${existing},${value}`
  }
  requireRoom(metadata)
  return metadata
}

function nameIn(header: string): string {
  const name = header.slice(PREFIX.length).toLowerCase()
  const isReserved = name.startsWith('hallpass-')
  if (name !== '' && !isReserved) return name
  const reason = isReserved ? 'the name is reserved for the server' : 'it cannot be a header name'
  throw refusal('field-invalid', { field: header, reason })
}

function requireRoom(metadata: Metadata): void {
  let bytes = 0
  for (const name in metadata) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(metadata[name] ?? '')
  }
  if (bytes <= MAX_METADATA_BYTES) return
  throw refusal('metadata-too-large', { bytes, maxBytes: MAX_METADATA_BYTES })
}
