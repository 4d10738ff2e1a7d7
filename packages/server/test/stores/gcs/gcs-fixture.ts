/** Drivers of Google Cloud Storage over a server that is running. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { systemClock } from '../../../src/platform/clock.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { createSecret } from '../../../src/platform/secret.ts'
import { givenGcsCredentials } from '../../../src/stores/gcs/gcs-credentials.ts'
import { parseGcsLocation } from '../../../src/stores/gcs/gcs-location.ts'
import { createGcsObjectStore } from '../../../src/stores/gcs/gcs-store.ts'
import type { ObjectStore } from '../../../src/stores/object-store.ts'
import type { SendLimits } from '../../../src/stores/send/sender.ts'

export interface GcsEndpoint {
  readonly origin: string
  readonly bucket: string
}

/** A service account that nobody knows but these tests. */
export const SERVICE_ACCOUNT = {
  accessKeyId: 'stores@tests.iam.gserviceaccount.com',
  secretAccessKey: generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey,
}

/** The address of a place of its own. */
export function newGcsUrl({ origin, bucket }: GcsEndpoint): string {
  return `gs://${bucket}/${randomBytes(6).toString('hex')}?endpoint=${origin}`
}

export function openGcsStoreAt(url: string, limits: Partial<SendLimits> = {}): ObjectStore {
  const { accessKeyId: id, secretAccessKey } = SERVICE_ACCOUNT
  return createGcsObjectStore({
    location: parseGcsLocation(url),
    credentials: givenGcsCredentials({ id, secret: createSecret(secretAccessKey) }, systemClock),
    limits,
    mayConnect: null,
    onSample: () => undefined,
    clock: systemClock,
    random: systemRandom,
  })
}
