/** The parameters and headers by which S3 tells its operations apart [S3-API], whether or not this server has them. */

import { ZIP_PARAMETER } from '../../core/links/link-parameters.ts'

export const SELECTING_PARAMETERS: ReadonlySet<string> = new Set([
  // Of this server alone: what the page of a shared folder leads to.
  ZIP_PARAMETER,
  'abac',
  'accelerate',
  'acl',
  'analytics',
  'annotation',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'list-type',
  'location',
  'logging',
  'metadataAnnotationTable',
  'metadataConfiguration',
  'metadataInventoryTable',
  'metadataJournalTable',
  'metadataTable',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'partNumber',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'renameObject',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'select-type',
  'session',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
])

/** Those that turn a PUT into a copy; no other request may have them. */
export const SELECTING_HEADERS: readonly string[] = ['x-amz-copy-source']

/** A parameter without a value, such as S3 selects an operation by; those of signatures and SDKs begin with `x-`. */
const SUB_RESOURCE = /^(?!x-)[a-z][a-z-]{0,63}$/i

/**
 * True for what selects an operation. A request that changes something is not taken for a plain one because of a parameter that
 * nobody here has heard of yet: what S3 adds has no value, and the object is not what it is about.
 */
export function isSelecting(method: string, name: string, value: string): boolean {
  if (SELECTING_PARAMETERS.has(name)) return true
  return value === '' && method !== 'GET' && method !== 'HEAD' && SUB_RESOURCE.test(name)
}
