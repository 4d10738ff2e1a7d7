/**
 * What only S3's protocol can be refused for: the code and the answer in S3's words, in one table. The codes are anchors of
 * docs/errors.md, as those of the domain are.
 */
import { LENGTH_REQUIRED, bad, denied } from './s3-error.ts'
import type { S3Error } from './s3-error.ts'

export interface S3RefusalDetails {
  /** Ownership of buckets is enforced, so that access control lists mean nothing [S3-ACL]. */
  'acl-not-supported': Record<string, never>
  /** PutBucketAcl or PutObjectAcl without any. */
  'acl-missing': Record<string, never>
  /** GetObjectAttributes without a word on which. */
  'attributes-missing': Record<string, never>
  /** A document where headers say the same thing already. */
  'body-unexpected': Record<string, never>
  /** What `acl-not-supported` is of a bucket, said by the request that would make it. */
  'bucket-acl-not-supported': Record<string, never>
  /** The request is meant for a bucket of somebody else. */
  'bucket-owner-unexpected': { readonly header: string; readonly owner: string }
  'bucket-policy-malformed': { readonly reason: string }
  /** What is said of the body's checksum contradicts itself. */
  'checksum-conflict': { readonly reason: string }
  /** A copy onto itself that changes nothing. */
  'copy-to-itself': Record<string, never>
  'cors-rule-invalid': { readonly reason: string }
  /** A checksum header that cannot be one; `check` is the header. */
  'digest-invalid': { readonly check: string }
  /** A document that must be proved by a digest came without one. */
  'digest-missing': Record<string, never>
  /** A POST to a bucket that is no form. */
  'form-expected': Record<string, never>
  /** What stands before the file. */
  'form-fields-too-large': { readonly maxBytes: number }
  'form-file-missing': Record<string, never>
  'form-malformed': { readonly reason: string }
  'length-required': Record<string, never>
  'location-invalid': { readonly location: string; readonly region: string }
  'lock-not-configured': Record<string, never>
  'lock-without-versions': Record<string, never>
  /**
   * S3 has it and this server has not; `feature` is the parameter, header or operation that asked for it, `instead` what there is of
   * it.
   */
  'not-implemented': { readonly feature: string; readonly instead?: string }
  /** Where a website would lead to, which is no address. */
  'redirect-location-invalid': Record<string, never>
  /** Two things are asked for that cannot both be meant. */
  'request-contradictory': { readonly reason: string }
  /** Somebody anonymous chose headers of the answer. */
  'response-override-unsigned': Record<string, never>
  /** What was asked of a bucket is not set; `setting` is S3's parameter for it. */
  'setting-not-found': { readonly setting: AbsentSetting; readonly bucket: string }
  /** None of S3's. */
  'storage-class-unknown': { readonly value: string }
  'tag-invalid': { readonly reason: string }
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
  'acl-missing': () =>
    bad('MissingSecurityHeader', 'Your request was missing a required header', [
      ['MissingHeaderName', 'x-amz-acl'],
    ]),
  'attributes-missing': () =>
    bad(
      'InvalidRequest',
      'The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty',
    ),
  'body-unexpected': () => bad('UnexpectedContent', 'This request does not support content'),
  'bucket-acl-not-supported': () =>
    bad(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    ),
  'bucket-owner-unexpected': ({ header, owner }) =>
    denied(`Access Denied: ${header} names another owner than that of this bucket, ${owner}.`),
  'bucket-policy-malformed': ({ reason }) => bad('MalformedPolicy', reason),
  'checksum-conflict': ({ reason }) => bad('InvalidRequest', reason),
  'copy-to-itself': () =>
    bad(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    ),
  'cors-rule-invalid': ({ reason }) => bad('InvalidRequest', reason),
  'digest-invalid': ({ check }) =>
    check.toLowerCase() === 'content-md5'
      ? bad('InvalidDigest', 'The Content-MD5 you specified was invalid.')
      : bad('InvalidRequest', `Value for ${check} header is invalid.`),
  'digest-missing': () =>
    bad(
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
    ),
  'form-expected': () => ({
    status: 412,
    code: 'PreconditionFailed',
    message: 'At least one of the pre-conditions you specified did not hold',
    elements: [['Condition', 'Bucket POST must be of the enclosure-type multipart/form-data']],
  }),
  'form-fields-too-large': ({ maxBytes }) =>
    bad(
      'MaxPostPreDataLengthExceeded',
      'Your POST request fields preceding the upload file were too large.',
      [['MaxPostPreDataLengthBytes', maxBytes]],
    ),
  'form-file-missing': () =>
    bad('InvalidArgument', 'POST requires exactly one file upload per request.', [
      ['ArgumentName', 'file'],
      ['ArgumentValue', 0],
    ]),
  'form-malformed': ({ reason }) =>
    bad(
      'MalformedPOSTRequest',
      `The body of your POST request is not well-formed multipart/form-data. ${reason}`,
    ),
  'length-required': () => LENGTH_REQUIRED,
  'location-invalid': ({ location, region }) =>
    bad(
      'InvalidLocationConstraint',
      `The specified location-constraint is not valid: this endpoint is ${region}.`,
      [['LocationConstraint', location]],
    ),
  'lock-not-configured': () => bad('InvalidRequest', 'Bucket is missing Object Lock Configuration'),
  'lock-without-versions': () => ({
    status: 409,
    code: 'InvalidBucketState',
    message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
  }),
  // Most clients show the message alone.
  'not-implemented': ({ feature, instead = '' }) => ({
    status: 501,
    code: 'NotImplemented',
    message: `A header or query you provided requests functionality that is not implemented: ${feature}.${instead}`,
    elements: [['Feature', feature]],
  }),
  'redirect-location-invalid': () =>
    bad(
      'InvalidRedirectLocation',
      "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    ),
  'request-contradictory': ({ reason }) => bad('InvalidRequest', reason),
  'response-override-unsigned': () =>
    bad(
      'InvalidRequest',
      'Request specific response headers cannot be used for anonymous GET requests.',
    ),
  'setting-not-found': ({ setting, bucket }) => {
    const [code, message] = ABSENT_SETTINGS[setting]
    return { status: 404, code, message, elements: [['BucketName', bucket]] }
  },
  'storage-class-unknown': ({ value }) =>
    bad('InvalidStorageClass', 'The storage class you specified is not valid', [
      ['StorageClassRequested', value],
    ]),
  'tag-invalid': ({ reason }) => bad('InvalidTag', reason),
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
