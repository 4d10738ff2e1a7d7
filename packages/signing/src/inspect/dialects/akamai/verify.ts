/**
 * Verifies what is being explained with the keys at hand: Akamai.
 *
 * @module
 */
import { verifyAkamai } from '../../../dialects/akamai/verify.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { secretsFor, tryEach } from '../../verify/verify-context.ts'

export const verifyAsAkamai: Verifier = (context) => {
  const { request, now, tokenName, algorithm } = context
  const settings = [false, true].flatMap((escapeEarly) =>
    [false, true].map((coversQuery) => ({ escapeEarly, coversQuery })),
  )
  const name = tokenName ?? context.detection.secrets[0]
  const hash = algorithm ?? akamaiAlgorithm(request.target)
  tryEach(settings, (setting) =>
    verifyAkamai(request, {
      now,
      keys: secretsFor(context, null),
      ...setting,
      ...(name === undefined ? {} : { tokenName: name }),
      ...(hash === undefined ? {} : { algorithm: hash }),
    }),
  )
}

/** The property fixes the hash, and the length of the MAC tells which it is. */
function akamaiAlgorithm(target: string): 'sha256' | 'sha1' | 'md5' | undefined {
  const digits = /(?:~|%7E|\?|&|=)hmac=([0-9a-f]+)/i.exec(target)?.[1]?.length
  return digits === 40 ? 'sha1' : digits === 32 ? 'md5' : undefined
}
