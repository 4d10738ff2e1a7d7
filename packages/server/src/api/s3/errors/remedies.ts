/**
 * What to do about each refusal of the object plane: one sentence in the answer itself, because whoever reads it has no manual at hand.
 * The page of each code in docs/errors.md says more.
 */
import type { SigningErrorCode } from '@hallpass/signing'
import { isSigningError } from '@hallpass/signing/errors'
import { isRefusal } from '../../../core/errors.ts'
import type { DomainErrorCode } from '../../../core/errors.ts'
import { REMEDIES as OF_DOMAIN } from '../../../core/remedies.ts'
import type { HttpFaultCode } from '../../../http/faults.ts'
import type { StoreErrorCode } from '../../../platform/store-errors.ts'
import type { SignatureForm } from './describe-signing-error.ts'
import type { S3RefusalCode } from './s3-refusal.ts'

type OwnCode =
  | Exclude<SigningErrorCode, DomainErrorCode>
  | S3RefusalCode
  | HttpFaultCode
  | StoreErrorCode
  | 'internal-error'

const TRY_AGAIN = 'Send the same request again, each time after a longer pause.'
const TELL = 'Tell whoever runs the server the RequestId: its log says more.'

/** `null` where nothing has to be done, or can be. */
const OWN: Readonly<Record<OwnCode, string | null>> = {
  'acl-missing': 'Send x-amz-acl: private, which holds anyway; there is no other ACL here.',
  'acl-not-supported':
    'Send it without ACL and grants; make a folder public, or issue links, for others to read it.',
  'algorithm-unsupported': 'Sign with Signature Version 4 (AWS4-HMAC-SHA256).',
  'attributes-missing':
    'Name the attributes: ETag, Checksum, ObjectParts, StorageClass, ObjectSize.',
  'body-too-slow': 'Send the body without long pauses.',
  'body-unexpected': 'Send the header or the document, and not both.',
  'bucket-acl-not-supported':
    'Create it without ACL and grants; make a folder of it public, or issue links, for others to read it.',
  'bucket-owner-unexpected': 'Leave the header out, or send the owner of this server: hallpass.',
  'bucket-policy-malformed':
    'Mend what the message names; docs/s3-api.md shows the policies there are.',
  'checksum-conflict': 'Send one x-amz-checksum-*, of the algorithm that is announced.',
  'chunk-malformed': 'Send the chunks as they were signed; nothing on the way may change them.',
  'chunk-too-small': 'Send chunks of at least 8 KiB; only the last may be smaller.',
  'client-gone': null,
  'copy-to-itself':
    'Send x-amz-metadata-directive: REPLACE with the new metadata, or name the version to bring back in the source.',
  'cors-rule-invalid':
    'Name GET, HEAD, PUT, POST or DELETE, and one asterisk at most in an origin or an allowed header.',
  'country-not-allowed': 'Ask for a URL that is for this country.',
  'credentials-ambiguous':
    'Send one signature: in the URL or in the Authorization header, and not both.',
  'digest-invalid': 'Send the digest’s bytes in base64, not its hex text.',
  'digest-missing': 'Send Content-MD5, or one x-amz-checksum-*, as a header.',
  'entity-too-large': 'Send a smaller file, or sign a larger content-length-range.',
  'entity-too-small': 'Send a larger file, or sign a content-length-range that begins lower.',
  'form-expected':
    'Send a form of enctype multipart/form-data, and leave its Content-Type to the client.',
  'form-fields-too-large': 'Send less before the file, whose field is file and the last.',
  'form-file-missing': 'Add the file as the last field, under the name file, and once.',
  'form-malformed': 'Send the form whole, as browsers and HTTP libraries write it.',
  'header-conflict': 'Send it in one place: as a header or in the query.',
  'header-missing': 'Send every header that was signed, unchanged.',
  'headers-unsigned': 'Sign the headers that are named, or do not send them.',
  'host-not-served':
    'Send it to the host that the server was told of, and leave the bucket in the path (forcePathStyle).',
  'internal-error': TELL,
  'ip-not-allowed': 'Send it from the network that was signed, or ask for another URL.',
  'key-invalid': TELL,
  'key-unknown':
    'Use a key pair of this very server that was not revoked or switched off and has not run out.',
  'length-required': 'Send the body with a known length, not in chunks.',
  'location-invalid': 'Set the region of the client to the one that is named, or name none.',
  'lock-not-configured': 'Do without: versions keep what is replaced or deleted.',
  'lock-without-versions':
    'Enable versioning, which keeps what is replaced or deleted; Object Lock is not done here even then.',
  'not-implemented': 'Send it without what Feature names.',
  'parameter-duplicate': 'Send it once: a URL that is signed already cannot be signed again.',
  'parameter-malformed': 'Use the URL, or the header, as the signer made it.',
  'parameter-missing': 'Copy the whole URL, and quote it in a shell: what is named is missing.',
  'payload-mismatch':
    'Hash the very bytes that are sent, or sign UNSIGNED-PAYLOAD as x-amz-content-sha256.',
  'permission-missing': 'Sign with the permission that this needs.',
  'policy-condition-failed': 'Send the value that was signed for the condition that is named.',
  'policy-extra-field': 'Leave the field out, or sign a condition for it.',
  'policy-malformed': 'Make the policy again: it is base64 of JSON with expiration and conditions.',
  'policy-unknown': 'Sign without the stored policy.',
  'protocol-not-allowed': 'Use https.',
  'redirect-location-invalid': 'Leave the header out: no bucket is a website here.',
  'referrer-not-allowed': 'Link to it from the site that was signed.',
  'request-contradictory': 'Send one of the two.',
  'resource-mismatch': 'Sign for the resource that is asked for.',
  'response-override-unsigned': 'Leave the response-* parameters out, or sign the request.',
  'scope-mismatch': 'Sign for the region, service and day that are named.',
  'setting-not-found': null,
  'signature-expired':
    'Ask for a new URL; if it is a new one, set the clock of the machine that signed it.',
  'signature-malformed': 'Copy the whole URL: its signature was cut or changed on the way.',
  'signature-mismatch':
    'Send the very request that was signed (method, host, path, query, signed headers) and sign with the secret of this key; hallpass explain names what differs.',
  'signature-missing': 'Sign the request, use a link, or have the folder made public.',
  'signature-not-yet-valid': 'Set the clock of the machine that signs.',
  'storage-full': 'Delete something, or give the server more room.',
  'storage-class-unknown': 'Leave the header out, or send STANDARD, which every file has.',
  'store-corrupt': TELL,
  'store-unavailable': TRY_AGAIN,
  'sync-crypto-unavailable': TELL,
  'tag-invalid': 'Send fewer, shorter or other tags, as the message says.',
  'time-skewed': 'Set the clock of the machine that signs: ServerTime is the time here.',
  'token-invalid':
    'Use access key, secret and session token of one answer; a key pair that has no token is sent without any.',
  'trailer-malformed': 'Announce the trailer in x-amz-trailer, and send what is announced.',
  'versioning-unspecified': 'Send Status with Enabled or Suspended.',
  'xml-malformed': 'Send the document of this operation as S3’s reference has it.',
  'xml-too-large': 'Ask for less at once.',
}

