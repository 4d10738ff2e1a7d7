/** What became of a request that brought a link, for the metrics; `null` if it brought none. */
import { isLink } from '../../core/identity.ts'
import type { LinkOutcome } from '../../platform/metrics.ts'
import type { Exchange } from './exchange.ts'

const BY_CODE: Readonly<Record<string, LinkOutcome>> = {
  // The client has the file already: nothing was refused.
  'not-modified': 'served',
  'signature-expired': 'expired',
  'link-shortened': 'expired',
  'link-revoked': 'revoked',
  'link-used': 'used-up',
  'link-ip-not-allowed': 'wrong-network',
  'link-preview-refused': 'preview',
}

const SIGNATURE = /[?&]X-Amz-Signature=/i

export function findLinkOutcome({ request, raw, refusedFor }: Exchange): LinkOutcome | null {
  const hasLink = request === null ? SIGNATURE.test(raw.target) : isLink(request.caller)
  if (!hasLink) return null
  if (refusedFor === null) return 'served'
  return BY_CODE[refusedFor] ?? 'refused'
}
