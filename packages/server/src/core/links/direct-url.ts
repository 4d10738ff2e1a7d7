/** URLs of a store itself, where the policy of a folder hands them out: nothing but their end takes them back. */
import { responseContentDisposition } from '@hallpass/signing/encoding'
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { nameOf } from '../paths.ts'
import { deliveryOf } from '../policy/delivery.ts'
import type { ResolvedFolder } from '../policy/resolve-folder.ts'

export interface DirectWish {
  readonly folder: ResolvedFolder
  readonly seconds: number
  /** A store asks nobody where a request comes from: whoever may come from certain networks only gets no such URL. */
  readonly networks: readonly string[]
  /** The name a download is saved under; the last part of the key if not given. */
  readonly filename?: string | undefined
}

export interface DirectUrl {
  readonly url: string
  readonly expiresAt: Date
}

/** `null` where bytes pass this server, which is so for all that a store cannot promise. What it gives is saved, never shown. */
export async function signDirectly(
  core: CoreContext,
  file: FileRecord,
  { folder, seconds, networks, filename }: DirectWish,
): Promise<DirectUrl | null> {
  if (deliveryOf(folder) !== 'direct' || networks.length > 0) return null
  const sign = await core.files.signerOf(file)
  if (sign === null) return null
  const name = filename ?? (nameOf(file.key) || 'download')
  const expiresAt = new Date(core.clock.now() + seconds * 1000)
  const url = await sign({
    expiresInSeconds: seconds,
    contentType: file.contentType,
    contentDisposition: responseContentDisposition(name),
  })
  return { url: url.href, expiresAt }
}
