/**
 * What a request says about encryption, which this server leaves to the disk below it. S3 refuses words that contradict each other, and
 * such as have no place in a request that reads; so a client that is wrong either way learns the same thing here.
 */
import { createHash } from 'node:crypto'
import { refusal } from '../../../core/errors.ts'
import type { DomainError } from '../../../core/errors.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import { amzHeader } from '../face.ts'
import type { S3Request } from '../face.ts'

const PREFIX = 'x-amz-server-side-encryption'
const KMS_KEY = `${PREFIX}-aws-kms-key-id`
const CUSTOMER = `${PREFIX}-customer-`
const METHODS: readonly (string | null)[] = ['AES256', 'aws:kms', 'aws:kms:dsse']

/** Throws for a GET or HEAD that says how to encrypt, or brings a key: no object here was written with one. */
export function refuseEncryptionOfReads(request: S3Request): void {
  const { headers } = request.raw
  for (let index = 0; index < headers.length; index += 2) refuseInRead(headers[index] ?? '')
  for (const [name] of request.query) refuseInRead(name)
}

function refuseInRead(given: string): void {
  if (given.length < PREFIX.length) return
  const name = given.toLowerCase()
  if (!name.startsWith(PREFIX)) return
  if (name.startsWith(CUSTOMER)) {
    const reason = 'The encryption parameters are not applicable to this object.'
    throw s3Refusal('request-contradictory', { reason })
  }
  throw invalid(name, 'it is for requests that write; leave it out')
}

/** Throws `field-invalid` for what S3 could not do either. */
export function checkEncryption(request: S3Request): void {
  const method = amzHeader(request, PREFIX)
  const customer = {
    algorithm: amzHeader(request, `${CUSTOMER}algorithm`),
    key: amzHeader(request, `${CUSTOMER}key`),
    digest: amzHeader(request, `${CUSTOMER}key-md5`),
  }
  const hasCustomerKey = Object.values(customer).some((value) => value !== null)
  if (method !== null && !METHODS.includes(method)) {
    throw invalid(PREFIX, 'The encryption method specified is not supported')
  }
  if (method !== null && hasCustomerKey) {
    const reason = 'it is AES256, aws:kms or aws:kms:dsse, or the request brings a key of its own'
    throw invalid(PREFIX, reason)
  }
  if (amzHeader(request, KMS_KEY) !== null && method?.startsWith('aws:kms') !== true) {
    throw invalid(KMS_KEY, `it goes with ${PREFIX}: aws:kms alone`)
  }
  if (hasCustomerKey) checkCustomerKey(customer)
}

interface CustomerKey {
  readonly algorithm: string | null
  readonly key: string | null
  readonly digest: string | null
}

/** [S3-SSEC]: 256 bits in base64, and the MD5 of those bits. */
function checkCustomerKey({ algorithm, key, digest }: CustomerKey): void {
  if (algorithm !== 'AES256')
    throw invalid(`${CUSTOMER}algorithm`, 'a key needs it, and it is AES256')
  const bytes = Buffer.from(key ?? '', 'base64')
  if (bytes.length !== 32) throw invalid(`${CUSTOMER}key`, 'it is 32 bytes in base64')
  if (createHash('md5').update(bytes).digest('base64') !== digest) {
    throw invalid(`${CUSTOMER}key-md5`, 'it is the MD5 of the bytes of the key, in base64')
  }
}

function invalid(field: string, reason: string): DomainError<'field-invalid'> {
  return refusal('field-invalid', { field, reason })
}
