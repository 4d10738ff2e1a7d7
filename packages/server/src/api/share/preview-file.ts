/**
 * What the page of a file shows of it: pictures, sound, film and PDF by a ticket, of the types that no browser runs; the beginning of a text,
 * as characters. Nothing of a share with a number of uses: whoever has seen it has had it.
 */
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../../core/context.ts'
import { findStoreSigner } from '../../core/files/find-store-signer.ts'
import { isInertType } from '../../core/files/inert-types.ts'
import { isMediaTypeAllowed, parseMediaType } from '../../core/files/media-type.ts'
import type { MediaType } from '../../core/files/media-type.ts'
import { readHead } from '../../core/files/read-head.ts'
import type { Permit } from '../../core/policy/permit.ts'
import { signTicket } from '../../core/shares/sign-ticket.ts'

type TicketKind = 'image' | 'audio' | 'video' | 'document'

export type Preview =
  | { readonly kind: TicketKind; readonly url: string }
  | {
      readonly kind: 'text'
      readonly text: string
      readonly isCut: boolean
      readonly bytes: number
    }

const MAX_TEXT_BYTES = 64 * 1024
const AT_ONCE: readonly TicketKind[] = ['image', 'document']
/** A larger picture or document is downloaded first. */
const MAX_AT_ONCE_BYTES = 20_000_000
const TEXT =
  /^(?:text\/[\w.+-]+|application\/(?:json|xml|yaml|toml)|[\w-]+\/[\w.-]+\+(?:json|xml))$/

/** `permit` is for the file. `null` where nothing can be shown. */
export async function previewFile(
  core: CoreContext,
  permit: Permit<'read'>,
  file: FileRecord,
): Promise<Preview | null> {
  const type = parseMediaType(file.contentType)
  const { inlineTypes = null } = permit.folder.policy
  const isShown = type !== null && (inlineTypes === null || isMediaTypeAllowed(type, inlineTypes))
  if (!isShown || permit.grant?.maxUses !== null) return null
  if (TEXT.test(type.essence)) return previewText(core, file)
  const kind = isInertType(type) ? kindOf(type) : null
  if (kind === null || (AT_ONCE.includes(kind) && file.size > MAX_AT_ONCE_BYTES)) return null
  // A ticket would lead to the store itself: the page shows nothing but what comes from this server.
  if ((await findStoreSigner(core, permit.folder, file)) !== null) return null
  return { kind, url: await signTicket(core, permit, 'inline') }
}

function kindOf({ essence }: MediaType): TicketKind | null {
  if (essence === 'application/pdf') return 'document'
  const [family] = essence.split('/', 1)
  return family === 'image' || family === 'audio' || family === 'video' ? family : null
}

/** `null` for what is no UTF-8. */
async function previewText(core: CoreContext, file: FileRecord): Promise<Preview | null> {
  const head = await readHead(core, file, MAX_TEXT_BYTES)
  const isCut = file.size > head.byteLength
  try {
    // The last character may be cut in two.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: isCut })
    return text.includes('\0') ? null : { kind: 'text', text, isCut, bytes: head.byteLength }
  } catch {
    return null
  }
}
