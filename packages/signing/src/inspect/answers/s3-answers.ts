/**
 * What S3 and the stores that speak its language: R2, MinIO, Backblaze B2, Ceph and others answers to a signed request it refuses: for each code its cause and what to do.
 * The codes a dialect's own rules read by their wording too are in its `explain-answer.ts`.
 *
 * @module
 */
import type { KnownAnswers } from './known-answers.ts'

export const S3_ANSWERS: KnownAnswers = {
  AccessForbidden: [
    'cors-preflight-refused',
    'the CORS rules of the bucket do not allow this origin, method or header, or there are none',
  ],
  AccessControlListNotSupported: [
    'operation-unsupported',
    'the bucket takes no ACLs (Object Ownership is enforced): drop x-amz-acl before signing',
  ],
  AccessPointAlreadyOwnedByYou: ['state-conflict', 'an access point of that name exists already'],
  AccountProblem: [
    'account-problem',
    'the account is not in good standing: look at its billing and its notices',
  ],
  AllAccessDisabled: [
    'account-problem',
    'the bucket or account was disabled by the provider: ask its support',
  ],
  AmbiguousGrantByEmailAddress: [
    'request-malformed',
    'the address in the ACL belongs to several accounts: name the account by its id',
  ],
  BadDigest: [
    'checksum-mismatch',
    'the body does not have the MD5 or checksum that was announced: compute it over the very bytes that are sent',
  ],
  BucketAlreadyExists: ['state-conflict', 'a bucket of that name exists already'],
  BucketAlreadyOwnedByYou: ['state-conflict', 'the bucket is yours already'],
  BucketNotEmpty: ['state-conflict', 'the bucket still holds objects or versions'],
  CredentialsNotSupported: [
    'authorization-header-added',
    'the request takes no credentials: send it without any',
  ],
  CrossLocationLoggingProhibited: ['request-malformed', 'the two buckets must be in one region'],
  EntityTooSmall: [
    'upload-unknown',
    'a part other than the last is smaller than 5 MiB: send larger parts',
  ],
  IllegalVersioningConfigurationException: [
    'request-malformed',
    'the versioning configuration is not one',
  ],
  IncompleteBody: [
    'body-incomplete',
    'fewer bytes came than Content-Length says: send the whole body, and let the client compute the length',
  ],
  IncorrectNumberOfFilesInPostRequest: [
    'request-malformed',
    'a form takes exactly one file, as its last field named file',
  ],
  InlineDataTooLarge: [
    'entity-too-large',
    'the data inside the request is too large: upload it instead',
  ],
  InsufficientStorage: [
    'account-problem',
    'the store is full: delete something, or give it more room',
  ],
  InternalError: [
    'provider-busy',
    'the provider had a fault of its own: send the same request again',
  ],
  InvalidAddressingHeader: ['request-malformed', 'address the bucket in the host'],
  InvalidArgument: ['request-malformed', 'one value is not taken: the message names it'],
  InvalidBucketAclWithObjectOwnership: [
    'operation-unsupported',
    'the bucket would take no ACLs (Object Ownership is enforced): create it without one',
  ],
  InvalidBucketName: [
    'request-malformed',
    "the bucket's name is not one: look at the endpoint and at what the path begins with",
  ],
  InvalidChunkSizeError: [
    'request-malformed',
    'a chunk of the body is smaller than 8 KiB and not the last',
  ],
  InvalidBucketState: ['state-conflict', 'the bucket is in a state that forbids this'],
  InvalidDigest: [
    'checksum-mismatch',
    'the checksum announced is none, or not that of the body: Content-MD5 is base64 of 16 bytes',
  ],
  InvalidEncryptionAlgorithmError: [
    'encryption-refused',
    'the encryption named is not AES256, aws:kms or aws:kms:dsse',
  ],
  InvalidLocationConstraint: ['region-wrong', 'the location named does not exist at this endpoint'],
  InvalidObjectState: [
    'object-archived',
    'the object lies in an archive class: restore it first, then use the URL',
  ],
  InvalidPart: ['upload-unknown', 'a part is missing or its ETag is another one: list the parts'],
  InvalidPartOrder: ['upload-unknown', 'the parts must be listed in ascending order'],
  InvalidPartNumber: [
    'upload-unknown',
    'part numbers go from 1 to 10000, and the object must have that part',
  ],
  InvalidPayer: ['account-problem', 'the payer of the bucket is disabled'],
  InvalidPolicyDocument: [
    'policy-malformed',
    'the policy of the form is not valid: compare it with the fields',
  ],
  InvalidRange: [
    'range-wrong',
    'the range lies behind the end of the object: ask for its size first',
  ],
  InvalidRedirectLocation: [
    'request-malformed',
    'what a website leads to begins with http://, https:// or a slash',
  ],
  InvalidRequest: ['request-malformed', 'the message says which rule was broken'],
  InvalidSecurity: ['key-unknown', 'the credentials are not valid'],
  InvalidSOAPRequest: ['operation-unsupported', 'SOAP is no longer taken'],
  InvalidStorageClass: [
    'request-malformed',
    'the storage class is not one of this store: drop x-amz-storage-class before signing',
  ],
  InvalidTag: ['request-malformed', 'a tag is too long or holds a character that is not allowed'],
  InvalidTargetBucketForLogging: [
    'request-malformed',
    'the bucket for logs cannot be written by the log service',
  ],
  InvalidTokenId: [
    'session-token-changed',
    'the session token does not belong to the key: use id, secret and token of one session',
  ],
  InvalidURI: ['request-malformed', 'the path cannot be read: encode the key as UTF-8, once'],
  'KMS.DisabledException': [
    'encryption-refused',
    'the KMS key is disabled: enable it, or sign for another key',
  ],
  'KMS.KMSInvalidStateException': [
    'encryption-refused',
    'the KMS key is not in a state in which it can be used',
  ],
  'KMS.NotFoundException': ['encryption-refused', 'the KMS key does not exist in this region'],
  KeyTooLongError: ['url-too-long', 'a key has 1024 bytes at most, counted in UTF-8'],
  MalformedACLError: ['request-malformed', 'the ACL is not valid XML'],
  MalformedPolicy: [
    'request-malformed',
    'the bucket policy is not valid JSON, or says what no policy can',
  ],
  MalformedPOSTRequest: [
    'request-malformed',
    'the form is not well-formed multipart/form-data: let the client set the boundary',
  ],
  MalformedTrailerError: [
    'request-malformed',
    'the trailer of the body is not the one that x-amz-trailer announced',
  ],
  MalformedXML: [
    'request-malformed',
    'the XML in the body does not have the form of this operation',
  ],
  MaxMessageLengthExceeded: ['entity-too-large', 'the request is too large'],
  MaxPostPreDataLengthExceeded: [
    'entity-too-large',
    'the fields before the file are too long: the file must be last and named file',
  ],
  MaxPostPreDataLengthExceededError: [
    'entity-too-large',
    'the fields before the file are too long: the file must be last and named file',
  ],
  MetadataTooLarge: ['url-too-long', 'metadata takes 2 KB at most, names and values together'],
  MethodNotAllowed: [
    'operation-unsupported',
    'this method is not allowed on this resource, or the object is a delete marker: name a version',
  ],
  MisdirectedRequest: [
    'host-changed',
    'the server does not answer under this host: send it to the host that its settings name, with the bucket in the path',
  ],
  MissingAttachment: ['body-incomplete', 'the body is missing'],
  MissingContentLength: [
    'body-incomplete',
    'Content-Length is missing: send the body with a known length, not chunked',
  ],
  MissingRequestBodyError: ['body-incomplete', 'the body is empty and the operation needs one'],
  MissingSecurityElement: ['parameter-missing', 'the request lacks its security header'],
  MissingSecurityHeader: [
    'header-missing',
    'the request lacks a header it needs: the message names it',
  ],
  MissingAuthenticationToken: [
    'parameter-missing',
    'no signature reached the service: look whether the query was cut off',
  ],
  NoLoggingStatusForKey: ['request-malformed', 'there is no such subresource for a key'],
  NoSuchAccessPoint: [
    'bucket-missing',
    'the access point does not exist: check its alias, account and region',
  ],
  NoSuchKey: [
    'object-missing',
    'there is no object of that name: check its case, a slash in front, and prefixes',
  ],
  NoSuchBucket: ['bucket-missing', 'there is no bucket of that name at this endpoint'],
  EntityTooLarge: [
    'entity-too-large',
    'a single PUT takes 5 GB at most, a form what its policy says: upload in parts',
  ],
  ExpiredToken: [
    'session-token-ended',
    'the session of the signer is over: sign with fresh credentials',
  ],
  InvalidAccessKeyId: [
    'key-unknown',
    'the key was deleted, is of another provider, or lacks its session token',
  ],
  InvalidToken: ['session-token-changed', 'the session token is not the one that was signed'],
  XAmzContentSHA256Mismatch: ['payload-mismatch', 'the body is not the one that was hashed'],
  NoSuchBucketPolicy: ['state-conflict', 'the bucket has no policy'],
  NoSuchCORSConfiguration: [
    'state-conflict',
    'the bucket has no CORS rules: add some before browsers use it',
  ],
  NoSuchLifecycleConfiguration: ['state-conflict', 'the bucket has no lifecycle rules'],
  NoSuchPublicAccessBlockConfiguration: [
    'state-conflict',
    'the bucket blocks no public access of its own',
  ],
  NoSuchTagSet: ['state-conflict', 'there are no tags'],
  NoSuchUpload: [
    'upload-unknown',
    'the multipart upload was completed, aborted or never begun: begin a new one',
  ],
  NoSuchVersion: [
    'object-missing',
    'there is no version of that id: it was deleted, or the id is of another object',
  ],
  NotImplemented: [
    'operation-unsupported',
    'a header or parameter asks for something this store does not have: sign without it (checksums and ACLs are the usual ones)',
  ],
  NotModified: ['condition-failed', 'the object has not changed since: use the copy you have'],
  NotSignedUp: ['account-problem', 'the account is not signed up for this service'],
  ObjectLockConfigurationNotFoundError: ['state-conflict', 'the bucket has no object lock'],
  OperationAborted: ['state-conflict', 'another operation on this resource is running: try again'],
  PreconditionFailed: [
    'condition-failed',
    'If-Match, If-None-Match or a date says otherwise than the object: read it again, then decide',
  ],
  RequestHeaderSectionTooLarge: ['url-too-long', 'the headers take more than 8 KB'],
  RequestIsNotMultiPartContent: ['request-malformed', 'a POST upload must be multipart/form-data'],
  RequestTimeout: [
    'body-incomplete',
    'the body did not come in time: send it without pauses, and check Content-Length',
  ],
  RequestTorrentOfBucketError: ['operation-unsupported', 'there is no torrent of a bucket'],
  ResponseInterrupted: ['provider-busy', 'the answer broke off: try again'],
  RestoreAlreadyInProgress: [
    'object-archived',
    'the object is being restored: wait until it is done',
  ],
  ServerSideEncryptionConfigurationNotFoundError: [
    'encryption-refused',
    'the bucket has no encryption of its own',
  ],
  ServiceUnavailable: [
    'provider-busy',
    'the service is overloaded: wait and try again, more slowly each time',
  ],
  SlowDown: [
    'provider-busy',
    'too many requests for this prefix: wait and try again, more slowly each time',
  ],
  SlowDownRead: ['provider-busy', 'the store is saturated: wait and try again'],
  SlowDownWrite: ['provider-busy', 'the store is saturated: wait and try again'],
  TooManyBuckets: ['account-problem', 'the account has as many buckets as it may have'],
  TooManyParts: ['upload-unknown', 'an upload has 10000 parts at most: make them larger'],
  UnauthorizedAccess: [
    'account-problem',
    'this account may not use the region: China and government regions need accounts of their own',
  ],
  UnauthorizedAccessError: [
    'account-problem',
    'this account may not use the region: China and government regions need accounts of their own',
  ],
  UnexpectedContent: [
    'body-incomplete',
    'the operation takes no body: send none, and no Content-Length',
  ],
  UnresolvableGrantByEmailAddress: [
    'request-malformed',
    'the address in the ACL belongs to no account',
  ],
  UnsupportedArgument: ['operation-unsupported', 'this store does not take the argument'],
  UnsupportedSignature: ['sigv2-refused', 'the bucket takes signatures of version 4 only'],
  UserKeyMustBeSpecified: ['request-malformed', 'the form needs a field key before the file'],
  XMinioStorageFull: ['account-problem', 'the store is full'],
  XMinioServerNotInitialized: ['provider-busy', 'the server is starting: try again'],
  XMinioInvalidObjectName: [
    'request-malformed',
    "the object's name holds . or .. or an empty segment",
  ],
  XMinioAdminBucketQuotaExceeded: ['account-problem', "the bucket's quota is used up"],
  XMinioObjectTampered: ['state-conflict', 'the object on disk is damaged'],
  ReplicationConfigurationNotFoundError: ['state-conflict', 'the bucket replicates nothing'],
  QuotaExceeded: ['account-problem', 'the quota of the bucket or account is used up'],
  InvalidRegionName: ['region-wrong', 'sign for the region auto (R2) or the one the store names'],
  Unauthorized: [
    'key-unknown',
    'the token or key is not one of this account, or has no right to this bucket: compare account id, endpoint and jurisdiction',
  ],
  NoSuchWebsiteConfiguration: [
    'bucket-missing',
    'the website endpoint serves no signed URLs: use the S3 endpoint',
  ],
  WebsiteRedirect: ['region-wrong', 'the website endpoint redirects: use the S3 endpoint'],
  bad_auth_token: [
    'key-unknown',
    'the authorization token is not valid: get a new one for this bucket and prefix',
  ],
  expired_auth_token: ['url-expired', 'the download authorization is over: get a new one'],
  cap_exceeded: ['account-problem', "the account's usage cap is reached: raise it"],
  download_cap_exceeded: ['account-problem', "the account's download cap is reached: raise it"],
  transaction_cap_exceeded: [
    'account-problem',
    "the account's transaction cap is reached: raise it",
  ],
  storage_cap_exceeded: ['account-problem', "the account's storage cap is reached: raise it"],
  account_trouble: ['account-problem', 'there is a problem with the account: sign in and look'],
  too_many_requests: ['provider-busy', 'slow down and try again'],
  no_such_file: ['object-missing', 'there is no such file in the bucket'],
  file_not_present: ['object-missing', 'there is no such file in the bucket'],
  out_of_range: ['range-wrong', 'the range lies behind the end of the file'],
  unsupported: ['operation-unsupported', 'the store does not have this operation'],
}
