/** The Azure vectors, and the options that ask this library for the same. */
import type { PresignedRequest, RawRequest, SigningErrorCode } from '@hallpass/signing'
import type * as azure from '@hallpass/signing/azure'
import type { AzureTokenOptions, ExpiryOptions } from '@hallpass/signing/azure'
import { optional } from './optional.ts'
import { toRequest } from './requests.ts'

export interface AzureVector {
  readonly id: string
  readonly kind: 'service' | 'account' | 'user-delegation'
  readonly sign: {
    readonly account: string
    readonly canonicalizedResource?: string
    readonly keyBase64: string
    readonly fields: Readonly<Record<string, string>>
    readonly snapshotOrVersion?: string
    readonly requestHeaders?: Readonly<Record<string, string>>
    readonly requestQuery?: Readonly<Record<string, string>>
  }
  readonly expected: {
    readonly url: string
    readonly token: string
    readonly stringToSign: string
    readonly signature: string
  }
}

/** A request that a verifier must take or refuse. */
export interface AzureDerivedVector {
  readonly id: string
  readonly now: string
  readonly clientIp: string
  readonly server: { readonly account: string; readonly accountKey: string }
  readonly request: { readonly method: string; readonly url: string }
  readonly expect: { readonly allow: boolean; readonly code?: string }
}

/** Which of the library's errors stands behind which of the service's answers. */
export const AZURE_SERVICE_CODES: Readonly<Record<string, readonly string[]>> = {
  AuthenticationFailed: [
    'signature-mismatch',
    'signature-expired',
    'signature-not-yet-valid',
    'resource-mismatch',
  ],
  AuthorizationPermissionMismatch: ['permission-missing'],
  AuthorizationSourceIPMismatch: ['ip-not-allowed'],
  AuthorizationProtocolMismatch: ['protocol-not-allowed'],
  AuthorizationResourceTypeMismatch: ['resource-mismatch'],
  AuthorizationServiceMismatch: ['resource-mismatch'],
} satisfies Record<string, readonly SigningErrorCode[]>

/** What a verifier must know to take a vector. */
export function verifyOptionsOf({ sign, kind }: AzureVector): azure.VerifyAzureOptions {
  const { fields } = sign
  return {
    account: sign.account,
    now: momentOf(sign.fields),
    operation: {
      level: fields['srt']?.includes('o') === false ? 'c' : 'o',
      permissions: fields['sp'] ?? 'r',
    },
    lookup: (id) => {
      const wanted = kind === 'user-delegation' ? 'user-delegation' : 'account'
      return id.kind === wanted ? [sign.keyBase64] : null
    },
    policies: () => ({
      ...(fields['sp'] === undefined ? { permissions: 'r' } : {}),
      ...(fields['se'] === undefined ? { expiresAt: FAR_AHEAD } : {}),
    }),
    bearer: { objectId: fields['sduoid'] ?? '', tenantId: fields['skdutid'] ?? '' },
  }
}

/** The request a vector's URL becomes. */
export function requestOfVector({ sign, expected }: AzureVector): RawRequest {
  const clientIp = sign.fields['sip']?.split('-')[0]
  return toRequest(expected.url, {
    ...optional('clientIp', clientIp),
    headers: Object.entries(sign.requestHeaders ?? {}).flat(),
  })
}

/** True for two spellings of one query: an escape in either case, parameters in another order. */
export function isSameToken(a: string, b: string): boolean {
  try {
    const of = (text: string): string[] =>
      decodeURIComponent(text.slice(text.indexOf('?') + 1))
        .split('&')
        .toSorted()
    return JSON.stringify(of(a)) === JSON.stringify(of(b))
  } catch {
    return false
  }
}

/** The end of a stored access policy, for tokens that leave theirs to it. */
const FAR_AHEAD = new Date('9999-12-31T23:59:59Z')

/** The last second of a token's life; its first if the token names no end. */
function momentOf({ se, ske, st }: Readonly<Record<string, string>>): Date {
  const ends = [se, ske].filter((text) => text !== undefined).map((text) => Date.parse(text))
  return ends.length === 0 ? new Date(st ?? 0) : new Date(Math.min(...ends) - 1000)
}

/** The entry under test, from source or from the build. */
export type AzureLibrary = typeof azure

