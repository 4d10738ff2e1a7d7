/** What to do about a signature that does not hold, as far as the URL itself says it: names of methods and headers, and no value. */
import { isSigningError } from '@hallpass/signing/errors'
import { LINK_PARAMETER } from '../../../core/links/link-parameters.ts'
import type { CapturedRequest } from '../../../http/capture-request.ts'

const SIGNED_HEADERS = /[?&]X-Amz-SignedHeaders=([^&]{1,1000})/i
const NAME = /^[a-z0-9-]{1,64}$/

/**
 * `null` where the general remedy says it as well. `signedMethod` is the one with which the signature holds; `null` if there is
 * none.
 */
export function adviseOnSignature(
  error: unknown,
  { method, target }: CapturedRequest,
  signedMethod: string | null,
): string | null {
  if (!isSigningError(error) || error.code !== 'signature-mismatch') return null
  if (signedMethod !== null) {
    return `Send it as ${signedMethod}: it was signed for that, and came as ${method}.`
  }
  const names = signedHeadersIn(target)
  if (names.length > 0) {
    return `Send it unchanged, with the values that were signed of ${names.join(', ')} (X-Amz-SignedHeaders); hallpass explain names what differs.`
  }
  return target.includes(`${LINK_PARAMETER}=`)
    ? 'Copy the whole URL and change nothing in it; hallpass explain names what differs.'
    : null
}

/** Those that a client has to add by itself; none for a list that is none. */
function signedHeadersIn(target: string): readonly string[] {
  const list = SIGNED_HEADERS.exec(target)?.[1] ?? ''
  const names = list.replaceAll(/%3B/gi, ';').split(';')
  return names.every((name) => NAME.test(name)) ? names.filter((name) => name !== 'host') : []
}
