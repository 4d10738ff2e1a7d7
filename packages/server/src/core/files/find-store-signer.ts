import type { FileRecord } from '../../catalog/records.ts'
import type { FileBody } from '../../trees/file-tree.ts'
import type { CoreContext } from '../context.ts'
import { deliveryOf } from '../policy/delivery.ts'
import type { ResolvedFolder } from '../policy/resolve-folder.ts'

export type SignStoreUrl = Extract<FileBody, { kind: 'redirect' }>['sign']

/** Signs the URL of the store, or of the CDN before it, to which links and public URLs of a file lead; `null` where bytes pass this server. */
export function findStoreSigner(
  { files }: Pick<CoreContext, 'files'>,
  folder: Pick<ResolvedFolder, 'policy'>,
  file: Pick<FileRecord, 'content'>,
): Promise<SignStoreUrl | null> | null {
  return deliveryOf(folder) === 'proxied' ? null : files.signerOf(file)
}
