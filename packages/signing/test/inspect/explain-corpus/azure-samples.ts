/**
 * Azure SAS of the three kinds, signed by @azure/storage-blob.
 */
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobSASPermissions,
  ContainerSASPermissions,
  SASProtocol,
  StorageSharedKeyCredential,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
} from '@azure/storage-blob'
import type { ExplainKey } from '@hallpass/signing/explain'
import { NOW, addSeconds } from './case.ts'
import type { Sample } from './case.ts'
import { LIFE, OBJECTS, TEST_KEYS, sentTo } from './other-samples.ts'
import type { Random } from './random.ts'

const ACCOUNT = TEST_KEYS.azure['azure-1']

export interface AzureOptions {
  readonly kind?: 'blob' | 'container' | 'account' | 'delegation'
  readonly permissions?: string
  readonly blob?: string
  readonly ip?: string
  readonly identifier?: string
  readonly startsOn?: Date
  readonly resourceTypes?: string
  readonly accountKey?: string
  readonly keyEndsOn?: Date
}

interface Common {
  readonly startsOn: Date
  readonly expiresOn: Date
  readonly protocol: SASProtocol
  readonly ipRange?: { readonly start: string }
}

/** A healthy request with a SAS. */
export function azureSample(random: Random, options: AzureOptions = {}): Sample {
  const kinds = ['blob', 'blob', 'container', 'account', 'delegation'] as const
  const kind = options.kind ?? random.pick(kinds)
  const signedAt = options.startsOn ?? addSeconds(NOW, -random.int(60, 600))
  const expiresAt = addSeconds(NOW, LIFE)
  const blobName = options.blob ?? random.pick(OBJECTS)
  const common: Common = {
    startsOn: signedAt,
    expiresOn: expiresAt,
    protocol: SASProtocol.Https,
    ...(options.ip === undefined ? {} : { ipRange: { start: options.ip } }),
  }
  const { token, key } =
    kind === 'account'
      ? accountToken(common, options)
      : kind === 'delegation'
        ? delegationToken(common, blobName, options)
        : serviceToken(common, kind === 'container' ? null : blobName, options)
  const path = `docs/${blobName.split('/').map(encodeURIComponent).join('/')}`
  const url = `https://${ACCOUNT.accountName}.blob.core.windows.net/${path}?${token}`
  return { request: sentTo('GET', url), key, signedAt, expiresAt }
}

interface SignedToken {
  readonly token: string
  readonly key: ExplainKey
}

const ACCOUNT_KEY: ExplainKey = { id: ACCOUNT.accountName, secret: ACCOUNT.accountKey }

function credentialOf({ accountKey }: AzureOptions): StorageSharedKeyCredential {
  return new StorageSharedKeyCredential(ACCOUNT.accountName, accountKey ?? ACCOUNT.accountKey)
}

function accountToken(common: Common, options: AzureOptions): SignedToken {
  const values = {
    ...common,
    permissions: AccountSASPermissions.parse(options.permissions ?? 'r'),
    services: AccountSASServices.parse('b').toString(),
    resourceTypes: AccountSASResourceTypes.parse(options.resourceTypes ?? 'o').toString(),
  }
  const token = generateAccountSASQueryParameters(values, credentialOf(options)).toString()
  return { token, key: ACCOUNT_KEY }
}

function serviceToken(common: Common, blobName: string | null, options: AzureOptions): SignedToken {
  const letters = options.permissions ?? 'r'
  const permissions =
    blobName === null ? ContainerSASPermissions.parse(letters) : BlobSASPermissions.parse(letters)
  const values = {
    ...common,
    containerName: 'docs',
    ...(blobName === null ? {} : { blobName }),
    ...(options.identifier === undefined ? { permissions } : { identifier: options.identifier }),
  }
  const token = generateBlobSASQueryParameters(values, credentialOf(options)).toString()
  return { token, key: ACCOUNT_KEY }
}

function delegationToken(common: Common, blobName: string, options: AzureOptions): SignedToken {
  const delegation = TEST_KEYS.azure['azure-udk-1'].userDelegationKey
  const userKey = {
    signedObjectId: delegation['signedObjectId'] ?? '',
    signedTenantId: delegation['signedTenantId'] ?? '',
    signedStartsOn: addSeconds(NOW, -86_400),
    signedExpiresOn: options.keyEndsOn ?? addSeconds(NOW, 86_400),
    signedService: 'b',
    signedVersion: delegation['signedVersion'] ?? '',
    value: delegation['value'] ?? '',
  }
  const permissions = BlobSASPermissions.parse(options.permissions ?? 'r')
  const values = { ...common, containerName: 'docs', blobName, permissions }
  const token = generateBlobSASQueryParameters(values, userKey, ACCOUNT.accountName).toString()
  return { token, key: { secret: userKey.value } }
}
