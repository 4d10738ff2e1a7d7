/**
 * Verifies what is being explained with the keys at hand: nginx.
 *
 * @module
 */
import { verifyNginx } from '../../../dialects/nginx/verify.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import type { Verifier } from '../../verify/verify-context.ts'

export const verifyAsNginx: Verifier = (context) => {
  const rules = keysFor(context.keys, 'nginx', null).flatMap(({ expression, secret }) =>
    expression === undefined
      ? []
      : [{ expression, ...(secret === undefined ? {} : { variables: { secret } }) }],
  )
  verifyNginx(context.request, { now: context.now, rules })
}
