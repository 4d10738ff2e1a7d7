/** Drivers of Azure over an Azurite that is running. */
import { randomBytes } from 'node:crypto'
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob'
import { systemClock } from '../../../src/platform/clock.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { createSecret } from '../../../src/platform/secret.ts'
import type { ObjectStore } from '../../../src/stores/object-store.ts'
import type { AzureStoreOptions } from '../../../src/stores/azure/azure-calls.ts'
import { givenAzureCredentials } from '../../../src/stores/azure/azure-credentials.ts'
import type { AzureCredentials } from '../../../src/stores/azure/azure-credentials.ts'
import { parseAzureLocation } from '../../../src/stores/azure/azure-location.ts'
import { createAzureObjectStore } from '../../../src/stores/azure/azure-store.ts'
import type { SendLimits } from '../../../src/stores/send/sender.ts'

export const ACCOUNT = 'hallpassstores'
export const ACCOUNT_KEY: string = Buffer.from(
  'an account key that Azurite is told at its start, for the tests of stores.',
).toString('base64')
export const CONTAINER = 'stored'

/** Microsoft's own client, with the key of the account. */
export function ownerOf(endpoint: string): BlobServiceClient {
  return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(ACCOUNT, ACCOUNT_KEY))
}

/** `secret`: a key or a signature. */
export function credentialsOf(secret: string = ACCOUNT_KEY): AzureCredentials {
  return givenAzureCredentials(ACCOUNT, { id: ACCOUNT, secret: createSecret(secret) })
}

/** The address of a place of its own. */
export function newAzureUrl(endpoint: string): string {
  return `azure://${ACCOUNT}/${CONTAINER}/${randomBytes(6).toString('hex')}?endpoint=${endpoint}`
}

export function azureOptions(url: string, credentials = credentialsOf()): AzureStoreOptions {
  return {
    location: parseAzureLocation(url),
    credentials,
    mayConnect: null,
    onSample: () => undefined,
    clock: systemClock,
    random: systemRandom,
  }
}

export function openAzureStoreAt(
  url: string,
  credentials = credentialsOf(),
  limits: Partial<SendLimits> = {},
): ObjectStore {
  return createAzureObjectStore({ ...azureOptions(url, credentials), limits })
}
