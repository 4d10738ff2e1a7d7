/**
 * What a signature of S3 is made with: whose key, for where, and by which clock.
 *
 * @module
 */
import { TEXT } from '../../lib/known-options.ts'
import { toHex } from '../../lib/bytes.ts'
import { hmacOnce } from '../../lib/hmac-once.ts'
import { sha256 } from '../../lib/sha256.ts'
import { deriveV4KeyBytes } from '../../lib/v4-key-chain.ts'
import { createV4Scope, joinV4StringToSign } from '../../lib/v4.ts'
import type { Clock, ClockOptions } from '../../types.ts'
import type { S3Credentials } from './credentials.ts'
import { currentCredentials, readCredentials } from './credentials.ts'
import type { S3Locator, S3Service } from './endpoint.ts'
import { createS3Locator } from './endpoint.ts'
import { ALGORITHM_ECDSA, ALGORITHM_HMAC, S3_SCHEME } from './params.ts'
import type { DaySigner, SigningMoment } from './signing-moment.ts'
import { momentOf } from './signing-moment.ts'
import { deriveSigV4aSigningKey, signSigV4a } from './sigv4a.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { requireOptions } from '../../lib/required-options.ts'
import { wrongOption } from '../../lib/wrong-option.ts'

/** Who signs, for where. */
export interface S3SignerOptions extends S3Service, ClockOptions {
  /** The key pair, or a function that is asked for it at each signature. */
  readonly credentials: S3Credentials | (() => S3Credentials)
  /** `s3` unless given. */
  readonly service?: string | undefined
}

export const SIGNER_OPTIONS: OptionTable<S3SignerOptions> = {
  addressing: TEXT,
  credentials: true,
  endpoint: TEXT,
  now: true,
  region: TEXT,
  service: TEXT,
}

export interface S3SignerState<Signer extends DaySigner = DaySigner> {
  readonly credentials: S3Credentials
  readonly service: string
  readonly clock: Clock | undefined
  readonly locate: S3Locator
  /** By the day, `yyyyMMdd`. */
  readonly signerOf: (day: string) => Signer
  /** The same by Version 4A, whose scope has no region. */
  readonly multiRegionSignerOf: (day: string) => DaySigner
  /** By the second of the epoch. */
  readonly momentAt: (second: number) => SigningMoment
}

/** What signs a text by Version 4A with these credentials. */
export type MultiRegionSigning = (credentials: S3Credentials) => (stringToSign: string) => string

function signAtOnce(credentials: S3Credentials): (stringToSign: string) => string {
  const key = deriveSigV4aSigningKey(credentials)
  return (text) => signSigV4a(key, text)
}

/** The state for one signature, which keeps nothing; `TypeError` names an option that cannot be used. */
export function createSignerState(
  options: S3SignerOptions,
  signMultiRegion: MultiRegionSigning = signAtOnce,
): S3SignerState {
  requireOptions(options, 'credentials', 'region')
  const credentials = readCredentials(currentCredentials(options.credentials))
  const { now: clock, region, service = 's3' } = options
  checkScopePart(region, 'region', 'eu-west-1')
  checkScopePart(service, 'service', 's3')
  function signerOf(day: string): DaySigner {
    const scope = createV4Scope(S3_SCHEME, day, region, service)
    const key = deriveV4KeyBytes(S3_SCHEME, credentials.secretAccessKey, scope)
    return createDaySigner(ALGORITHM_HMAC, scope, (text) => toHex(hmacOnce(sha256, key, text)))
  }
  function multiRegionSignerOf(day: string): DaySigner {
    const scope = { text: `${day}/${service}/${S3_SCHEME.terminal}` }
    return createDaySigner(ALGORITHM_ECDSA, scope, signMultiRegion(credentials))
  }
  return {
    credentials,
    service,
    clock,
    // A copy, which the caller cannot change later.
    locate: createS3Locator({ ...options }),
    signerOf,
    multiRegionSignerOf,
    momentAt: (second) => momentOf(credentials, signerOf, second),
  }
}

function createDaySigner(
  algorithm: string,
  scope: DaySigner['scope'],
  signText: (stringToSign: string) => string,
): DaySigner {
  return {
    algorithm,
    scope,
    sign: (timestamp, hash) => signText(joinV4StringToSign(algorithm, timestamp, scope, hash)),
  }
}

// A region or service with another character would make another scope than it says.
const SCOPE_PART = /^[\w*.-]{1,128}$/

function checkScopePart(part: string, parameter: string, example: string): void {
  if (SCOPE_PART.test(part)) return
  throw wrongOption(`${parameter} must be a name such as ${example}`)
}
