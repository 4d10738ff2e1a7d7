/**
 * The domain's refusals in S3's words [S3-ERRORS]: those that S3 has for a code, or else for its kind. A kind without an answer does
 * not compile. The sentences are S3's where clients are known to read them, and hold nothing but what the client sent or may know.
 */
import { TITLES } from '../../../core/errors.ts'
import type {
  AnyDomainError,
  DomainErrorCode,
  DomainErrorDetails,
  RefusalKind,
} from '../../../core/errors.ts'
import { formatHttpDate } from '../../../http/http-date.ts'
import type { XmlElement } from '../answers/xml.ts'
import { PAYLOAD_MISMATCH, bad, denied } from './s3-error.ts'
import type { S3Error } from './s3-error.ts'

const KIND_ANSWERS: Readonly<Record<RefusalKind, (message: string) => S3Error>> = {
  invalid: (message) => bad('InvalidRequest', message),
  unauthenticated: () => denied('Access Denied'),
  denied: (message) => denied(message),
  missing: (message) => ({ status: 404, code: 'NoSuchKey', message }),
  conflict: (message) => ({ status: 409, code: 'OperationAborted', message }),
  'used-up': (message) => ({ status: 410, code: 'AccessDenied', message }),
  unmet: (message) => ({ status: 412, code: 'PreconditionFailed', message }),
  unchanged: () => ({ status: 304, code: 'NotModified', message: 'Not Modified' }),
  'too-large': (message) => bad('EntityTooLarge', message),
  'too-slow': (message) => bad('RequestTimeout', message),
  'type-refused': (message) => denied(message),
  unsatisfiable: (message) => ({ status: 416, code: 'InvalidRange', message }),
  'too-fast': (message) => ({ status: 429, code: 'SlowDown', message }),
  unavailable: (message) => ({ status: 503, code: 'ServiceUnavailable', message }),
  'method-refused': (message) => ({ status: 405, code: 'MethodNotAllowed', message }),
}

type DomainTable = {
  [Code in DomainErrorCode]?: (details: DomainErrorDetails[Code], message: string) => S3Error
}

