/**
 * The usual user delegation SAS, made as the usual service SAS is: see `plain-blob.ts`.
 *
 * @module
 */

import { createBoundedCache } from '../../lib/bounded-cache.ts'
import type { PresignedRequest } from '../../types.ts'
import type { PlainParts } from './plain-blob.ts'
import {
  createParts,
  endOf,
  isMadeFrom,
  isPlain,
  presignFromParts,
  STAND_IN,
} from './plain-blob.ts'
import type { AzureDelegationKey, PresignAzureUserDelegationOptions } from './delegation-options.ts'
import type { SignedToken } from './signed-token.ts'
import { prepareAzureKey } from './token.ts'

interface Entry {
  readonly parts: PlainParts
  readonly keyFacts: KeyFacts
}

// A delegation key ends, so there are never many at a time.
const entries = createBoundedCache<string, Entry>(64)

/** The URL of a plain user delegation SAS, or `null` if the options ask for more than that. */
export function presignPlainDelegation(
  options: PresignAzureUserDelegationOptions,
  sign: (options: PresignAzureUserDelegationOptions) => SignedToken,
): PresignedRequest | null {
  const { blob, delegationKey } = options
  if (blob === undefined || !isPlain(options) || hasConditions(options)) return null
  const expires = endOf(options)
  let entry = entries.get(delegationKey.value)
  if (
    entry === undefined ||
    !isMadeFrom(entry.parts, options, expires) ||
    !isOfKey(entry.keyFacts, delegationKey)
  ) {
    const signed = sign({ ...options, blob: STAND_IN })
    const key = prepareAzureKey(delegationKey.value, 'delegationKey.value')
    const parts = createParts(options, expires, key, signed)
    entry = { parts, keyFacts: factsOf(delegationKey) }
    entries.set(delegationKey.value, entry)
  }
  return presignFromParts(entry.parts, blob, options.method)
}

function hasConditions(options: PresignAzureUserDelegationOptions): boolean {
  return (
    options.authorizedObjectId !== undefined ||
    options.unauthorizedObjectId !== undefined ||
    options.correlationId !== undefined ||
    options.delegatedUserObjectId !== undefined ||
    options.requestHeaders !== undefined ||
    options.requestQuery !== undefined
  )
}

/** What a key says of itself at one time: its dates could be changed under our hands. */
type KeyFacts = Omit<AzureDelegationKey, 'value' | 'signedStartsOn' | 'signedExpiresOn'> & {
  readonly starts: number | string
  readonly ends: number | string
}

function factsOf(key: AzureDelegationKey): KeyFacts {
  const { value: _, ...facts } = key
  return { ...facts, starts: timeOf(key.signedStartsOn), ends: timeOf(key.signedExpiresOn) }
}

function timeOf(time: Date | string): number | string {
  return typeof time === 'string' ? time : time.getTime()
}

function isOfKey(facts: KeyFacts, key: AzureDelegationKey): boolean {
  return (
    facts.signedObjectId === key.signedObjectId &&
    facts.signedTenantId === key.signedTenantId &&
    facts.starts === timeOf(key.signedStartsOn) &&
    facts.ends === timeOf(key.signedExpiresOn) &&
    facts.signedService === key.signedService &&
    facts.signedVersion === key.signedVersion &&
    facts.signedDelegatedUserTenantId === key.signedDelegatedUserTenantId
  )
}
