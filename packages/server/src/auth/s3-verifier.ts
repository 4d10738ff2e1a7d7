/** Checks the signature of a request against the keys of this moment, and nothing more: what a key may do is asked elsewhere. */
import type { RawRequest } from '@hallpass/signing'
import { SigningError, isSigningError } from '@hallpass/signing/errors'
import { createS3PostVerifier, createS3Verifier } from '@hallpass/signing/s3'
import type { S3PostRequest, VerifiedS3Post, VerifiedS3Request } from '@hallpass/signing/s3'
import type { CoreContext } from '../core/context.ts'
import { refusal } from '../core/errors.ts'
import type { Keys, UsableAccessKey } from '../core/known-keys.ts'
import { createTemporaryKeys } from '../core/keys/temporary-keys.ts'
import { isTemporaryKeyId } from '../platform/ids.ts'

/**
 * Throws, or rejects with, `SigningError`. `at`: as it would have been in that moment, in milliseconds; now without it. There is something
 * to wait for only where the keys have to be asked for.
 */
export type VerifyS3Request = (
  request: RawRequest,
  at?: number,
) => VerifiedS3Request<UsableAccessKey> | Promise<VerifiedS3Request<UsableAccessKey>>

type VerifierContext = Pick<CoreContext, 'keyRing' | 'sealer' | 'clock' | 'region'>

/** What it derives from a key is kept for as long as `findKey` gives that key: those that live, unless said otherwise. */
export function createRequestVerifier(
  core: VerifierContext,
  findKey: FindKey = createKeyFinder(core),
): VerifyS3Request {
  const { keyRing, clock, region } = core
  let keys: Keys | null = null
  let nowMs = 0
  let found: UsableAccessKey | null = null
  const verifier = createS3Verifier<UsableAccessKey>({
    region,
    lookup: (id, token) => (found = findKey(keys, { id, token, nowMs })),
  })

  /** A link of the server's own for GET answers HEAD as well; a URL that somebody else signed means its method alone. */
  // oxlint-disable-next-line max-params -- what, by whose keys, when
  function verify(
    request: RawRequest,
    current: Keys,
    at: number | undefined,
  ): VerifiedS3Request<UsableAccessKey> {
    keys = current
    nowMs = clock.now()
    found = null
    const now = new Date(at ?? nowMs)
    if (request.method !== 'HEAD') return verifier.verify(request, { now })
    try {
      return verifier.verify(request, { now })
    } catch (error) {
      if (!isSigningError(error) || error.code !== 'signature-mismatch' || !isOwn(found)) {
        throw error
      }
      return verifier.verify({ ...request, method: 'GET' }, { now })
    }
  }

  return (request, at) => withKeys(keyRing, (current) => verify(request, current, at))
}

/** Throws, or rejects with, `SigningError`. */
export type VerifyS3Form = (
  form: S3PostRequest,
  bucket: string,
) => VerifiedS3Post<UsableAccessKey> | Promise<VerifiedS3Post<UsableAccessKey>>

/** The same for the policies of forms. */
export function createFormVerifier(core: VerifierContext): VerifyS3Form {
  const { keyRing, clock, region } = core
  let keys: Keys | null = null
  let nowMs = 0
  const findKey = createKeyFinder(core)
  const verifier = createS3PostVerifier<UsableAccessKey>({
    region,
    lookup: (id, token) => findKey(keys, { id, token, nowMs }),
  })
  return (form, bucket) =>
    withKeys(keyRing, (current) => {
      keys = current
      nowMs = clock.now()
      return verifier.verify(form, { bucket, now: new Date(nowMs) })
    })
}

export type FindKey = (keys: Keys | null, claimed: Claimed) => UsableAccessKey | null

export interface Claimed {
  readonly id: string
  readonly token: string | null
  readonly nowMs: number
}

/** A stored key by its id, and temporary credentials by the token that comes with them. */
export function createKeyFinder(core: Pick<CoreContext, 'sealer'>): FindKey {
  const temporaryKeys = createTemporaryKeys(core)
  return (keys, { id, token, nowMs }) => {
    if (token === null || !isTemporaryKeyId(id)) return keys?.findAccessKey(id, nowMs) ?? null
    const key = temporaryKeys.open(id, token)
    if (key === null) {
      const parameter = 'X-Amz-Security-Token'
      throw new SigningError('token-invalid', 'the session token is not of this key', { parameter })
    }
    const { createdBy, expiresAt } = key.record
    if (expiresAt !== null && nowMs >= expiresAt) throw refusal('token-expired', { expiresAt })
    // Of those for an upload link, the record of the link is asked.
    if (key.linkId !== undefined) return key
    // They end with the key that made them; it may have been made a moment ago, too.
    return keys?.findApiKeyById(createdBy, nowMs) === null ? null : key
  }
}

function withKeys<Verified>(
  keyRing: CoreContext['keyRing'],
  verify: (keys: Keys) => Verified,
): Verified | Promise<Verified> {
  const current = keyRing.current()
  return current instanceof Promise
    ? current.then((keys) => verifyWith(keyRing, keys, verify))
    : verifyWith(keyRing, current, verify)
}

function verifyWith<Verified>(
  keyRing: CoreContext['keyRing'],
  keys: Keys,
  verify: (keys: Keys) => Verified,
): Verified | Promise<Verified> {
  try {
    return verify(keys)
  } catch (error) {
    if (!isSigningError(error) || error.code !== 'key-unknown') throw error
    return verifyAfresh(keyRing, { keys, error }, verify)
  }
}

/** Another process may have made the key a moment ago: the catalog is asked before it is refused. */
async function verifyAfresh<Verified>(
  keyRing: CoreContext['keyRing'],
  refused: { readonly keys: Keys; readonly error: SigningError },
  verify: (keys: Keys) => Verified,
): Promise<Verified> {
  const fresh = await keyRing.recheck()
  if (fresh === refused.keys) throw refused.error
  return verify(fresh)
}

function isOwn(key: UsableAccessKey | null): boolean {
  return key?.record.kind === 'signing'
}
