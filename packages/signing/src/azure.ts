/**
 * Azure Blob Storage shared access signatures (SAS): service, account and user delegation.
 *
 * @module
 */
export { presignAzureAccount } from './dialects/azure/presign-account.ts'
export type { PresignAzureAccountOptions } from './dialects/azure/presign-account.ts'
export { presignAzureUserDelegation } from './dialects/azure/presign-user-delegation.ts'
export type {
  AzureDelegationKey,
  PresignAzureUserDelegationOptions,
} from './dialects/azure/delegation-options.ts'
export { presignAzureBlob } from './dialects/azure/presign.ts'
export type { PresignAzureBlobOptions } from './dialects/azure/presign.ts'
export { createAzureSigner } from './dialects/azure/signer.ts'
export type { AzureSigner, AzureSignerOptions } from './dialects/azure/signer.ts'
export { verifyAzure, verifyAzureAsync } from './dialects/azure/verify.ts'
export type {
  AzureKeyId,
  VerifiedAzure,
  VerifyAzureAsyncOptions,
  VerifyAzureOptions,
  VerifyAzureRules,
} from './dialects/azure/verify.ts'
export type { AzureGrant, AzureStoredPolicy } from './dialects/azure/grant.ts'
export type { AzureSasKind } from './dialects/azure/params.ts'
export type { AzureOperation } from './dialects/azure/permissions.ts'
export type { AzureTargetOptions } from './dialects/azure/target.ts'
export type { AzureResponseHeaders, AzureTokenOptions } from './dialects/azure/token.ts'
