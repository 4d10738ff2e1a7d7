/** URLs under which an object is fetched from its store, or from the CDN before it, past this server. */
import type { FileRecord } from '../../catalog/records.ts'
import type { StoreUrl } from '../file-tree.ts'
import type { Mount } from './mount.ts'
import { placeOfContent } from './stored-ids.ts'

/** `null` where neither can sign. */
export function signerOfStored(
  { store, cdn }: Pick<Mount, 'store' | 'cdn'>,
  { content }: Pick<FileRecord, 'content'>,
): ((url: StoreUrl) => Promise<URL>) | null {
  const place = placeOfContent(content.contentId)
  if (place === null) return null
  const { key } = place
  // A CDN says of an object what the store says of it: what a link would say is no part of its signature.
  if (cdn !== null) return async ({ expiresInSeconds }) => cdn.signUrl(key, expiresInSeconds)
  const { sign } = store
  if (sign === null) return null
  return ({ expiresInSeconds, contentType, contentDisposition }) =>
    sign(key, {
      expiresInSeconds,
      responseContentType: contentType,
      responseContentDisposition: contentDisposition,
    })
}
