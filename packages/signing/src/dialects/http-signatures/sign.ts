/**
 * Signs HTTP requests [RFC9421 3.1].
 *
 * @module
 */
import { FLAG, LIST, NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import {
  checkRequestOptions,
  checkSignerOptions,
  signerOptionTable,
  signOnce,
} from '../../lib/signer-options.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { requireOptions } from '../../lib/required-options.ts'
import { resolveNowMs } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type { HttpSigningKey } from './params.ts'
import { prepareHttpSigner } from './params.ts'
import { formatSignatureBase, isComponent } from './signature-base.ts'
import { formatSignature, formatSignatureInput } from './signature-input.ts'

/** Who signs. */
export interface HttpSignerOptions extends ClockOptions {
  readonly key: HttpSigningKey
  /** By which the verifier finds the key. */
  readonly keyId: string
}

/** What of a request is signed, and until when. */
export type HttpSignatureOptions = ExpiryOptions & {
  /** In this order: `@method`, `@authority`, `@path`, `@query`, `content-digest`, … */
  readonly components: readonly string[]
  /** `sig1` unless given. */
  readonly label?: string
  readonly nonce?: string
  /** What the signature is for, by the name an application has for it. */
  readonly tag?: string
  /** Put the name of the algorithm into the parameters. */
  readonly showsAlgorithm?: boolean
}

/** The two headers that a signature adds. A request that has others already gets them as further members. */
export interface SignedHttpHeaders {
  readonly 'signature-input': string
  readonly signature: string
}

const OPTIONS: SignerOptionTable<HttpSignerOptions, HttpSignatureOptions> =
  /* @__PURE__ */ signerOptionTable({
    signer: { key: OBJECT, keyId: TEXT, now: true },
    request: {
      components: LIST,
      label: TEXT,
      nonce: TEXT,
      tag: TEXT,
      showsAlgorithm: FLAG,
      expiresInSeconds: NUMBER,
      expiresAt: true,
      now: true,
    },
  })

/** Signs request after request with one key. It keeps the key as it was read. */
export interface HttpSigner {
  /** See {@link signHttpRequest}. */
  readonly sign: (request: RawRequest, options: HttpSignatureOptions) => SignedHttpHeaders
}

const LABEL = /^[a-z*][a-z0-9_.*-]*$/

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createHttpSigner(options: HttpSignerOptions): HttpSigner {
  checkSignerOptions(options, OPTIONS)
  const sign = prepareSigning(options)
  return {
    sign(request, asked) {
      checkRequestOptions(asked, OPTIONS)
      return sign(request, asked)
    },
  }
}

function prepareSigning(options: HttpSignerOptions): HttpSigner['sign'] {
  requireOptions(options, 'key', 'keyId')
  const key = prepareHttpSigner(options.key)
  return (request, asked) => {
    requireOptions(asked, 'components')
    const { components, label = 'sig1', nonce, tag, showsAlgorithm, ...life } = asked
    assertComponents(components)
    if (!LABEL.test(label)) throw new TypeError('label must be lower case, of letters and digits')
    const created = Math.floor(resolveNowMs(life.now ?? options.now) / 1000)
    const parameters: [string, string | number][] = [
      ['created', created],
      ['expires', resolveExpiry(life, options.now)],
      ['keyid', options.keyId],
    ]
    if (showsAlgorithm === true) parameters.push(['alg', key.algorithm])
    if (nonce !== undefined) parameters.push(['nonce', nonce])
    if (tag !== undefined) parameters.push(['tag', tag])
    const input = formatSignatureInput(components, parameters)
    const signature = key.sign(formatSignatureBase(request, components, input))
    return {
      'signature-input': `${label}=${input}`,
      signature: formatSignature(label, signature),
    }
  }
}

/**
 * The headers that sign a request: its components, a start, an end and the id of the key.
 *
 * @throws {SigningError} `key-invalid`, `header-missing`; `sync-crypto-unavailable` for PEM without `node:crypto`
 */
export function signHttpRequest(
  request: RawRequest,
  options: HttpSignerOptions & HttpSignatureOptions,
): SignedHttpHeaders {
  return signOnce(options, OPTIONS, (signer: HttpSignerOptions) => {
    const sign = prepareSigning(signer)
    return (asked: HttpSignatureOptions) => sign(request, asked)
  })
}

function shown(name: unknown): string {
  return typeof name === 'string' ? name : 'what is no text'
}

/** @throws {TypeError} */
function assertComponents(components: readonly string[]): void {
  if (!Array.isArray(components) || components.length === 0) {
    throw new TypeError('components must name what is signed')
  }
  const wrong = components.find((name) => !isComponent(name))
  if (wrong !== undefined) {
    throw new TypeError(
      `components must be names of headers in lower case and derived components: ${shown(wrong)} is none`,
    )
  }
  if (new Set(components).size < components.length) {
    throw new TypeError('components must name each once')
  }
}