/** This library's URL for a vector. */
export function presignVector(vector: AzureVector, library: AzureLibrary): PresignedRequest {
  if (vector.kind === 'account') return presignAccount(vector, library)
  return vector.kind === 'service'
    ? presignService(vector, library)
    : presignDelegation(vector, library)
}

function presignAccount(vector: AzureVector, library: AzureLibrary): PresignedRequest {
  const { keyBase64, fields } = vector.sign
  const [, container, blob] =
    /^https:\/\/[^/]+\/([^/?]+)(?:\/([^?]*))?/.exec(vector.expected.url) ?? []
  return library.presignAzureAccount({
    ...commonOptions(vector),
    accountKey: keyBase64,
    permissions: textOf(fields['sp']),
    services: textOf(fields['ss']),
    resourceTypes: textOf(fields['srt']),
    ...optional('container', container),
    ...optional('blob', blob === undefined ? undefined : decodeURIComponent(blob)),
  })
}

function presignService(vector: AzureVector, library: AzureLibrary): PresignedRequest {
  const { keyBase64, fields } = vector.sign
  return library.presignAzureBlob({
    ...commonOptions(vector),
    ...targetOf(vector),
    accountKey: keyBase64,
    ...optional('permissions', fields['sp']),
    ...optional('storedPolicy', fields['si']),
    responseHeaders: responseHeadersOf(fields),
  })
}

function presignDelegation(vector: AzureVector, library: AzureLibrary): PresignedRequest {
  const { keyBase64, fields } = vector.sign
  return library.presignAzureUserDelegation({
    ...commonOptions(vector),
    ...targetOf(vector),
    permissions: textOf(fields['sp']),
    responseHeaders: responseHeadersOf(fields),
    delegationKey: {
      signedObjectId: textOf(fields['skoid']),
      signedTenantId: textOf(fields['sktid']),
      signedStartsOn: textOf(fields['skt']),
      signedExpiresOn: new Date(textOf(fields['ske'])),
      signedService: textOf(fields['sks']),
      signedVersion: textOf(fields['skv']),
      value: keyBase64,
      signedDelegatedUserTenantId: fields['skdutid'],
    },
    ...optional('authorizedObjectId', fields['saoid']),
    ...optional('unauthorizedObjectId', fields['suoid']),
    ...optional('correlationId', fields['scid']),
    ...optional('delegatedUserObjectId', fields['sduoid']),
    ...optional('requestHeaders', vector.sign.requestHeaders),
    ...optional('requestQuery', vector.sign.requestQuery),
  })
}

function textOf(value: string | undefined): string {
  return value ?? ''
}

/** Where a token names no end, a stored policy has it. */
function commonOptions({ sign, expected }: AzureVector): AzureTokenOptions & ExpiryOptions {
  const { account, fields } = sign
  const { spr } = fields
  return {
    account,
    endpoint: expected.url.split('/').slice(0, 3).join('/'),
    ...optional('version', fields['sv']),
    ...optional('expiresAt', fields['se'] === undefined ? undefined : new Date(fields['se'])),
    ...optional('startsAt', fields['st'] === undefined ? undefined : new Date(fields['st'])),
    ...optional('ip', fields['sip']),
    ...optional('encryptionScope', fields['ses']),
    protocol: spr === 'https' || spr === 'https,http' ? spr : null,
  }
}

function targetOf({ sign }: AzureVector): azure.AzureTargetOptions {
  const [, , , container = '', ...rest] = (sign.canonicalizedResource ?? '').split('/')
  const name = rest.join('/')
  const { sr } = sign.fields
  if (sr === 'c') return { container, blob: null }
  if (sr === 'd') return { container, directory: name }
  if (sr === 'bs') return { container, blob: name, ...optional('snapshot', sign.snapshotOrVersion) }
  if (sr === 'bv')
    return { container, blob: name, ...optional('versionId', sign.snapshotOrVersion) }
  return { container, blob: name }
}

function responseHeadersOf(fields: Readonly<Record<string, string>>): Record<string, string> {
  return {
    ...optional('cacheControl', fields['rscc']),
    ...optional('contentDisposition', fields['rscd']),
    ...optional('contentEncoding', fields['rsce']),
    ...optional('contentLanguage', fields['rscl']),
    ...optional('contentType', fields['rsct']),
  }
}
