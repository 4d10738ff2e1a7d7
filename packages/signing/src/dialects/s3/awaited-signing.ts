/**
 * Signs by Version 4A in runtimes that have elliptic curves behind promises only. A text comes with its time, so the work that asks for
 * its signature asks again if a second has passed in between.
 *
 * @module
 */
import { createAwaitedAnswers } from '../../lib/awaited-answers.ts'
import { nodeCrypto } from '../../lib/runtime-crypto.ts'
import { noSyncEcdsa } from './sigv4a.ts'
import { signSigV4aAsync } from './sigv4a-web.ts'
import type { MultiRegionSigning } from './signer-state.ts'

/** How the asynchronous signer signs for several regions. */
export interface AwaitedSigning {
  /** `undefined`: as every signer, where the runtime signs at once. */
  readonly signMultiRegion: MultiRegionSigning | undefined
  /** What signs, run within. */
  readonly run: <Result>(sign: () => Result) => Promise<Result>
}

export function createAwaitedSigning(): AwaitedSigning {
  const awaited = createAwaitedAnswers(() => new Map<string, string>())
  const signMultiRegion: MultiRegionSigning = (credentials) => (text) => {
    const signatures = awaited.current()
    if (signatures === null) throw noSyncEcdsa()
    const signature = signatures.get(text)
    if (signature !== undefined) return signature
    throw awaited.want(async () => {
      signatures.set(text, await signSigV4aAsync(credentials, text))
    })
  }
  return {
    signMultiRegion: nodeCrypto === null ? signMultiRegion : undefined,
    run: awaited.run,
  }
}
