/** What a key that takes the place of another has of it, beside what somebody is asked. */
import type { AccessKey, ApiKey } from '@hallpass/client'

export type AnyKey =
  | { readonly kind: 'api-key'; readonly key: ApiKey }
  | { readonly kind: 'access-key'; readonly key: AccessKey }

/** Addresses and room, which all keys may have. A room that another key has is not taken over: its maker shares that. */
export function keptTerms({ id, cidrs, quota }: ApiKey) {
  const { maxTotalBytes = null, maxFiles = null } = quota?.keyId === id ? quota : {}
  const room = {
    ...(maxTotalBytes !== null && { maxTotalBytes }),
    ...(maxFiles !== null && { maxFiles }),
  }
  return {
    ...(cidrs.length > 0 && { cidrs }),
    ...(Object.keys(room).length > 0 && { quota: room }),
  }
}

/** What a key pair may presign. */
export function keptSigning({ maxExpiresIn, mayPresignDelete }: AccessKey) {
  return { maxExpiresIn, mayPresignDelete }
}
