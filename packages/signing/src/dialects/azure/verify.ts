/**
 * Verifies requests with a SAS of any kind: the signature first, then time, address, protocol and permission.
 *
 * @module
 */

import { equalText } from '../../lib/constant-time.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacBase64 } from '../../lib/hmac.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { keepWith } from '../../lib/keep-with.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, OBJECT, TEXT } from '../../lib/known-options.ts'
import { requireList, requireLookup, requireOptions } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type { AzureGrant, AzureStoredPolicy } from './grant.ts'
import { assertTerms, effectiveTerms } from './grant.ts'
import type { AzureFields, AzureSasKind } from './params.ts'
import { malformed, missing } from './params.ts'
import { operationOf } from './permissions.ts'
import type { AzureOperation } from './permissions.ts'
import type { AzureClaims, AzureTerms, AzureToken, AzureTokenReader } from './read-token.ts'
import { createTokenReader, decodeSignature, otherOf } from './read-token.ts'
import type { AzureRequestPath } from './resource.ts'
import { readRequestPath, resourceOfRequest } from './resource.ts'
import type { AzureLines } from './string-to-sign.ts'
import {
  formatAccountString,
  formatServiceLines,
  formatUserDelegationString,
} from './string-to-sign.ts'
import { prepareAzureKey } from './token.ts'
import { lookupAnswer } from '../../lib/lookup-answer.ts'

/** Which key a token says it was signed with. */
export type AzureKeyId =
  | { readonly kind: 'account'; readonly account: string }
  | {
      readonly kind: 'user-delegation'
      readonly account: string
      readonly signedObjectId: string
      readonly signedTenantId: string
      /** As in the token, and part of what identifies the key. */
      readonly signedStartsOn: string
      readonly signedExpiresOn: string
      readonly signedService: string
      readonly signedVersion: string
    }

/** What a verifier knows of one request beside its bytes. */
export interface AzureRequestFacts extends ClockOptions {
  /**
   * What the request does. Read from method, `comp` and `restype` by default; give it where you know better, above all
   * `w` alone for a PUT that replaces a blob.
   */
  readonly operation?: AzureOperation
  /** The principal whose bearer token came with the request, for tokens bound to one (`sduoid`). */
  readonly bearer?: { readonly objectId: string; readonly tenantId: string }
}

/** Which requests a verifier is asked about. */
export interface AzureVerifierAccount extends ClockOptions {
  /** The storage account that is being asked. */
  readonly account: string
  /** Whether the account stands in the host, or in front of the path, as emulators have it. `virtual` by default. */
  readonly addressing?: 'path' | 'virtual'
}

/** The rules of a verifier. */
export interface AzureVerifierOptions extends AzureVerifierAccount {
  /** The keys with this id in base64, or `null`. Give both keys of an account: either may have signed. */
  readonly lookup: (id: AzureKeyId) => readonly string[] | null
  /** The stored access policy of the container, or `null`. Without this, tokens with `si` are refused. */
  readonly policies?: (container: string, id: string) => AzureStoredPolicy | null
}

/** The asynchronous twin, whose look-ups may wait. */
export interface AzureAsyncVerifierOptions extends AzureVerifierAccount {
  readonly lookup: (id: AzureKeyId) => readonly string[] | null | Promise<readonly string[] | null>
  readonly policies?: (
    container: string,
    id: string,
  ) => AzureStoredPolicy | null | Promise<AzureStoredPolicy | null>
}

/** What {@link verifyAzure} needs. */
export interface VerifyAzureOptions extends AzureVerifierOptions, AzureRequestFacts {}

/** What {@link verifyAzureAsync} needs. */
export interface VerifyAzureAsyncOptions extends AzureAsyncVerifierOptions, AzureRequestFacts {}

/** What a valid token says. */
export interface VerifiedAzure extends AzureGrant {
  readonly kind: AzureSasKind
  readonly account: string
  readonly version: string
  /** What the token is for: `b`, `bs`, `bv`, `c` or `d`; `null` for an account token. */
  readonly resource: string | null
  /** What the request names, decoded. */
  readonly container: string | null
  readonly blob: string | null
  readonly encryptionScope: string | null
  /** Response headers the token sets on GET. Signed, but still text: neutralise before use as headers. */
  readonly responseHeaders: Readonly<
    Record<
      'cacheControl' | 'contentDisposition' | 'contentEncoding' | 'contentLanguage' | 'contentType',
      string | null
    >
  >
  /** Who signed a user delegation token and for whom. */
  readonly delegation: {
    readonly signedObjectId: string
    readonly signedTenantId: string
    readonly authorizedObjectId: string | null
    readonly unauthorizedObjectId: string | null
    readonly delegatedUserObjectId: string | null
    readonly correlationId: string | null
  } | null
}

