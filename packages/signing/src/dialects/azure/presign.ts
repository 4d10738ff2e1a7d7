/**
 * Makes URLs with a SAS of their own for one container, blob, snapshot, version or directory each.
 *
 * @module
 */
import { FLAG, NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import type { PresignedRequest, Signer } from '../../types.ts'
import type {
  AzureDelegationRequest,
  AzureDelegationSignerOptions,
  PresignAzureUserDelegationOptions,
} from './delegation-options.ts'
import { draftDelegationToken } from './delegation-token.ts'
import type { TokenDraft } from './draft.ts'
import { presignDraft } from './draft.ts'
import type { AzureServiceRequest } from './service-token.ts'
import { draftServiceToken } from './service-token.ts'
import { createLocator } from './target.ts'
import type { AzureTargetOptions } from './target.ts'
import type { AzureAccountOptions, AzureGrantOptions, AzureResponseOptions } from './token.ts'
import { prepareAzureKey } from './token.ts'

/** Whose account key signs. */
export interface AzureSignerOptions extends AzureAccountOptions {
  /** Either key of the account, in base64. */
  readonly accountKey: string
}

/** What {@link presignAzureBlob} needs. */
export type PresignAzureBlobOptions = AzureSignerOptions & AzureServiceRequest

/** Signs token after token with one key. It keeps the key, and what tokens of one container and one second share. */
export type AzureSigner<Request extends AzureServiceRequest | AzureDelegationRequest> =
  Signer<Request>

/** Of both kinds of token. */
const ACCOUNT_OPTIONS: OptionTable<AzureAccountOptions> = {
  account: TEXT,
  now: true,
  addressing: TEXT,
  endpoint: TEXT,
  version: TEXT,
  protocol: true,
}

/** Of both kinds of token. */
const TOKEN_OPTIONS: OptionTable<
  AzureGrantOptions &
    AzureTargetOptions &
    AzureResponseOptions &
    Pick<AzureDelegationRequest, 'permissions'>
> = {
  container: TEXT,
  blob: true,
  now: true,
  startsAt: true,
  ip: TEXT,
  encryptionScope: TEXT,
  method: TEXT,
  expiresInSeconds: NUMBER,
  expiresAt: true,
  responseHeaders: OBJECT,
  filename: TEXT,
  isInline: FLAG,
  snapshot: TEXT,
  versionId: TEXT,
  directory: TEXT,
  permissions: true,
}

export const SERVICE_OPTIONS: SignerOptionTable<AzureSignerOptions, AzureServiceRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: { ...ACCOUNT_OPTIONS, accountKey: TEXT },
    request: { ...TOKEN_OPTIONS, storedPolicy: TEXT },
  })

export const DELEGATION_OPTIONS: SignerOptionTable<
  AzureDelegationSignerOptions,
  AzureDelegationRequest
> = /* @__PURE__ */ signerOptionTable({
  signer: { ...ACCOUNT_OPTIONS, delegationKey: OBJECT },
  request: {
    ...TOKEN_OPTIONS,
    authorizedObjectId: TEXT,
    unauthorizedObjectId: TEXT,
    correlationId: TEXT,
    delegatedUserObjectId: TEXT,
    requestHeaders: OBJECT,
    requestQuery: OBJECT,
  },
})

/** A signer of service SAS, for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createAzureSigner(options: AzureSignerOptions): AzureSigner<AzureServiceRequest> {
  return signerOf(options, SERVICE_OPTIONS, prepareServiceSigning)
}

function prepareServiceSigning(
  options: AzureSignerOptions,
): (request: AzureServiceRequest) => PresignedRequest {
  requireOptions(options, 'account', 'accountKey')
  const key = prepareAzureKey(options.accountKey, 'accountKey')
  const account = { ...options }
  return createTokenSigning(key, account, (request: AzureServiceRequest) =>
    draftServiceToken({ ...account, ...request }),
  )
}

/** A signer of user delegation SAS, for as long as its key lives. @throws {SigningError} `key-invalid` */
export function createAzureDelegationSigner(
  options: AzureDelegationSignerOptions,
): AzureSigner<AzureDelegationRequest> {
  return signerOf(options, DELEGATION_OPTIONS, prepareDelegationSigning)
}

function prepareDelegationSigning(
  options: AzureDelegationSignerOptions,
): (request: AzureDelegationRequest) => PresignedRequest {
  requireOptions(options, 'account', 'delegationKey')
  const key = prepareAzureKey(options.delegationKey.value, 'delegationKey.value')
  const account = { ...options, delegationKey: { ...options.delegationKey } }
  return createTokenSigning(key, account, (request: AzureDelegationRequest) =>
    draftDelegationToken({ ...account, ...request }),
  )
}

function createTokenSigning<Request extends AzureServiceRequest | AzureDelegationRequest>(
  key: HmacKey,
  { account, now }: AzureAccountOptions,
  draft: (request: Request) => TokenDraft,
): (request: Request) => PresignedRequest {
  const locate = createLocator(account)
  let last: { readonly request: Request; readonly draft: TokenDraft } | null = null

  function draftFor(request: Request): TokenDraft {
    if (!isUsual(request)) return draft(request)
    if (last !== null && isAlike(last.request, request)) {
      if (last.draft.expires === resolveExpiry(request)) return last.draft
    }
    // A copy: the caller's object may change later.
    last = { request: { ...request }, draft: draft(request) }
    return last.draft
  }
  return (asked) => {
    const request = asked.now === undefined && now !== undefined ? { ...asked, now } : asked
    const drafted = draftFor(request)
    return presignDraft(drafted, key, {
      location: locate(request),
      method: request.method,
    })
  }
}

/** What a request for one blob may say besides its permissions without its token being one of a kind. */
const USUAL_OPTIONS: ReadonlySet<string> = new Set([
  'container',
  'blob',
  'permissions',
  'expiresInSeconds',
  'expiresAt',
  'now',
  'method',
])

type AnyRequest = AzureServiceRequest | AzureDelegationRequest

function isUsual(request: AnyRequest): boolean {
  // A list of permissions may change in the hands of the caller.
  if (typeof request.blob !== 'string' || typeof request.permissions !== 'string') return false
  for (const name in request) if (!USUAL_OPTIONS.has(name)) return false
  return true
}

/** True if two usual requests differ in nothing but the blob, the method and the time. */
function isAlike(a: AnyRequest, b: AnyRequest): boolean {
  return a.container === b.container && a.permissions === b.permissions
}

/**
 * A URL with a service SAS.
 *
 * With a stored access policy that knows the end of life, `expiresAt` is the last date there is. Whoever makes more than
 * one URL makes a signer with {@link createAzureSigner}, which is many times as fast.
 *
 * @throws {TypeError | RangeError} naming the option
 * @throws {SigningError} `key-invalid`
 *
 * @example
 * ```ts
 * const { url } = presignAzureBlob({
 *   account: 'myaccount',
 *   accountKey,
 *   container: 'photos',
 *   blob: 'cats/tom.jpg',
 *   permissions: 'r',
 *   expiresInSeconds: 300,
 * })
 * ```
 */
export function presignAzureBlob(options: PresignAzureBlobOptions): PresignedRequest {
  return signOnce(options, SERVICE_OPTIONS, prepareServiceSigning)
}

/** A URL with a user delegation SAS. Errors as in {@link presignAzureBlob}. */
export function presignAzureUserDelegation(
  options: PresignAzureUserDelegationOptions,
): PresignedRequest {
  return signOnce(options, DELEGATION_OPTIONS, prepareDelegationSigning)
}