const OWN_WORDS = {
  'too-many-requests': ({ retryAfterSeconds }, message) => ({
    status: 429,
    code: 'SlowDown',
    message,
    headers: ['Retry-After', String(retryAfterSeconds)],
  }),
  'bucket-name-invalid': ({ reason }) =>
    bad('InvalidBucketName', `The specified bucket is not valid: ${reason}.`),
  'bucket-not-found': ({ bucket }) => ({
    status: 404,
    code: 'NoSuchBucket',
    message: 'The specified bucket does not exist',
    elements: [['BucketName', bucket]],
  }),
  'bucket-not-empty': ({ bucket }) => ({
    status: 409,
    code: 'BucketNotEmpty',
    message: 'The bucket you tried to delete is not empty',
    elements: [['BucketName', bucket]],
  }),
  'key-too-long': ({ bytes, maxBytes }) =>
    bad('KeyTooLongError', 'Your key is too long', [
      ['Size', bytes],
      ['MaxSizeAllowed', maxBytes],
    ]),
  'path-invalid': (_details, message) => bad('InvalidURI', message),
  'file-not-found': (which) => {
    if ('id' in which) return { ...noSuchKey(''), elements: [] }
    const answer = noSuchKey(which.path)
    return 'markerId' in which ? { ...answer, headers: markerHeaders(which.markerId) } : answer
  },
  'version-not-found': ({ path, versionId }) => ({
    status: 404,
    code: 'NoSuchVersion',
    message: 'The specified version does not exist.',
    elements: [
      ['Key', keyOf(path)],
      ['VersionId', versionId],
    ],
  }),
  'version-deleted': ({ versionId, modifiedAt }) => ({
    status: 405,
    code: 'MethodNotAllowed',
    message: 'The specified method is not allowed against this resource.',
    elements: [['ResourceType', 'DeleteMarker']],
    headers: [
      'Allow',
      'DELETE',
      'Last-Modified',
      formatHttpDate(modifiedAt),
      ...markerHeaders(versionId),
    ],
  }),
  'copy-source-deleted': () =>
    bad(
      'InvalidRequest',
      'The source of a copy request may not specifically refer to a delete marker by version id.',
    ),
  'precondition-failed': ({ condition, missing, isOfSource }) => {
    if (missing !== undefined) return noSuchKey(missing)
    return unmet(isOfSource === true ? `x-amz-copy-source-${condition}` : condition)
  },
  'range-not-satisfiable': ({ size }) => ({
    status: 416,
    code: 'InvalidRange',
    message: 'The requested range is not satisfiable',
    elements: [['ActualObjectSize', size]],
    headers: ['Content-Range', `bytes */${size}`],
  }),
  // A reason that begins with a capital is a whole sentence of S3's own.
  'field-invalid': ({ field, reason }, message) =>
    bad('InvalidArgument', /^[A-Z]/.test(reason) ? reason : message, [['ArgumentName', field]]),
  'file-too-large': ({ maxBytes }) =>
    bad('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', [
      ['MaxSizeAllowed', maxBytes],
    ]),
  'file-too-small': ({ minBytes }) =>
    bad('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', [
      ['MinSizeAllowed', minBytes],
    ]),
  'metadata-too-large': ({ bytes, maxBytes }) =>
    bad('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', [
      ['Size', bytes],
      ['MaxSizeAllowed', maxBytes],
    ]),
  'digest-mismatch': (details) => digestMismatch(details),
  'body-incomplete': ({ expected, received }) =>
    bad(
      'IncompleteBody',
      'You did not provide the number of bytes specified by the Content-Length HTTP header',
      [
        ['NumberBytesExpected', expected],
        ['NumberBytesProvided', received],
      ],
    ),
  'upload-not-found': ({ id }) => ({
    status: 404,
    code: 'NoSuchUpload',
    message:
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    elements: [['UploadId', id]],
  }),
  'upload-limit': (_details, message) => ({ status: 403, code: 'QuotaExceeded', message }),
  'part-invalid': ({ uploadId, number, etag }) =>
    bad(
      'InvalidPart',
      "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
      [
        ['UploadId', uploadId],
        ['PartNumber', number],
        ['ETag', etag],
      ],
    ),
  'part-order-invalid': () =>
    bad(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    ),
  'part-too-small': ({ number, etag, bytes, minBytes }) =>
    bad('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', [
      ['ProposedSize', bytes],
      ['MinSizeAllowed', minBytes],
      ['PartNumber', number],
      ['ETag', etag],
    ]),
  'part-not-satisfiable': ({ number, count }) => ({
    status: 416,
    code: 'InvalidPartNumber',
    message: 'The requested partnumber is not satisfiable',
    elements: [
      ['PartNumberRequested', number],
      ['ActualPartCount', count],
    ],
  }),
  'expiry-too-long': (_details, message) => bad('AuthorizationQueryParametersError', message),
  'token-expired': ({ expiresAt }) =>
    bad('ExpiredToken', 'The provided token has expired.', [
      ['Expires', new Date(expiresAt).toISOString()],
    ]),
  // Whoever gets here has signed with the key, and clients show the message alone.
  forbidden: (_details, message) => denied(`Access Denied. ${message}`),
  'method-not-allowed': ({ method, allowed }) => ({
    status: 405,
    code: 'MethodNotAllowed',
    message: 'The specified method is not allowed against this resource.',
    elements: [['Method', method]],
    headers: ['Allow', allowed.join(', ')],
  }),
} satisfies DomainTable

function noSuchKey(path: string): S3Error {
  return {
    status: 404,
    code: 'NoSuchKey',
    message: 'The specified key does not exist.',
    elements: [['Key', keyOf(path)]],
  }
}

function unmet(condition: string): S3Error {
  return {
    status: 412,
    code: 'PreconditionFailed',
    message: 'At least one of the pre-conditions you specified did not hold',
    elements: [['Condition', condition]],
  }
}

function keyOf(path: string): string {
  return path.slice(path.indexOf('/') + 1)
}

function markerHeaders(versionId: string): string[] {
  return ['x-amz-delete-marker', 'true', 'x-amz-version-id', versionId]
}

function digestMismatch({
  check,
  claimed,
  computed,
}: DomainErrorDetails['digest-mismatch']): S3Error {
  if (check.toLowerCase() === 'x-amz-content-sha256') {
    const elements: XmlElement[] = [
      ['ClientComputedContentSHA256', claimed ?? null],
      ['S3ComputedContentSHA256', computed ?? null],
    ]
    return { ...PAYLOAD_MISMATCH, elements }
  }
  const algorithm = /^x-amz-checksum-(.+)$/i.exec(check)?.[1]
  return bad(
    'BadDigest',
    algorithm === undefined
      ? `The ${check} you specified did not match what we received.`
      : `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
  )
}

/** Whichever code it is, its own details go with it. */
type OwnWords = Partial<Record<DomainErrorCode, (details: unknown, message: string) => S3Error>>

export function describeDomainError(error: AnyDomainError): S3Error {
  const { code, details, message } = error
  const describe = (OWN_WORDS as OwnWords)[code]
  const [kind] = TITLES[code]
  return describe === undefined ? KIND_ANSWERS[kind](message) : describe(details, message)
}