/** Verifies request after request. It keeps the keys it was given, as they were read. */
export interface AzureVerifier {
  /** See {@link verifyAzure}. */
  readonly verify: (request: RawRequest, facts?: AzureRequestFacts) => VerifiedAzure
}

/** The same, for look-ups that wait. */
export interface AzureAsyncVerifier {
  readonly verify: (request: RawRequest, facts?: AzureRequestFacts) => Promise<VerifiedAzure>
}

const KNOWN: OptionTable<VerifyAzureOptions> = {
  account: TEXT,
  addressing: TEXT,
  lookup: CALL,
  policies: CALL,
  operation: OBJECT,
  bearer: OBJECT,
  now: true,
}

/** A verifier for as long as its rules hold: a server makes one and keeps it. */
export function createAzureVerifier(options: AzureVerifierOptions): AzureVerifier {
  checkOptions(options, KNOWN)
  requireOptions(options, 'account')
  requireLookup(options)
  const memory = createMemory()
  function verify(request: RawRequest, facts: AzureRequestFacts = {}): VerifiedAzure {
    const signed = readSigned(memory, request, options)
    checkSignature(memory, signed, lookupAnswer(options.lookup(signed.keyId)))
    const policyId = signed.token.claims.fields.si
    const policy =
      policyId === undefined
        ? null
        : (options.policies?.(signed.path.container ?? '', policyId) ?? null)
    return grant(memory, request, facts, { signed, policy, options })
  }
  return { verify }
}

/** The asynchronous twin of {@link createAzureVerifier}. */
export function createAzureAsyncVerifier(options: AzureAsyncVerifierOptions): AzureAsyncVerifier {
  checkOptions(options, KNOWN)
  requireOptions(options, 'account')
  requireLookup(options)
  const memory = createMemory()
  async function verify(
    request: RawRequest,
    facts: AzureRequestFacts = {},
  ): Promise<VerifiedAzure> {
    const signed = readSigned(memory, request, options)
    checkSignature(memory, signed, lookupAnswer(await options.lookup(signed.keyId)))
    const policyId = signed.token.claims.fields.si
    const policy =
      policyId === undefined
        ? null
        : ((await options.policies?.(signed.path.container ?? '', policyId)) ?? null)
    return grant(memory, request, facts, { signed, policy, options })
  }
  return { verify }
}

/** What a verifier keeps. */
interface AzureMemory {
  readonly keyOf: KeyMemory<string, HmacKey>
  readonly readToken: AzureTokenReader
  /** The string of a service SAS around its resource, where that is no snapshot. */
  readonly linesOf: (claims: AzureClaims) => AzureLines
  /** What a token says where no policy has a say. */
  readonly termsOf: (claims: AzureClaims) => AzureTerms
}

function createMemory(): AzureMemory {
  return {
    keyOf: createKeyMemory((base64: string) => prepareAzureKey(base64, 'lookup result')),
    readToken: createTokenReader(),
    linesOf: keepWith(({ fields }: AzureClaims) => formatServiceLines(fields, '')),
    termsOf: keepWith((claims: AzureClaims) => effectiveTerms(claims, null)),
  }
}

/**
 * What the request's token grants.
 *
 * @throws {SigningError} `signature-missing`, `signature-malformed`, `signature-mismatch`, `signature-expired`,
 * `signature-not-yet-valid`, `expiry-too-long`, `parameter-missing`, `parameter-duplicate`, `parameter-malformed`,
 * `key-unknown`, `policy-unknown`, `header-missing`, `permission-missing`, `resource-mismatch`, `ip-not-allowed`,
 * `protocol-not-allowed`, `token-invalid`
 */
export function verifyAzure(request: RawRequest, options: VerifyAzureOptions): VerifiedAzure {
  return createAzureVerifier(options).verify(request, options)
}

/** The same, for look-ups that wait. */
export async function verifyAzureAsync(
  request: RawRequest,
  options: VerifyAzureAsyncOptions,
): Promise<VerifiedAzure> {
  return createAzureAsyncVerifier(options).verify(request, options)
}

interface Signed {
  readonly token: AzureToken
  readonly path: AzureRequestPath
  readonly keyId: AzureKeyId
  readonly stringToSign: string
}

function readSigned(
  { readToken, linesOf }: AzureMemory,
  request: RawRequest,
  { account, addressing = 'virtual' }: AzureVerifierAccount,
): Signed {
  const token = readToken(request)
  const path = readRequestPath(request, account, addressing === 'path')
  const { claims } = token
  const { fields, kind } = claims
  if (kind === 'account') {
    const stringToSign = formatAccountString(fields, account)
    return { token, path, keyId: { kind: 'account', account }, stringToSign }
  }
  const resource = resourceOfRequest(claims, path, account, request)
  if (kind === 'service') {
    const { snapshot } = resource
    const { before, after } =
      snapshot === '' ? linesOf(claims) : formatServiceLines(fields, snapshot)
    const stringToSign = before + resource.path + after
    return { token, path, keyId: { kind: 'account', account }, stringToSign }
  }
  const stringToSign = formatUserDelegationString(fields, resource)
  return { token, path, keyId: delegationKeyId(fields, account), stringToSign }
}

