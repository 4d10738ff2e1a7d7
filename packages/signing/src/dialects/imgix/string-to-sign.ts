/**
 * What Imgix hashes [IMGIX-SIGNING]: the token of the source, then path and query as they are sent, without the signature.
 *
 * @module
 */
import { hashHex } from '../../lib/hash.ts'
import { md5 } from '../../lib/md5.ts'

/** The signature of a path and a query, which is empty if there is none. */
export function signImgixText(token: string, path: string, query: string): string {
  return hashHex(md5, token + path + (query === '' ? '' : `?${query}`))
}
