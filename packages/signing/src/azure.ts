/**
 * Azure Blob Storage shared access signatures (SAS): service, account and user delegation.
 *
 * @module
 */
export { presignAzureAccount } from './dialects/azure/presign-account.ts'
export type { PresignAzureAccountOptions } from './dialects/azure/presign-account.ts'
export {
  createAzureDelegationSigner,
  createAzureSigner,
  presignAzureBlob,
  presignAzureUserDelegation,
} from './dialects/azure/presign.ts'
export type {
  AzureSigner,
  AzureSignerOptions,
  PresignAzureBlobOptions,
} from './dialects/azure/presign.ts'
export type {
  AzureDelegationKey,
  AzureDelegationRequest,
  AzureDelegationSignerOptions,
  PresignAzureUserDelegationOptions,
} from './dialects/azure/delegation-options.ts'
export type { AzureServiceRequest } from './dialects/azure/service-token.ts'
export { createAzurePrefix } from './dialects/azure/prefix.ts'
export type { AzurePrefix, AzurePrefixOptions } from './dialects/azure/prefix.ts'
export {
  createAzureAsyncVerifier,
  createAzureVerifier,
  verifyAzure,
  verifyAzureAsync,
} from './dialects/azure/verify.ts'
export type {
  AzureAsyncVerifier,
  AzureAsyncVerifierOptions,
  AzureKeyId,
  AzureRequestFacts,
  AzureVerifier,
  AzureVerifierOptions,
  VerifiedAzure,
  VerifyAzureAsyncOptions,
  VerifyAzureOptions,
} from './dialects/azure/verify.ts'
export type { AzureGrant, AzureStoredPolicy } from './dialects/azure/grant.ts'
export type { AzureSasKind } from './dialects/azure/params.ts'
export type {
  AzureOperation,
  AzurePermissionName,
  AzurePermissions,
} from './dialects/azure/permissions.ts'
export { responseContentDisposition } from './lib/content-disposition.ts'
export type { DownloadOptions } from './lib/content-disposition.ts'
export type { AzureTargetOptions } from './dialects/azure/target.ts'
export type {
  AzureAccountOptions,
  AzureGrantOptions,
  AzureResponseHeaders,
  AzureResponseOptions,
  AzureTokenOptions,
} from './dialects/azure/token.ts'
export type { ExpiryOptions } from './lib/expiry.ts'