function delegationKeyId(fields: AzureFields, account: string): AzureKeyId {
  return {
    kind: 'user-delegation',
    account,
    signedObjectId: requireField(fields, 'skoid'),
    signedTenantId: requireField(fields, 'sktid'),
    signedStartsOn: requireField(fields, 'skt'),
    signedExpiresOn: requireField(fields, 'ske'),
    signedService: requireField(fields, 'sks'),
    signedVersion: requireField(fields, 'skv'),
  }
}

function requireField(
  fields: AzureFields,
  name: 'skoid' | 'sktid' | 'skt' | 'ske' | 'sks' | 'skv',
): string {
  const value = fields[name]
  if (value === undefined || value === '') throw missing(name)
  return value
}

function checkSignature(
  { keyOf }: AzureMemory,
  { token, keyId, stringToSign }: Signed,
  found: readonly string[] | null,
): void {
  if (found === null || found.length === 0) {
    const id = keyId.kind === 'account' ? keyId.account : keyId.signedObjectId
    throw new SigningError('key-unknown', 'no key is known for this token', { keyId: id })
  }
  requireList(found, 'lookup result')
  // Other escapes of the same text are as good; base64 that decodes to the same bytes is not.
  const signature = decodeSignature(token.rawSignature)
  let isSignedByOne = false
  for (const base64 of found) {
    const expected = hmacBase64(keyOf(base64), stringToSign)
    if (equalText(expected, signature)) isSignedByOne = true
  }
  if (!isSignedByOne) {
    throw new SigningError(
      'signature-mismatch',
      'the signature is not of this token and resource',
      {
        dialect: 'azure',
      },
    )
  }
}

function grant(
  { termsOf }: AzureMemory,
  request: RawRequest,
  facts: AzureRequestFacts,
  granting: {
    readonly signed: Signed
    readonly policy: AzureStoredPolicy | null
    readonly options: AzureVerifierAccount
  },
): VerifiedAzure {
  const { options, policy } = granting
  const { account } = options
  const { path, token } = granting.signed
  const { claims } = token
  const { kind, fields } = claims
  const terms = policy === null ? termsOf(claims) : effectiveTerms(claims, policy)
  const operation = facts.operation ?? readOperation(request, path, claims)
  const level = {
    operation,
    bearer: facts.bearer ?? null,
    now: resolveCallTime(facts, options.now),
  }
  assertTerms(request, claims, terms, level)
  return {
    permissions: terms.permissions,
    expiresAt: new Date(terms.expiresMs),
    startsAt: terms.startsMs === null ? null : new Date(terms.startsMs),
    ip: fields.sip ?? null,
    protocol: terms.protocol,
    storedPolicy: fields.si ?? null,
    kind,
    account,
    version: fields.sv ?? '',
    resource: fields.sr ?? null,
    container: path.container,
    blob: path.blob,
    encryptionScope: fields.ses ?? null,
    responseHeaders: responseHeadersOf(fields),
    delegation: kind === 'user-delegation' ? delegationOf(fields) : null,
  }
}

function readOperation(
  { method }: RawRequest,
  { container, blob }: AzureRequestPath,
  claims: AzureClaims,
): AzureOperation {
  const found = operationOf({
    method,
    isBlob: blob !== null,
    isService: container === null,
    comp: otherOf(claims, 'comp'),
    restype: otherOf(claims, 'restype'),
    isVersion: otherOf(claims, 'versionid') !== null,
  })
  if (found === null) throw malformed('comp', 'expected an operation of the Blob service')
  return found
}

function responseHeadersOf(fields: AzureFields): VerifiedAzure['responseHeaders'] {
  return {
    cacheControl: fields.rscc ?? null,
    contentDisposition: fields.rscd ?? null,
    contentEncoding: fields.rsce ?? null,
    contentLanguage: fields.rscl ?? null,
    contentType: fields.rsct ?? null,
  }
}

function delegationOf(fields: AzureFields): VerifiedAzure['delegation'] {
  return {
    signedObjectId: fields.skoid ?? '',
    signedTenantId: fields.sktid ?? '',
    authorizedObjectId: fields.saoid ?? null,
    unauthorizedObjectId: fields.suoid ?? null,
    delegatedUserObjectId: fields.sduoid ?? null,
    correlationId: fields.scid ?? null,
  }
}
