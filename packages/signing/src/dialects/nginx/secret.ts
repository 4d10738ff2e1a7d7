/**
 * The older mode of secure_link, `secure_link_secret`: a hash in the path, and no end [NGINX-SECURE-LINK]. Legacy.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import { equalText } from '../../lib/constant-time.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { splitTarget } from '../../lib/raw-target.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { checkOptions, LIST, TEXT } from '../../lib/known-options.ts'
import { requireList, requireOptions } from '../../lib/required-options.ts'
import type { PresignedRequest, RawRequest } from '../../types.ts'
import { hashNginxLink } from './string-to-sign.ts'

/** What to sign. */
export interface PresignNginxSecretOptions {
  /** The location with one segment and a slash, such as `https://host/p/`. It is not signed. */
  readonly prefix: string
  /** What follows the hash, percent-encoded as sent, without a slash in front; a query is a part of it. */
  readonly link: string
  readonly secret: string
}

/** How to check a link. */
export interface VerifyNginxSecretOptions {
  /** Every secret that may have signed; several while secrets change. */
  readonly secrets: readonly string[]
  /** Methods the link may be used with. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** What a checked link says. */
export interface VerifiedNginxSecret {
  /** What followed the hash, as sent. */
  readonly link: string
  readonly isLegacy: true
}

/** A URL that never ends, so there is no `expiresAt`. */
export type NginxSecretRequest = Omit<PresignedRequest, 'expiresAt'>

const SIGNER_OPTIONS: OptionTable<PresignNginxSecretOptions> = {
  secret: TEXT,
  prefix: TEXT,
  link: TEXT,
}

/**
 * A URL of the older mode, for servers that cannot be changed. It works until the secret is changed.
 *
 * ```text
 * https://host/p/hex(MD5(link + secret))/link
 * ```
 *
 * @throws {SigningError} `key-invalid` if the secret is empty
 */
export function presignNginxSecret(options: PresignNginxSecretOptions): NginxSecretRequest {
  checkOptions(options, SIGNER_OPTIONS)
  requireOptions(options, 'secret', 'prefix', 'link')
  const { prefix, link, secret } = options
  assertSecret(secret)
  const { path } = parseAbsoluteUrl(prefix + link, 'prefix and link')
  if (!/^https?:\/\/[^/?]+\/[^/?]*\/$/.test(prefix)) {
    throw new TypeError('prefix must be scheme, host and one segment with a slash behind it')
  }
  if (link === '' || link.startsWith('/') || hasDotSegment(path)) {
    throw new TypeError('link must not be empty, begin with a slash or have dot segments')
  }
  return { url: `${prefix}${hashNginxLink(link, secret)}/${link}`, method: 'GET', headers: {} }
}

const TARGET = /^\/[^/?]*\/([^/?]*)\/(.+)$/s

const KNOWN: OptionTable<VerifyNginxSecretOptions> = {
  secrets: LIST,
  methods: LIST,
}

/** What a link of the older mode opens. @throws {SigningError} if anything about it is wrong */
export function verifyNginxSecret(
  request: RawRequest,
  options: VerifyNginxSecretOptions,
): VerifiedNginxSecret {
  checkOptions(options, KNOWN)
  requireList(options.secrets, 'secrets')
  const [, hash = '', link = ''] = TARGET.exec(request.target) ?? []
  if (link === '') {
    throw new SigningError('signature-missing', 'the path has no prefix, hash and link', {
      dialect: 'nginx',
    })
  }
  if (!/^[0-9a-f]{32}$/.test(hash)) {
    throw new SigningError('signature-malformed', 'the hash is not 32 lower-case hex digits', {
      parameter: 'hash',
    })
  }
  const isOurs = options.secrets.some((secret) => {
    assertSecret(secret)
    return equalText(hashNginxLink(link, secret), hash)
  })
  if (!isOurs) {
    throw new SigningError('signature-mismatch', 'the hash is not of this link', {
      dialect: 'nginx',
    })
  }
  // The hash is over the raw link, and a server that folds it would serve another file.
  if (hasDotSegment(splitTarget(request.target).path)) {
    throw new SigningError('resource-mismatch', 'the link has dot segments', {
      reason: 'the path has dot segments',
    })
  }
  assertMethodAllowed(request.method, options.methods ?? READ_METHODS)
  return { link, isLegacy: true }
}

function assertSecret(secret: string): void {
  if (typeof secret === 'string' && secret !== '') return
  throw new SigningError('key-invalid', 'secret must not be empty', {
    parameter: 'secret',
    reason: 'expected the text of secure_link_secret',
  })
}
