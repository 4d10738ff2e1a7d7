/**
 * The texts Media CDN signs: URL, prefix and path [MEDIA-CDN-SIGNATURES], and token [MEDIA-CDN-TOKENS].
 *
 * @module
 */

export { formatPrefixText, formatUrlText } from '../../lib/google-cdn.ts'

/**
 * The text signed for a path: everything up to the signature.
 *
 * ```text
 * https://host/prefix/edge-cache-token=Expires=E&KeyName=K   &Signature=S/rest
 * ```
 */
export function formatPathText(
  urlPrefix: string,
  tokenName: string,
  expires: string,
  keyName: string,
): string {
  return `${urlPrefix}${tokenName}=Expires=${expires}&KeyName=${keyName}`
}

/** One field of a token: as it stands in the token, and as it is signed where that differs. */
export interface TokenField {
  readonly shown: string
  readonly signed?: string
}

/** What of a token is signed: the fields joined with `~`, hidden values filled in. */
export function formatTokenText(fields: readonly TokenField[]): string {
  return fields.map((field) => field.signed ?? field.shown).join('~')
}

/** What of a token is sent, without its signature. */
export function formatTokenFields(fields: readonly TokenField[]): string {
  return fields.map((field) => field.shown).join('~')
}

const SIGNED_TAIL = /~(?:Starts|Expires|SessionID|Data|Headers|IPRanges)=/

/**
 * `FullPath` is sent bare and signed with the path of the request. A path that itself looks like the fields that
 * follow would let a part of the signed text move from the token into the path: `null`, to be refused.
 */
export function fullPathField(path: string): TokenField | null {
  return SIGNED_TAIL.test(path) ? null : { shown: 'FullPath', signed: `FullPath=${path}` }
}

const NEXT_HEADER = /,[!#$%&'*+\-.^_`|0-9A-Za-z]+=/

/**
 * `Headers` is sent as names and signed with the values of the request. A value with a tilde, or with what looks like
 * the next header, would let fields be dropped from the token and sent inside the header instead: `null`, to be
 * refused. Without this, an address-bound token is freed of its `IPRanges` by a header `Foo: bar~IPRanges=…`.
 */
export function headersField(
  headers: readonly (readonly [name: string, value: string])[],
): TokenField | null {
  if (headers.some(([, value]) => value.includes('~') || NEXT_HEADER.test(value))) return null
  return {
    shown: `Headers=${headers.map(([name]) => name).join(',')}`,
    signed: `Headers=${headers.map(([name, value]) => `${name}=${value}`).join(',')}`,
  }
}
