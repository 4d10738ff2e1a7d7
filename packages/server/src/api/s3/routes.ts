/**
 * Every operation of the object plane on one screen. Whatever is not here does not exist: a sub-resource of S3
 * without a row answers NotImplemented, a method without one MethodNotAllowed.
 *
 * The query is that of the signature: a parameter added afterwards was refused before anybody looked for a route.
 */
import { DomainError } from '../../core/errors.ts'
import { createBucket } from './operations/create-bucket.ts'
import { deleteBucket } from './operations/delete-bucket.ts'
import { deleteObject } from './operations/delete-object.ts'
import type { QueryPair, S3Operation } from './face.ts'
import { getBucketLocation } from './operations/get-bucket-location.ts'
import { getObject } from './operations/get-object.ts'
import { headBucket } from './operations/head-bucket.ts'
import { headObject } from './operations/head-object.ts'
import { listBuckets } from './operations/list-buckets.ts'
import { listObjectsV2 } from './operations/list-objects-v2.ts'
import { listObjects } from './operations/list-objects.ts'
import { putObject } from './operations/put-object.ts'

export type S3Level = 'service' | 'bucket' | 'object'

export interface S3Route {
  readonly operation: string
  readonly level: S3Level
  readonly method: string
  /** The query parameter that selects the operation; `null` for none. */
  readonly subResource: string | null
  /** Takes a body in `aws-chunked` framing. */
  readonly takesStream: boolean
  readonly handle: S3Operation
}

type Row = readonly [string, S3Level, string, string | null, S3Operation]

const ROWS: readonly Row[] = [
  ['ListBuckets', 'service', 'GET', null, listBuckets],
  ['CreateBucket', 'bucket', 'PUT', null, createBucket],
  ['HeadBucket', 'bucket', 'HEAD', null, headBucket],
  ['DeleteBucket', 'bucket', 'DELETE', null, deleteBucket],
  ['GetBucketLocation', 'bucket', 'GET', 'location', getBucketLocation],
  ['ListObjects', 'bucket', 'GET', null, listObjects],
  ['ListObjectsV2', 'bucket', 'GET', 'list-type', listObjectsV2],
  ['GetObject', 'object', 'GET', null, getObject],
  ['HeadObject', 'object', 'HEAD', null, headObject],
  ['PutObject', 'object', 'PUT', null, putObject],
  ['DeleteObject', 'object', 'DELETE', null, deleteObject],
]

export const S3_ROUTES: readonly S3Route[] = ROWS.map(
  ([operation, level, method, subResource, handle]) => ({
    operation,
    level,
    method,
    subResource,
    takesStream: operation === 'PutObject',
    handle,
  }),
)

/** Query parameters that select an operation in S3, known here or not [S3-API]. */
const SUB_RESOURCES: ReadonlySet<string> = new Set([
  'accelerate',
  'acl',
  'analytics',
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
  'metadataConfiguration',
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

const ALLOWED: Readonly<Record<S3Level, readonly string[]>> = {
  service: methodsOf('service'),
  bucket: methodsOf('bucket'),
  object: methodsOf('object'),
}

/** Throws `not-implemented` or `method-not-allowed`. */
export function findRoute(level: S3Level, method: string, query: readonly QueryPair[]): S3Route {
  const subResource = findSubResource(query)
  for (const route of S3_ROUTES) {
    if (route.level === level && route.method === method && route.subResource === subResource) {
      return route
    }
  }
  // POST carries operations of S3 that have no method of their own: form uploads, bulk deletes.
  if (subResource !== null || method === 'POST') {
    const feature = subResource ?? 'POST'
    throw new DomainError('not-implemented', `${feature} is not implemented.`, { feature })
  }
  const message = `${method} is not a method of this resource.`
  throw new DomainError('method-not-allowed', message, { method, allowed: ALLOWED[level] })
}

function findSubResource(query: readonly QueryPair[]): string | null {
  for (const [name] of query) {
    if (SUB_RESOURCES.has(name)) return name
  }
  return null
}

function methodsOf(level: S3Level): string[] {
  return [
    ...new Set(S3_ROUTES.filter((route) => route.level === level).map(({ method }) => method)),
  ]
}
