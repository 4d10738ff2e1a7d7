/**
 * What a signer keeps from one request to the next, because deriving it costs four times the signature.
 *
 * @module
 */
import { keepLast } from '../../lib/keep-last.ts'
import { createV4Scope } from '../../lib/v4.ts'
import type { V4Signer } from '../../lib/v4-keys.ts'
import { deriveV4Signer } from '../../lib/v4-keys.ts'
import { ALGORITHM_HMAC, S3_SCHEME } from './params.ts'
import type { MultiRegionSigning, S3SignerOptions, S3SignerState } from './signer-state.ts'
import { createSignerState } from './signer-state.ts'
import type { DaySigner } from './signing-moment.ts'
import { momentOf } from './signing-moment.ts'

/** What signs in the scope of one day, and its key. */
export interface KeptDaySigner extends DaySigner {
  readonly signer: V4Signer
}

/** A state whose keys and addresses are kept for the next request. */
export type S3SignerMemory = S3SignerState<KeptDaySigner>

/** The state of a signer with nothing kept yet; `TypeError` names an option that cannot be used. */
export function createSignerMemory(
  options: S3SignerOptions,
  signMultiRegion?: MultiRegionSigning,
): S3SignerMemory {
  const state = createSignerState(options, signMultiRegion)
  const { credentials, service } = state
  const signerOf = keepLast((day: string): KeptDaySigner => {
    const scope = createV4Scope(S3_SCHEME, day, options.region, service)
    const signer = deriveV4Signer(S3_SCHEME, credentials.secretAccessKey, scope)
    return { algorithm: ALGORITHM_HMAC, scope, signer, sign: signer.sign }
  })
  return {
    ...state,
    locate: keepLast(state.locate),
    signerOf,
    multiRegionSignerOf: keepLast(state.multiRegionSignerOf),
    momentAt: keepLast((second: number) => momentOf(credentials, signerOf, second)),
  }
}