/** Of the domain's, those that are said otherwise to clients of S3. */
const IN_WORDS_OF_S3 = {
  'range-not-satisfiable': 'Ask for bytes below ActualObjectSize.',
  'api-key-invalid': 'Sign with an S3 key pair, or use a link: API keys are for /v1.',
  unauthenticated: 'Sign the request, use a link, or have the folder made public.',
} as const satisfies Partial<Record<DomainErrorCode, string>>

const REMEDIES: Readonly<Record<string, string | null>> = {
  ...OF_DOMAIN,
  ...OWN,
  ...IN_WORDS_OF_S3,
}

/** A client may well have signed without it, as other services take it. */
const PAYLOAD_UNSAID =
  'Send x-amz-content-sha256: the SHA-256 of the body in hex, or UNSIGNED-PAYLOAD; curl before version 8 sends it only if told with -H.'

/** What S3 stores in one piece. */
const PIECE_BYTES: number = 5 * 1024 ** 3

/** `null` where nothing has to be done, or can be. `code` is that of docs/errors.md. */
export function findRemedy(error: unknown, code: string, form: SignatureForm): string | null {
  return remedyInDetail(error, form) ?? REMEDIES[code] ?? null
}

function remedyInDetail(error: unknown, form: SignatureForm): string | null {
  if (isRefusal(error, 'file-too-large') && error.details.maxBytes >= PIECE_BYTES) {
    return 'Send it in parts: a file comes in one piece up to 5 GiB.'
  }
  if (!isSigningError(error)) return null
  if (error.code === 'algorithm-unsupported') {
    const isOther = form === 'header' && !/^AWS/i.test(error.details.algorithm)
    return isOther ? 'Sign with an S3 key pair, or use a link: API keys are for /v1.' : null
  }
  if (error.code !== 'header-missing') return null
  const { name } = error.details
  if (name === 'x-amz-content-sha256') return PAYLOAD_UNSAID
  const isUpload = form === 'query' && name.startsWith('content-')
  return `Send every header that was signed, unchanged: ${name} did not come.${isUpload ? ' A URL with that header is for an upload, PUT or POST.' : ''}`
}
