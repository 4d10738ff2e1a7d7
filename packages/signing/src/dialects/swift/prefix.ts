/**
 * Swift TempURLs for a prefix: one signature for every object whose name begins with it.
 *
 * @module
 */
import { checkOptions, FLAG, NUMBER, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { appendQuery } from '../../lib/absolute-url.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { requireOptions } from '../../lib/required-options.ts'
import { createSigner } from '../../lib/signer.ts'
import type { PrefixSigner, PresignedRequest } from '../../types.ts'
import type { SwiftTokenOptions } from './params.ts'
import { createSwiftKeyOf } from './params.ts'
import { readObjectPath, signQuery } from './presign.ts'

/** What to open. */
export type SwiftPrefixOptions = SwiftTokenOptions & {
  readonly account: string
  readonly container: string
  /** Not encoded. End it with a slash: `docs` also opens `docs-internal`. */
  readonly prefix: string
}

/** One signature for many objects. */
export interface SwiftPrefix extends PrefixSigner {
  readonly prefix: string
  /** The fields to append to the URL of any object below the prefix. */
  readonly query: string
}

const KNOWN: OptionTable<SwiftPrefixOptions> = {
  key: TEXT,
  account: TEXT,
  container: TEXT,
  prefix: TEXT,
  expiresInSeconds: NUMBER,
  expiresAt: true,
  now: true,
  digest: TEXT,
  encoding: TEXT,
  filename: TEXT,
  ipRange: TEXT,
  isInline: FLAG,
  method: TEXT,
  timeFormat: TEXT,
}

/** A signature over a prefix, to be appended to as many URLs as there are. @throws {SigningError} `key-invalid` */
export function createSwiftPrefix(options: SwiftPrefixOptions): SwiftPrefix {
  checkOptions(options, KNOWN)
  requireOptions(options, 'key', 'account', 'container', 'prefix')
  const { account, container, prefix } = options
  if (!isSegment(account) || !isSegment(container)) {
    throw new TypeError('account and container must be names, without slashes')
  }
  if (prefix === '' || !prefix.isWellFormed()) throw new TypeError('prefix must not be empty')
  const path = { account, container, object: '' }
  const { query, method, expiresAt } = signQuery(createSwiftKeyOf(options.key), options, {
    path,
    prefix,
  })
  function sign(url: string): PresignedRequest {
    const found = readObjectPath(url)
    const isBelow =
      found.account === account &&
      found.container === container &&
      found.object.startsWith(prefix) &&
      !hasDotSegment(found.object)
    if (!isBelow) throw new RangeError('url must be of an object below the prefix')
    return { url: appendQuery(url, query), method, headers: {}, expiresAt }
  }
  return { prefix, expiresAt, query, ...createSigner(sign) }
}

function isSegment(name: string): boolean {
  return name !== '' && !name.includes('/') && name.isWellFormed()
}
