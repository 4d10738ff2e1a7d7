/**
 * One signature for many blobs: a container or directory token is signed once and put behind every URL under it.
 *
 * @module
 */
import { checkOptions, requireObject } from '../../lib/known-options.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { requireOptions } from '../../lib/required-options.ts'
import { createSigner } from '../../lib/signer.ts'
import type { PresignedRequest, Signer } from '../../types.ts'
import type { PresignAzureUserDelegationOptions } from './delegation-options.ts'
import { draftDelegationToken } from './delegation-token.ts'
import type { TokenDraft } from './draft.ts'
import { endOf, signDraft } from './draft.ts'
import type { PresignAzureBlobOptions } from './presign.ts'
import { DELEGATION_OPTIONS, SERVICE_OPTIONS } from './presign.ts'
import { draftServiceToken } from './service-token.ts'
import { methodWithin } from './method-permissions.ts'
import type { AzureTargetOptions } from './target.ts'
import { createLocator, encodeName } from './target.ts'
import { prepareAzureKey } from './token.ts'

/** What {@link createAzurePrefix} needs: an account key or a delegation key, and how much it opens. */
export type AzurePrefixOptions = OfMany<PresignAzureBlobOptions | PresignAzureUserDelegationOptions>

type OfMany<Options> = Options extends object
  ? Omit<Options, keyof AzureTargetOptions> & {
      readonly container: string
      /** A directory and all below it, as `directory` of a single URL; `null` is the container itself. */
      readonly directory: string | null
    }
  : never

/**
 * A signed token that hands out the URLs of blobs, by their decoded names from the container on. It never signs again. A
 * name outside of the directory is a `RangeError`.
 */
export interface AzurePrefix extends Signer<string> {
  /** When every URL of this token stops working; `null` if a stored access policy knows. */
  readonly expiresAt: Date | null
}

/**
 * A container or directory token.
 *
 * Whoever holds one of its URLs can open everything under it: choose the narrowest directory.
 */
export function createAzurePrefix(options: AzurePrefixOptions): AzurePrefix {
  checkPrefixOptions(options)
  const { draft, key } = 'delegationKey' in options ? draftDelegated(options) : draftOwned(options)
  const { resourcePath } = createLocator(options.account)(targetOf(options))
  return namePrefix(options, draft, signDraft(draft, key, resourcePath))
}

/** @throws {TypeError} naming the option */
function checkPrefixOptions(options: AzurePrefixOptions): void {
  requireObject(options)
  for (const name of ['blob', 'snapshot', 'versionId']) {
    if (name in options)
      throw new TypeError(`${name} must not be given: a prefix is for many blobs`)
  }
  const { both } = 'delegationKey' in options ? DELEGATION_OPTIONS : SERVICE_OPTIONS
  // Of a single URL `directory` is a text; here `null` says that all is meant.
  checkOptions(options, { ...both, directory: true })
  requireOptions(options, 'account', 'container')
  if (options.directory === undefined) {
    throw new TypeError('directory is missing: a path, or null for the whole container')
  }
}

/** A token that is not signed yet, and what signs it. */
interface PrefixToken {
  readonly draft: TokenDraft
  readonly key: HmacKey
}

function draftDelegated(options: OfMany<PresignAzureUserDelegationOptions>): PrefixToken {
  requireOptions(options, 'delegationKey')
  const draft = draftDelegationToken({ ...options, ...targetOf(options) })
  return { draft, key: prepareAzureKey(options.delegationKey.value, 'delegationKey.value') }
}

function draftOwned(options: OfMany<PresignAzureBlobOptions>): PrefixToken {
  requireOptions(options, 'accountKey')
  const draft = draftServiceToken({ ...options, ...targetOf(options) })
  return { draft, key: prepareAzureKey(options.accountKey, 'accountKey') }
}

type PrefixTarget =
  | { readonly container: string; readonly blob: null; readonly directory: undefined }
  | { readonly container: string; readonly directory: string }

function targetOf({ container, directory }: AzurePrefixOptions): PrefixTarget {
  return directory === null
    ? { container, blob: null, directory: undefined }
    : { container, directory }
}

/** Puts a signed token behind the names of blobs. */
function namePrefix(options: AzurePrefixOptions, draft: TokenDraft, query: string): AzurePrefix {
  const { container, directory } = options
  const { endpoint, expires, headers } = draft
  const method = methodWithin(draft.reach, options.method)
  const folder = directory ? `${directory}/` : ''
  const expiresAt = endOf(draft)

  function sign(blob: string): PresignedRequest {
    const name = encodeName(blob, 'blob')
    if (!blob.startsWith(folder)) throw new RangeError('blob must lie in the directory')
    return { url: `${endpoint}/${container}/${name}?${query}`, method, headers, expiresAt }
  }
  return { expiresAt: expires === null ? null : expiresAt, ...createSigner(sign) }
}
