/**
 * What Google Cloud Storage answers to a signed request it refuses: for each code its cause and what to do.
 * The codes a dialect's own rules read by their wording too are in its `explain-answer.ts`.
 *
 * @module
 */
import type { KnownAnswers } from './known-answers.ts'

export const GCS_ANSWERS: KnownAnswers = {
  AccountProblem: ['account-problem', 'the account is not in good standing: look at its billing'],
  UserProjectMissing: ['account-problem', 'the bucket is requester-pays: sign with userProject'],
  UserProjectInvalid: ['account-problem', 'the project named in userProject cannot be billed'],
  UserProjectAccountProblem: ['account-problem', 'the billing account of the project is disabled'],
  BillingDisabled: ['account-problem', 'billing of the project is off: turn it on'],
  AuthenticationRequired: ['parameter-missing', 'no signature reached the service'],
  AuthorizationRequired: ['parameter-missing', 'no signature reached the service'],
  BucketNotFound: ['bucket-missing', 'there is no such bucket'],
  ConditionalRequestFailed: [
    'condition-failed',
    'x-goog-if-generation-match or a date says otherwise than the object',
  ],
  EntityTooSmall: ['policy-condition-failed', 'the file is smaller than the policy allows'],
  ExcessHeaderValues: ['parameter-doubled', 'a header that may come once came twice'],
  InvalidURI: ['request-malformed', 'the path cannot be read: encode the name as UTF-8, once'],
  InvalidPolicyDocument: ['policy-malformed', 'the policy of the form is not valid'],
  InvalidSecurity: ['key-unknown', 'the credentials are not valid'],
  InvalidQueryParameterValue: [
    'parameter-malformed',
    'a query parameter holds a value that is not taken',
  ],
  MissingSecurityHeader: ['header-missing', 'a header the signature needs did not come'],
  MissingContentLength: ['body-incomplete', 'Content-Length is missing'],
  UploadBrokenConnection: ['body-incomplete', 'the upload broke off: resume it'],
  rateLimitExceeded: [
    'provider-busy',
    'too many requests: wait and try again, more slowly each time',
  ],
  userRateLimitExceeded: [
    'provider-busy',
    'too many requests: wait and try again, more slowly each time',
  ],
  OrgPolicyViolation: [
    'network-refused',
    'a policy of the organisation forbids it (public access, HMAC keys or networks)',
  ],
  SecurityPolicyViolated: ['network-refused', 'VPC Service Controls forbid it from this network'],
  RetentionPolicyNotMet: ['state-conflict', 'the object is under a retention policy or hold'],
  ObjectUnderActiveHold: ['state-conflict', 'the object is under a hold'],
  CustomerEncryptionKeyFormatIsInvalid: [
    'encryption-refused',
    "the customer's key is not base64 of 32 bytes",
  ],
  CustomerEncryptionKeyIsIncorrect: [
    'encryption-refused',
    'the object was encrypted with another key',
  ],
  ResourceIsEncryptedWithCustomerEncryptionKey: [
    'encryption-refused',
    "the object needs its customer's key in x-goog-encryption-*: sign these headers and send them",
  ],
  ResourceNotEncryptedWithCustomerEncryptionKey: [
    'encryption-refused',
    "the object has no customer's key: send none",
  ],
}
