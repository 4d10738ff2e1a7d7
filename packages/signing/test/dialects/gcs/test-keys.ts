/** The keys with which the tests of Google Cloud Storage sign, and what a verifier knows of them. */
import type { GcsKey, GcsVerificationKey } from '../../../src/gcs.ts'
import { keys, pemOf } from '../cloud-support.ts'

const { clientEmail = '' } = keys.gcs['gcs-rsa'] ?? {}
const { accessId = '', secret = '' } = keys.gcs['gcs-hmac'] ?? {}

export const RSA_KEY: GcsKey = { clientEmail, privateKey: pemOf('hallpass-test-rsa-1').private }
export const HMAC_KEY: GcsKey = { accessId, secret }

export function lookup(keyId: string): GcsVerificationKey | null {
  if (keyId === clientEmail) return { publicKey: pemOf('hallpass-test-rsa-1').public }
  return keyId === accessId ? { secret } : null
}
