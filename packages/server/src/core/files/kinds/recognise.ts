/** What bytes are, by how they begin: formats by their marks, and markup as browsers sniff it. */
import { fileTypeFromBuffer } from 'file-type'
import { sniffMarkup } from './sniff-markup.ts'

/** So much of the beginning decides. */
export const HEAD_BYTES = 4100

/**
 * The essence of a media type such as `image/png`; `null` for text without a mark, and for whatever else nobody knows. `head` is the
 * first `HEAD_BYTES` bytes, or all there are.
 */
export async function recognise(head: Uint8Array): Promise<string | null> {
  const found = await fileTypeFromBuffer(head).catch(ofBrokenFormat)
  const [essence = null] = found?.mime.split(';') ?? []
  const isOpen = essence === null || essence === 'application/xml'
  return (isOpen ? sniffMarkup(head) : null) ?? essence
}

/** What begins as a format and breaks off in its own head is of no format. */
function ofBrokenFormat(): undefined {
  return undefined
}
