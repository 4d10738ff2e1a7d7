/**
 * A token for a container or something in it, up to the name of the blob and the signature. What tokens of one container
 * and one second have in common is worked out once.
 *
 * @module
 */
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacBase64 } from '../../lib/hmac.ts'
import type { PresignedRequest } from '../../types.ts'
import { methodWithin } from './method-permissions.ts'
import type { AzureReach } from './method-permissions.ts'
import type { AzureFields } from './params.ts'
import type { AzureLines } from './string-to-sign.ts'
import type { AzureLocation } from './target.ts'

export interface TokenDraft {
  readonly endpoint: string
  /** The string to sign around the resource. */
  readonly lines: AzureLines
  /** Everything of the query up to the signature. */
  readonly queryHead: string
  /** Epoch seconds; `null` if a stored access policy knows. */
  readonly expires: number | null
  readonly headers: Readonly<Record<string, string>>
  readonly reach: AzureReach
}

export const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

// A stored access policy may know the end of life: then none is known here.
const UNKNOWN_END = 8_640_000_000_000

/** The query of a token for one resource. */
export function signDraft(draft: TokenDraft, key: HmacKey, resourcePath: string): string {
  const { before, after } = draft.lines
  return draft.queryHead + encodeURIComponent(hmacBase64(key, before + resourcePath + after))
}

/** The last moment at which the token works. */
export function endOf({ expires }: TokenDraft): Date {
  return new Date((expires ?? UNKNOWN_END) * 1000)
}

/** The request for one resource. */
export function presignDraft(
  draft: TokenDraft,
  key: HmacKey,
  { location, method }: { readonly location: AzureLocation; readonly method?: string | undefined },
): PresignedRequest {
  return {
    url: `${draft.endpoint}${location.urlPath}?${signDraft(draft, key, location.resourcePath)}`,
    method: methodWithin(draft.reach, method),
    headers: draft.headers,
    expiresAt: endOf(draft),
  }
}

/** Only a stored access policy may leave these to itself. @throws {TypeError} */
export function assertComplete(fields: AzureFields): void {
  if (fields.sp === undefined) throw new TypeError('permissions is missing')
  if (fields.se === undefined)
    throw new TypeError('one of expiresInSeconds and expiresAt must be given')
}
