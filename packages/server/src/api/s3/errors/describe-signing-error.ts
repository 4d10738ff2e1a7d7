/**
 * What verification refuses, in S3's words [S3-ERRORS]. A code without an entry does not compile. Nothing here ever
 * holds a signature, the one expected or the one that came.
 */
import type { AnySigningError, SigningErrorCode, SigningErrorDetails } from '@hallpass/signing'
import { INTERNAL_ERROR, LENGTH_REQUIRED, PAYLOAD_MISMATCH, bad, denied } from './s3-error.ts'
import type { S3Error } from './s3-error.ts'
import type { XmlElement } from '../answers/xml.ts'

/** Where the signature stood: S3 answers the same fault differently for the two. */
export type SignatureForm = 'query' | 'header' | 'form'

type SigningTable = {
  [Code in SigningErrorCode]: (
    details: SigningErrorDetails[Code],
    form: SignatureForm,
    message: string,
  ) => S3Error
}

const SIX_PARAMETERS =
  'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.'

/** Amazon's old signature, which some clients still make unless told otherwise; each is told in its own way. */
const VERSION_2: S3Error = bad(
  'InvalidRequest',
  'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  [
    ['AwsCli', 'aws configure set default.s3.signature_version s3v4'],
    ['Boto3', "boto3.client('s3', config=botocore.config.Config(signature_version='s3v4'))"],
    [
      'S3cmd',
      'signature_v2 = False in ~/.s3cfg; s3cmd signurl knows no other signature: use aws s3 presign, or POST /v1/links',
    ],
  ],
)

const MISMATCH: S3Error = {
  status: 403,
  code: 'SignatureDoesNotMatch',
  message:
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
}

