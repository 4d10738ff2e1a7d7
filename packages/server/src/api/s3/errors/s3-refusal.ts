/**
 * What only S3's protocol can be refused for: the code and the answer in S3's words, in one table. The codes are anchors of
 * docs/errors.md, as those of the domain are.
 */
import { LENGTH_REQUIRED, bad } from './s3-error.ts'
import type { S3Error } from './s3-error.ts'

export interface S3RefusalDetails {
  /** Ownership of buckets is enforced, so that access control lists mean nothing [S3-ACL]. */
  'acl-not-supported': Record<string, never>
  'cors-rule-invalid': { readonly reason: string }
  /** A checksum header that cannot be one; `check` is the header. */
  'digest-invalid': { readonly check: string }
  'length-required': Record<string, never>
  'lock-not-configured': Record<string, never>
  'location-invalid': { readonly location: string; readonly region: string }
  'metadata-too-large': { readonly bytes: number; readonly maxBytes: number }
  /** S3 has it and this server has not; `feature` is the parameter, header or operation that asked for it. */
  'not-implemented': { readonly feature: string }
  'bucket-policy-malformed': { readonly reason: string }
  /** Somebody anonymous chose headers of the answer. */
  'response-override-unsigned': Record<string, never>
  /** What was asked of a bucket is not set; `setting` is S3's parameter for it. */
  'setting-not-found': { readonly setting: AbsentSetting; readonly bucket: string }
  'tags-invalid': { readonly reason: string }
  'versioning-unspecified': Record<string, never>
  'xml-malformed': { readonly reason: string }
  'xml-too-large': { readonly maxBytes: number }
}

/** What S3 says of a bucket for which nobody has set it. */
const ABSENT_SETTINGS = {
  cors: ['NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
  encryption: [
    'ServerSideEncryptionConfigurationNotFoundError',
    'The server side encryption configuration was not found',
  ],
  lifecycle: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
  'object-lock': [
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
  ],
  policy: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
  publicAccessBlock: [
    'NoSuchPublicAccessBlockConfiguration',
    'The public access block configuration was not found',
  ],
  replication: [
    'ReplicationConfigurationNotFoundError',
    'The replication configuration was not found',
  ],
  tagging: ['NoSuchTagSet', 'The TagSet does not exist'],
  website: [
    'NoSuchWebsiteConfiguration',
    'The specified bucket does not have a website configuration',
  ],
} as const

export type AbsentSetting = keyof typeof ABSENT_SETTINGS

export type S3RefusalCode = keyof S3RefusalDetails

type Answers = {
  readonly [Code in S3RefusalCode]: (details: S3RefusalDetails[Code]) => S3Error
}

const ANSWERS = {
  'acl-not-supported': () => bad('AccessControlListNotSupported', 'The bucket does not allow ACLs'),
  'cors-rule-invalid': ({ reason }) => bad('InvalidRequest', reason),
  'lock-not-configured': () => bad('InvalidRequest', 'Bucket is missing Object Lock Configuration'),
  'digest-invalid': ({ check }) =>
    check.toLowerCase() === 'content-md5'
      ? bad('InvalidDigest', 'The Content-MD5 you specified was invalid.')
      : bad('InvalidRequest', `Value for ${check} header is invalid.`),
  'length-required': () => LENGTH_REQUIRED,
  'location-invalid': ({ location, region }) =>
    bad(
      'InvalidLocationConstraint',
      `The specified location-constraint is not valid: this endpoint is ${region}.`,
      [['LocationConstraint', location]],
    ),
  'metadata-too-large': ({ bytes, maxBytes }) =>
    bad('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', [
      ['Size', bytes],
      ['MaxSizeAllowed', maxBytes],
    ]),
  'not-implemented': ({ feature }) => ({
    status: 501,
    code: 'NotImplemented',
    message: 'A header or query you provided requests functionality that is not implemented.',
    elements: [['Feature', feature]],
  }),
  'bucket-policy-malformed': ({ reason }) => bad('MalformedPolicy', reason),
  'response-override-unsigned': () =>
    bad(
      'InvalidRequest',
      'Request specific response headers cannot be used for anonymous GET requests.',
    ),
  'setting-not-found': ({ setting, bucket }) => {
    const [code, message] = ABSENT_SETTINGS[setting]
    return { status: 404, code, message, elements: [['BucketName', bucket]] }
  },
  'tags-invalid': ({ reason }) => bad('InvalidTag', reason),
  'versioning-unspecified': () =>
    bad('IllegalVersioningConfigurationException', 'The Versioning element must be specified'),
  'xml-malformed': ({ reason }) =>
    bad(
      'MalformedXML',
      `The XML you provided was not well-formed or did not validate against our published schema: ${reason}.`,
    ),
  'xml-too-large': ({ maxBytes }) =>
    bad('MaxMessageLengthExceeded', 'Your request was too big.', [
      ['MaxMessageLengthBytes', maxBytes],
    ]),
} satisfies Answers

export class S3Refusal<Code extends S3RefusalCode = S3RefusalCode> extends Error {
  override readonly name: string = 'S3Refusal'
  readonly code: Code
  readonly details: S3RefusalDetails[Code]
  readonly answer: S3Error

  constructor(code: Code, details: S3RefusalDetails[Code], cause?: unknown) {
    const describe: Answers[Code] = ANSWERS[code]
    const answer = describe(details)
    super(answer.message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
    this.answer = answer
  }
}

/** What to throw when the request is S3's and cannot be. */
export function s3Refusal<Code extends S3RefusalCode>(
  code: Code,
  details: S3RefusalDetails[Code],
  cause?: unknown,
): S3Refusal<Code> {
  return new S3Refusal(code, details, cause)
}

/** Every code of this list, for the page that documents them. */
export const S3_REFUSAL_CODES: readonly string[] = Object.keys(ANSWERS)
