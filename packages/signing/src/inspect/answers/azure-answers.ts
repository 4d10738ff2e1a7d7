/**
 * What Azure Storage answers to a signed request it refuses: for each code its cause and what to do.
 * The codes a dialect's own rules read by their wording too are in its `explain-answer.ts`.
 *
 * @module
 */
import type { KnownAnswers } from './known-answers.ts'

export const AZURE_ANSWERS: KnownAnswers = {
  AccountAlreadyExists: ['state-conflict', 'an account of that name exists'],
  AccountBeingCreated: ['provider-busy', 'the account is being made: try again in a minute'],
  AccountIsDisabled: [
    'account-problem',
    'the storage account is disabled: look at the subscription',
  ],
  AccountRequiresHttps: ['protocol-not-allowed', 'the account takes https only'],
  AppendPositionConditionNotMet: [
    'condition-failed',
    'somebody appended in between: read the length and try again',
  ],
  AuthorizationFailure: [
    'network-refused',
    'the firewall of the account lets this network not in, or public network access is off: add the network, or use a private endpoint',
  ],
  AuthorizationPermissionMismatch: [
    'permission-missing',
    'the token, or the user who asked for the delegation key, lacks the permission',
  ],
  AuthorizationVersionMismatch: [
    'version-unsupported',
    'the version in sv is not one this account takes',
  ],
  BlobAccessTierNotSupportedForAccountType: [
    'operation-unsupported',
    'the account has no access tiers',
  ],
  BlobNotFound: [
    'object-missing',
    'there is no blob of that name: check its case, and the container',
  ],
  ResourceNotFound: ['object-missing', 'there is nothing of that name'],
  ContainerNotFound: ['bucket-missing', 'there is no container of that name'],
  AuthorizationProtocolMismatch: ['protocol-not-allowed', 'the token is for https only'],
  AuthorizationResourceTypeMismatch: [
    'resource-type-mismatch',
    'srt lacks the kind of resource: s, c or o',
  ],
  AuthorizationServiceMismatch: ['resource-type-mismatch', 'ss lacks the service: b, q, t or f'],
  AuthorizationSourceIPMismatch: [
    'ip-not-allowed',
    'sip is not the address the service sees: behind private endpoints and from the same region that is a private one',
  ],
  BlobAlreadyExists: [
    'state-conflict',
    'a blob of that name exists and If-None-Match forbids to replace it, or the token may create only: grant w',
  ],
  BlobArchived: ['object-archived', 'the blob lies in the archive tier: rehydrate it first'],
  BlobBeingRehydrated: ['object-archived', 'the blob is being rehydrated: wait until it is done'],
  BlobImmutableDueToPolicy: [
    'state-conflict',
    'the blob is under an immutability policy or legal hold',
  ],
  BlobNotArchived: ['state-conflict', 'the blob is not in the archive tier'],
  BlobOverwritten: ['state-conflict', 'the blob was replaced since: read it again'],
  BlobTierInadequateForContentLength: ['entity-too-large', 'the blob is too large for its tier'],
  BlobUsesCustomerSpecifiedEncryption: [
    'encryption-refused',
    "the blob needs its customer's key in x-ms-encryption-key",
  ],
  BlockCountExceedsLimit: ['upload-unknown', 'a blob has 50000 blocks at most: make them larger'],
  BlockListTooLong: ['upload-unknown', 'a blob has 50000 blocks at most'],
  ConditionHeadersNotSupported: ['operation-unsupported', 'this operation takes no conditions'],
  ConditionNotMet: [
    'condition-failed',
    'If-Match, If-None-Match or a date says otherwise than the blob',
  ],
  ContainerAlreadyExists: ['state-conflict', 'the container exists already'],
  ContainerBeingDeleted: ['state-conflict', 'the container is being deleted: wait half a minute'],
  ContainerDisabled: ['account-problem', 'the container was disabled'],
  ContentLengthLargerThanTierLimit: ['entity-too-large', 'the blob is too large for its tier'],
  CopyAcrossAccountsNotSupported: [
    'operation-unsupported',
    'the source must be in the same account',
  ],
  CannotVerifyCopySource: [
    'signer-not-allowed',
    'the service may not read the source: give the source URL a token of its own',
  ],
  EmptyMetadataKey: ['request-malformed', 'a name of metadata is empty'],
  FeatureVersionMismatch: [
    'version-unsupported',
    'the version in x-ms-version is too old for this feature',
  ],
  InsufficientAccountPermissions: [
    'signer-not-allowed',
    'the account, or the kind of token, may not do this: account operations need an account SAS',
  ],
  InternalError: [
    'provider-busy',
    'the service had a fault of its own: send the same request again',
  ],
  InvalidAuthenticationInfo: [
    'parameter-malformed',
    'the Authorization header or a token in it cannot be read',
  ],
  InvalidBlobOrBlock: [
    'upload-unknown',
    'the blob or block is not valid: block ids must be base64 of one length',
  ],
  InvalidBlobTier: ['request-malformed', 'the tier is not one of this kind of blob'],
  InvalidBlobType: [
    'state-conflict',
    'the blob there is of another kind: use the x-ms-blob-type it has, or delete it',
  ],
  InvalidBlockId: ['upload-unknown', 'block ids must be base64, all of the same length'],
  InvalidBlockList: [
    'upload-unknown',
    'a block of the list was never uploaded, or its time is over',
  ],
  InvalidHeaderValue: [
    'request-malformed',
    'one header holds a value that is not taken: the answer names it',
  ],
  InvalidHttpVerb: ['operation-unsupported', 'the service does not know this method'],
  InvalidInput: ['request-malformed', 'one value is not taken'],
  InvalidMd5: ['checksum-mismatch', 'Content-MD5 is not base64 of 16 bytes'],
  InvalidMetadata: ['request-malformed', 'names of metadata must be identifiers of C#'],
  InvalidOperation: ['operation-unsupported', 'the operation cannot be done on this resource'],
  InvalidQueryParameterValue: [
    'parameter-malformed',
    'one parameter holds a value that is not taken: the answer names it',
  ],
  InvalidRange: ['range-wrong', 'the range lies behind the end of the blob'],
  InvalidResourceName: [
    'request-malformed',
    "the container's name is not one: 3 to 63 lower-case letters, digits and dashes",
  ],
  InvalidUri: ['request-malformed', 'the path cannot be read: encode the name as UTF-8, once'],
  InvalidVersionForPageBlobOperation: [
    'version-unsupported',
    'x-ms-version is too old for page blobs',
  ],
  InvalidXmlDocument: ['request-malformed', 'the XML in the body is not well-formed'],
  KeyBasedAuthenticationNotPermitted: [
    'account-refuses-keys',
    'shared keys are switched off for the account, and with them every service and account SAS: sign a user delegation SAS',
  ],
  LeaseAlreadyPresent: ['state-conflict', 'the blob is leased already'],
  LeaseIdMismatchWithBlobOperation: ['state-conflict', 'the lease is another one'],
  LeaseIdMissing: [
    'state-conflict',
    'the blob is leased: send x-ms-lease-id, or wait until the lease is over',
  ],
  LeaseLost: ['state-conflict', 'the lease is over'],
  Md5Mismatch: ['checksum-mismatch', 'the body does not have the MD5 that was announced'],
  Crc64Mismatch: ['checksum-mismatch', 'the body does not have the CRC that was announced'],
  MetadataTooLarge: ['url-too-long', 'metadata takes 8 KB at most'],
  MissingContentLengthHeader: ['body-incomplete', 'Content-Length is missing'],
  MissingRequiredHeader: [
    'header-missing',
    'a header of this operation did not come: the answer names it (x-ms-blob-type: BlockBlob for every upload of a whole blob)',
  ],
  MissingRequiredQueryParameter: [
    'parameter-missing',
    'a parameter of this operation did not come: the answer names it',
  ],
  MissingRequiredXmlNode: ['request-malformed', 'an element of the body is missing'],
  MultipleConditionHeadersNotSupported: ['request-malformed', 'one condition at a time'],
  NoAuthenticationInformation: [
    'parameter-missing',
    'no token reached the service: look whether the query was cut off',
  ],
  NoPendingCopyOperation: ['state-conflict', 'there is no copy to abort'],
  OperationNotAllowedInCurrentState: ['state-conflict', 'the state of the resource forbids it'],
  OperationTimedOut: ['provider-busy', 'the operation took too long: try again'],
  OutOfRangeInput: [
    'parameter-malformed',
    'one value is out of range, mostly a name that is too long or of another service',
  ],
  OutOfRangeQueryParameterValue: ['parameter-malformed', 'one parameter is out of range'],
  PathAlreadyExists: ['state-conflict', 'a file or directory of that name exists'],
  PathNotFound: ['object-missing', 'there is no file or directory of that name'],
  FilesystemNotFound: ['bucket-missing', 'there is no file system of that name'],
  PublicAccessNotPermitted: [
    'network-refused',
    'the account allows no anonymous access, and no token reached the service',
  ],
  RequestBodyTooLarge: [
    'entity-too-large',
    'one request takes so many bytes only: upload in blocks',
  ],
  RequestUrlFailedToParse: ['url-too-long', 'the URL cannot be read'],
  ResourceTypeMismatch: [
    'resource-type-mismatch',
    'the resource is of another kind than the request takes it for',
  ],
  ServerBusy: [
    'provider-busy',
    'the account is at its limit: wait and try again, more slowly each time',
  ],
  SnapshotsPresent: ['state-conflict', 'the blob has snapshots: delete them too'],
  SourceConditionNotMet: ['condition-failed', 'a condition on the source does not hold'],
  SystemInUse: ['state-conflict', 'the blob is in use'],
  TargetConditionNotMet: ['condition-failed', 'a condition on the target does not hold'],
  UnauthorizedBlobOverwrite: [
    'permission-missing',
    'the token may create and not replace: grant w',
  ],
  UnsupportedHeader: [
    'operation-unsupported',
    'one header is not taken for this operation: the answer names it',
  ],
  UnsupportedHttpVerb: ['operation-unsupported', 'this resource does not take the method'],
  UnsupportedQueryParameter: [
    'operation-unsupported',
    'one parameter is not taken for this operation',
  ],
  UnsupportedXmlNode: ['request-malformed', 'an element of the body is not known'],
  AccountTypeNotSupported: [
    'operation-unsupported',
    'this kind of account does not have the operation',
  ],
  EndpointNotSupported: ['operation-unsupported', 'the account does not have this endpoint'],
  HierarchicalNamespaceNotEnabled: [
    'operation-unsupported',
    'the account has no hierarchical namespace: use a blob or container SAS',
  ],
}