const SIGNING_ERRORS = {
  'signature-mismatch': () => MISMATCH,
  'signature-malformed': () => MISMATCH,
  'signature-expired': ({ expiredAt, now, signedAt }, form) =>
    denied(
      form === 'form' ? 'Invalid according to Policy: Policy expired.' : 'Request has expired',
      [
        ...lifeOf(signedAt, expiredAt),
        ['Expires', expiredAt.toISOString()],
        ['ServerTime', now.toISOString()],
      ],
    ),
  'signature-not-yet-valid': ({ validFrom, now }) =>
    denied('Request is not yet valid', [
      ['X-Amz-Date', validFrom.getTime()],
      ['ServerTime', now.toISOString()],
    ]),
  'signature-missing': () => denied('Access Denied'),
  'time-skewed': ({ signedAt, now, maxSkewSeconds }) => ({
    status: 403,
    code: 'RequestTimeTooSkewed',
    message: 'The difference between the request time and the current time is too large.',
    elements: [
      ['RequestTime', signedAt.toISOString()],
      ['ServerTime', now.toISOString()],
      ['MaxAllowedSkewMilliseconds', maxSkewSeconds * 1000],
    ],
  }),
  'expiry-too-long': () =>
    bad(
      'AuthorizationQueryParametersError',
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    ),
  'parameter-missing': ({ parameter }, form) => parameterMissing(parameter, form),
  'parameter-duplicate': (_details, form, message) => malformed(form, message),
  'parameter-malformed': ({ parameter, reason }, form) =>
    parameterMalformed(parameter, reason, form),
  'algorithm-unsupported': ({ algorithm, supported }, form) =>
    algorithmUnsupported(algorithm, supported, form),
  'scope-mismatch': (details, form) => scopeMismatch(details, form),
  'key-unknown': ({ keyId }) => ({
    status: 403,
    code: 'InvalidAccessKeyId',
    message: 'The AWS Access Key Id you provided does not exist in our records.',
    elements: [['AWSAccessKeyId', keyId]],
  }),
  'key-invalid': () => INTERNAL_ERROR,
  'token-invalid': () =>
    bad('InvalidToken', 'The provided token is malformed or otherwise invalid.'),
  'headers-unsigned': ({ names }) =>
    denied('There were headers present in the request which were not signed', [
      ['HeadersNotSigned', names.join(', ')],
    ]),
  'header-missing': ({ name }, form) => headerMissing(name, form),
  'header-conflict': ({ name }) =>
    bad('InvalidRequest', `${name} came as a header and as a query parameter, and they differ.`),
  'credentials-ambiguous': () =>
    bad(
      'InvalidArgument',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    ),
  'permission-missing': () => denied('Access Denied'),
  'resource-mismatch': () => denied('Access Denied'),
  'ip-not-allowed': () => denied('Access Denied'),
  'protocol-not-allowed': () => denied('Access Denied'),
  'referrer-not-allowed': () => denied('Access Denied'),
  'country-not-allowed': () => denied('Access Denied'),
  'policy-unknown': () => denied('Access Denied'),
  'policy-malformed': ({ reason }) => bad('InvalidPolicyDocument', `Invalid Policy: ${reason}`),
  'policy-condition-failed': ({ condition }) =>
    denied(`Invalid according to Policy: Policy Condition failed: ${condition}`),
  'policy-extra-field': ({ field }) =>
    denied(`Invalid according to Policy: Extra input fields: ${field}`),
  'entity-too-large': ({ size, maxBytes }) =>
    bad('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', [
      ['ProposedSize', size],
      ['MaxSizeAllowed', maxBytes],
    ]),
  'entity-too-small': ({ size, minBytes }) =>
    bad('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', [
      ['ProposedSize', size],
      ['MinSizeAllowed', minBytes],
    ]),
  'payload-mismatch': () => PAYLOAD_MISMATCH,
  'chunk-malformed': () => bad('IncompleteBody', 'The request body terminated unexpectedly'),
  'body-incomplete': ({ expected, received }) =>
    bad('IncompleteBody', 'The request body terminated unexpectedly', [
      ['NumberBytesExpected', expected],
      ['NumberBytesProvided', received],
    ]),
  'chunk-too-small': ({ chunk, size }) => ({
    status: 403,
    code: 'InvalidChunkSizeError',
    message: 'Only the last chunk is allowed to have a size less than 8192 bytes',
    elements: [
      ['Chunk', chunk],
      ['BadChunkSize', size],
    ],
  }),
  'trailer-malformed': () =>
    bad(
      'MalformedTrailerError',
      'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    ),
  'sync-crypto-unavailable': () => INTERNAL_ERROR,
} satisfies SigningTable

function lifeOf(signedAt: Date | undefined, expiredAt: Date): XmlElement[] {
  if (signedAt === undefined) return []
  return [['X-Amz-Expires', (expiredAt.getTime() - signedAt.getTime()) / 1000]]
}

function headerMissing(name: string, form: SignatureForm): S3Error {
  if (name === 'host') return bad('InvalidRequest', 'The request needs a Host header.')
  return name.startsWith('x-amz-') || name === 'date' ? parameterMissing(name, form) : MISMATCH
}

/** `parameter` is the field of a form that is at fault. */
function malformed(form: SignatureForm, message: string, parameter?: string): S3Error {
  switch (form) {
    case 'header':
      return bad(
        'AuthorizationHeaderMalformed',
        `The authorization header is malformed; ${message}`,
      )
    case 'query':
      return bad('AuthorizationQueryParametersError', message)
    case 'form':
      return bad('InvalidArgument', message, [['ArgumentName', parameter ?? null]])
  }
}

function credentialMalformed(form: SignatureForm, sentence: string): S3Error {
  const prefix = form === 'query' ? 'Error parsing the X-Amz-Credential parameter; ' : ''
  return malformed(form, `${prefix}${sentence}`, 'X-Amz-Credential')
}

function parameterMissing(parameter: string, form: SignatureForm): S3Error {
  const name = parameter.toLowerCase()
  if (name === 'x-amz-content-sha256') {
    return bad('InvalidRequest', `Missing required header for this request: ${name}`)
  }
  if (name === 'x-amz-decoded-content-length') return LENGTH_REQUIRED
  if (form === 'form') return fieldMissing(parameter)
  if (form === 'query') return bad('AuthorizationQueryParametersError', SIX_PARAMETERS)
  if (name === 'x-amz-date' || name === 'date') {
    return TIME_MISSING
  }
  const message =
    'the authorization header requires three components: Credential, SignedHeaders, and Signature.'
  return malformed(form, message)
}

function fieldMissing(field: string): S3Error {
  const message = `Bucket POST must contain a field named '${field}'.  If it is specified, please check the order of the fields.`
  return bad('InvalidArgument', message, [['ArgumentName', field]])
}

const TIME_MISSING = denied('AWS authentication requires a valid Date or x-amz-date header')

const PAYLOAD_CLAIMS =
  'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.'

const QUERY_SHAPES: Readonly<Record<string, (reason: string) => string>> = {
  'x-amz-expires': (reason) => `X-Amz-Expires ${reason}`,
  'x-amz-date': () => `X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`,
}

function parameterMalformed(parameter: string, reason: string, form: SignatureForm): S3Error {
  const name = parameter.toLowerCase()
  if (name === 'x-amz-content-sha256') {
    return bad('InvalidArgument', PAYLOAD_CLAIMS, [['ArgumentName', parameter]])
  }
  if (name === 'x-amz-decoded-content-length' || name === 'target') {
    return bad('InvalidArgument', `${parameter}: ${reason}`, [['ArgumentName', parameter]])
  }
  if (name === 'x-amz-credential') return credentialMalformed(form, reason)
  if (form === 'header') {
    if (name === 'x-amz-date' || name === 'date') return TIME_MISSING
    return malformed(form, name === 'authorization' ? reason : `${parameter}: ${reason}`)
  }
  const shape = QUERY_SHAPES[name]
  const message = shape === undefined ? `${parameter}: ${reason}` : shape(reason)
  return malformed(form, message, parameter)
}

function algorithmUnsupported(
  algorithm: string,
  supported: readonly string[],
  form: SignatureForm,
): S3Error {
  if (algorithm === 'AWS') return VERSION_2
  if (form === 'header') return unsupportedScheme(algorithm)
  const message = `X-Amz-Algorithm only supports "${supported.join(' and ')}"`
  return malformed(form, message, 'X-Amz-Algorithm')
}

/** Credentials of another kind, or of none. Empty ones are like no credentials. */
function unsupportedScheme(scheme: string): S3Error {
  if (scheme === '') return denied('Access Denied')
  const message = 'Unsupported Authorization Type'
  return bad('InvalidArgument', message, [['ArgumentName', 'Authorization']])
}

function scopeMismatch(
  { part, actual, expected }: SigningErrorDetails['scope-mismatch'],
  form: SignatureForm,
): S3Error {
  if (part === 'date' && expected === 'yyyyMMdd') {
    const shape = `incorrect date format "${actual}". This date in the credential must be in the format "yyyyMMdd".`
    return credentialMalformed(form, shape)
  }
  if (part === 'date') {
    const sentence =
      form === 'header'
        ? 'Invalid credential date. Date is not the same as X-Amz-Date.'
        : `Invalid credential date "${actual}". This date is not the same as X-Amz-Date: "${expected}".`
    return malformed(form, sentence, 'X-Amz-Credential')
  }
  const wording = {
    region: `the region '${actual}' is wrong; expecting '${expected}'`,
    service: `incorrect service "${actual}". This endpoint belongs to "${expected}".`,
    terminal: `incorrect terminal "${actual}". This endpoint uses "${expected}".`,
  }[part]
  const error = credentialMalformed(form, wording)
  if (part !== 'region') return error
  return { ...error, elements: [...(error.elements ?? []), ['Region', expected]] }
}

export function describeSigningError(error: AnySigningError, form: SignatureForm): S3Error {
  const describe = SIGNING_ERRORS[error.code] as (
    details: unknown,
    form: SignatureForm,
    message: string,
  ) => S3Error
  return describe(error.details, form, error.message)
}
