/**
 * Values that S3 takes in no bucket at all. A client that misspelled one learns so, instead of hearing that what it never asked for is not
 * done here; `upload-features.ts` says that of the others.
 */
import { refusal } from '../../../core/errors.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import { amzHeader } from '../face.ts'
import type { S3Request } from '../face.ts'

const LOCK_MODE = 'x-amz-object-lock-mode'
const LOCK_DATE = 'x-amz-object-lock-retain-until-date'
/** [S3-ACL] Canned ACL. */
const CANNED_ACLS: readonly string[] = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
  'log-delivery-write',
]
/** Those that an ordinary bucket of S3 has. */
const STORAGE_CLASSES: readonly string[] = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'GLACIER_IR',
  'DEEP_ARCHIVE',
]
const OWNERSHIPS: readonly string[] = [
  'BucketOwnerEnforced',
  'BucketOwnerPreferred',
  'ObjectWriter',
]
const GRANTS = ['full-control', 'read', 'read-acp', 'write', 'write-acp'].map(
  (right) => `x-amz-grant-${right}`,
)
/** Of a list with commas between. */
const GRANTEE = /^(?:id|uri|emailAddress)="?[^"]+"?$/

type Check = (value: string, request: S3Request) => void

const CHECKS: Readonly<Record<string, Check>> = {
  'x-amz-acl': (value, request) => {
    requireOneOf(CANNED_ACLS, 'x-amz-acl', value)
    if (GRANTS.some((grant) => amzHeader(request, grant) !== null)) throw twoAcls()
  },
  'x-amz-storage-class': (value) => {
    if (!STORAGE_CLASSES.includes(value)) throw s3Refusal('storage-class-unknown', { value })
  },
  'x-amz-object-ownership': (value) => {
    requireOneOf(OWNERSHIPS, 'x-amz-object-ownership', value)
  },
  'x-amz-website-redirect-location': (value) => {
    if (!/^(?:https?:\/)?\//.test(value)) throw s3Refusal('redirect-location-invalid', {})
  },
  'x-amz-object-lock-legal-hold': (value) => {
    if (value === 'ON' || value === 'OFF') return
    throw invalid('x-amz-object-lock-legal-hold', "Legal Hold must be either of 'ON' or 'OFF'")
  },
  [LOCK_MODE]: (_, request) => {
    checkRetention(request)
  },
  [LOCK_DATE]: (_, request) => {
    checkRetention(request)
  },
}

/** `name` in small letters. Throws `field-invalid`, or the code that S3 has for that header. */
export function checkFeatureValue(request: S3Request, name: string, value: string): void {
  if (Object.hasOwn(CHECKS, name)) CHECKS[name]?.(value, request)
  if (!name.startsWith('x-amz-grant-')) return
  if (amzHeader(request, 'x-amz-acl') !== null) throw twoAcls()
  const isLegal = value.split(',').every((grantee) => GRANTEE.test(grantee.trim()))
  if (!isLegal) throw invalid(name, 'Argument format not recognized')
}

function twoAcls(): Error {
  const reason = 'Specifying both Canned ACLs and Header Grants is not allowed'
  return s3Refusal('request-contradictory', { reason })
}

function requireOneOf(values: readonly string[], field: string, value: string): void {
  if (!values.includes(value)) throw invalid(field, `it is one of ${values.join(', ')}`)
}

function checkRetention(request: S3Request): void {
  const mode = amzHeader(request, LOCK_MODE)
  const date = amzHeader(request, LOCK_DATE)
  if (mode === null || date === null) {
    const missing = mode === null ? LOCK_MODE : LOCK_DATE
    throw invalid(missing, `${LOCK_DATE} and ${LOCK_MODE} must both be supplied`)
  }
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') {
    throw invalid(LOCK_MODE, 'Unknown wormMode directive')
  }
  if (/^\d{4}-\d\d-\d\dT/.test(date) && !Number.isNaN(Date.parse(date))) return
  throw invalid(LOCK_DATE, 'The retain until date must be provided in ISO 8601 format')
}

function invalid(field: string, reason: string): Error {
  return refusal('field-invalid', { field, reason })
}
