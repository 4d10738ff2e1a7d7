/**
 * What to do about the refusals that people meet most, by their code: one sentence in the answer itself, because whoever reads it has no
 * manual at hand. The page of each code in docs/errors.md says more.
 */
import type { SigningErrorCode } from '@hallpass/signing'
import type { DomainErrorCode } from '../../../core/errors.ts'
import type { HttpFaultCode } from '../../../http/faults.ts'
import type { StoreErrorCode } from '../../../platform/store-errors.ts'
import type { S3RefusalCode } from './s3-refusal.ts'

type Code = SigningErrorCode | DomainErrorCode | S3RefusalCode | HttpFaultCode | StoreErrorCode

const REMEDIES = {
  'acl-not-supported':
    'Send it without ACL and grants; make a folder public, or issue links, for others to read it.',
  'algorithm-unsupported': 'Sign with Signature Version 4 (AWS4-HMAC-SHA256).',
  'body-incomplete':
    'Send the whole body, and let the client compute its Content-Length from what it sends.',
  'body-too-slow': 'Send the body without long pauses.',
  'bucket-name-invalid':
    'Choose 3 to 63 lower-case letters, digits, dots and dashes, which begin and end with a letter or digit, and none that S3 reserves.',
  'bucket-not-empty': 'Delete its objects first, all of their versions and the delete markers.',
  'bucket-not-found':
    'Create the bucket, or correct its name: it is the first part of the path, or of the host.',
  'bucket-owner-unexpected': 'Leave the header out, or send the owner of this server: hallpass.',
  'content-type-not-allowed': 'Send one of the types that are named as Content-Type.',
  'credentials-ambiguous':
    'Send one signature: in the URL or in the Authorization header, and not both.',
  'digest-mismatch':
    'Compute the digest over the very bytes that are sent, after compression and encoding.',
  'expiry-too-long':
    'Sign for a shorter life: a week at most, and no longer than the key and the folder allow.',
  'file-exists': 'Choose another name, or ask for a link that may replace the file.',
  'file-not-found':
    'Compare the key letter by letter with a listing: case, blanks and slashes at the beginning count.',
  'file-too-large':
    'Send a smaller file, or one above 5 GiB in parts; the limit may be the folder’s.',
  forbidden: 'Use a key whose actions, prefix and addresses allow this, or have one made.',
  'header-missing': 'Send every header that was signed, unchanged.',
  'headers-unsigned': 'Sign the headers that are named, or do not send them.',
  'key-unknown':
    'Use a key pair of this very server that was not revoked or switched off and has not run out.',
  'length-required': 'Send the body with a known length, not in chunks.',
  'link-ip-not-allowed':
    'Open it from the network it was made for, or ask for a link without that limit.',
  'link-not-yet': 'Come back at the time that is named.',
  'link-shortened': 'Ask whoever gave you the link for a new one.',
  'link-revoked': 'Ask whoever gave you the link for a new one.',
  'link-used': 'Ask whoever gave you the link for a new one.',
  'metadata-too-large': 'Send less metadata: names and values have 2 KiB together.',
  'not-implemented': 'Send it without what Feature names.',
  'part-invalid': 'List the parts, and name those that are there by their ETags.',
  'part-too-small': 'Send parts of at least 5 MiB; only the last may be smaller.',
  'payload-mismatch':
    'Hash the very bytes that are sent, or sign UNSIGNED-PAYLOAD as x-amz-content-sha256.',
  'precondition-failed': 'Read the object again and decide anew, or send no condition.',
  'range-not-satisfiable': 'Ask for bytes below ActualObjectSize.',
  'scope-mismatch': 'Sign for the region, service and day that are named.',
  'signature-expired':
    'Ask for a new URL; if it is a new one, set the clock of the machine that signed it.',
  'signature-malformed': 'Copy the whole URL: its signature was cut or changed on the way.',
  'signature-mismatch':
    'Send the very request that was signed (method, host, path, query, signed headers) and sign with the secret of this key; hallpass explain names what differs.',
  'signature-not-yet-valid': 'Set the clock of the machine that signs.',
  'storage-full': 'Delete something, or give the server more room.',
  'store-unavailable': 'Send the same request again, each time after a longer pause.',
  'time-skewed': 'Set the clock of the machine that signs: ServerTime is the time here.',
  'token-expired': 'Ask for new temporary credentials, and sign again.',
  'token-invalid':
    'Use access key, secret and session token of one answer; a key pair that has no token is sent without any.',
  unauthenticated: 'Sign the request, use a link, or have the folder made public.',
  'upload-not-found': 'Begin a new upload: this one was completed, aborted or left idle.',
  'version-not-found': 'List the versions: this one was deleted, or its id is another object’s.',
} as const satisfies Partial<Record<Code, string>>

/** `null` where the message says it all. */
export function findRemedy(code: string): string | null {
  return Object.hasOwn(REMEDIES, code) ? REMEDIES[code as keyof typeof REMEDIES] : null
}
