/**
 * Every operation of the object plane on one screen, and what selects it: where it is asked, the method, the parameters and the
 * header that only it has. What S3 has and this table has not is NotImplemented and named; a method without a row is
 * MethodNotAllowed. The order of the query means nothing: the row with the most selectors wins.
 *
 * `action` is the right that is asked for before the operation runs; it is handed the permit.
 */
import type { Action } from '../../catalog/records.ts'
import { refusal } from '../../core/errors.ts'
import { authorize, authorizeReach, authorizeReachWithin } from '../../core/policy/authorize.ts'
import type { ObjectPath } from '../../core/paths.ts'
import type { Permit } from '../../core/policy/permit.ts'
import { s3Refusal } from './errors/s3-refusal.ts'
import { amzHeader, queryValue } from './face.ts'
import type { S3Answer, S3Face, S3Operation, S3Request } from './face.ts'
import { abortMultipartUpload } from './operations/abort-multipart-upload.ts'
import { completeMultipartUpload } from './operations/complete-multipart-upload.ts'
import { copyObject } from './operations/copy-object.ts'
import { createBucket } from './operations/create-bucket.ts'
import { createMultipartUpload } from './operations/create-multipart-upload.ts'
import { deleteBucket } from './operations/delete-bucket.ts'
import { deleteObject } from './operations/delete-object.ts'
import { deleteObjects } from './operations/delete-objects.ts'
import { getBucketLocation } from './operations/get-bucket-location.ts'
import { getObjectAttributes } from './operations/get-object-attributes.ts'
import { getObject } from './operations/get-object.ts'
import { headBucket } from './operations/head-bucket.ts'
import { headObject } from './operations/head-object.ts'
import { listBuckets } from './operations/list-buckets.ts'
import { listMultipartUploads } from './operations/list-multipart-uploads.ts'
import { listObjectsV2 } from './operations/list-objects-v2.ts'
import { listObjects } from './operations/list-objects.ts'
import { listParts } from './operations/list-parts.ts'
import { postObject } from './operations/post-object.ts'
import { putObject } from './operations/put-object.ts'
import { uploadPartCopy } from './operations/upload-part-copy.ts'
import { uploadPart } from './operations/upload-part.ts'
import { SELECTING_HEADERS, SELECTING_PARAMETERS } from './selectors.ts'

export type S3Level = 'service' | 'bucket' | 'object'

interface Selector {
  /** As AWS calls it; metrics and log lines do too. */
  readonly name: string
  readonly on: S3Level
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Parameters that must all be there. */
  readonly query?: readonly string[]
  /** A header that must be there, itself or as a signed parameter. */
  readonly header?: string
  /** What is read of the body: nothing, a file (in `aws-chunked` framing too), a small document, a form. */
  readonly body: 'none' | 'stream' | 'xml' | 'form'
}

interface Row<Allowed extends Action> extends Selector {
  readonly action: Allowed
  /** Where the right is asked for: below this parameter's value instead of the whole bucket. */
  readonly under?: string
  /** The operation asks for each key that the body names; before that, for what of the bucket the caller's own key reaches. */
  readonly forEachKey?: boolean
  readonly handle: S3Operation<Allowed>
}

export interface S3Route extends Required<Omit<Selector, 'header'>> {
  readonly header: string | null
  readonly action: Action
  readonly forEachKey: boolean
  /** Asks for the right, then does it. */
  readonly serve: (face: S3Face, request: S3Request) => Promise<S3Answer>
}

// prettier-ignore
export const S3_ROUTES: readonly S3Route[] = [
  route({ name: 'ListBuckets', on: 'service', method: 'GET', body: 'none', action: 'list', handle: listBuckets }),

  route({ name: 'CreateBucket', on: 'bucket', method: 'PUT', body: 'xml', action: 'write', handle: createBucket }),
  route({ name: 'HeadBucket', on: 'bucket', method: 'HEAD', body: 'none', action: 'list', handle: headBucket }),
  route({ name: 'DeleteBucket', on: 'bucket', method: 'DELETE', body: 'none', action: 'delete', handle: deleteBucket }),
  route({ name: 'PostObject', on: 'bucket', method: 'POST', body: 'form', action: 'write', handle: postObject }),
  route({ name: 'GetBucketLocation', on: 'bucket', method: 'GET', query: ['location'], body: 'none', action: 'list', handle: getBucketLocation }),
  route({ name: 'ListObjectsV2', on: 'bucket', method: 'GET', query: ['list-type'], body: 'none', action: 'list', under: 'prefix', handle: listObjectsV2 }),
  route({ name: 'ListObjects', on: 'bucket', method: 'GET', body: 'none', action: 'list', under: 'prefix', handle: listObjects }),
  route({ name: 'ListMultipartUploads', on: 'bucket', method: 'GET', query: ['uploads'], body: 'none', action: 'list', under: 'prefix', handle: listMultipartUploads }),
  route({ name: 'DeleteObjects', on: 'bucket', method: 'POST', query: ['delete'], body: 'xml', action: 'delete', forEachKey: true, handle: deleteObjects }),

  route({ name: 'GetObject', on: 'object', method: 'GET', body: 'none', action: 'read', handle: getObject }),
  route({ name: 'GetObjectAttributes', on: 'object', method: 'GET', query: ['attributes'], body: 'none', action: 'read', handle: getObjectAttributes }),
  route({ name: 'HeadObject', on: 'object', method: 'HEAD', body: 'none', action: 'read', handle: headObject }),
  route({ name: 'PutObject', on: 'object', method: 'PUT', body: 'stream', action: 'write', handle: putObject }),
  route({ name: 'DeleteObject', on: 'object', method: 'DELETE', body: 'none', action: 'delete', handle: deleteObject }),
  route({ name: 'GetObject', on: 'object', method: 'GET', query: ['partNumber'], body: 'none', action: 'read', handle: getObject }),
  route({ name: 'HeadObject', on: 'object', method: 'HEAD', query: ['partNumber'], body: 'none', action: 'read', handle: headObject }),
  route({ name: 'CopyObject', on: 'object', method: 'PUT', header: 'x-amz-copy-source', body: 'none', action: 'write', handle: copyObject }),

  route({ name: 'CreateMultipartUpload', on: 'object', method: 'POST', query: ['uploads'], body: 'none', action: 'write', handle: createMultipartUpload }),
  route({ name: 'UploadPart', on: 'object', method: 'PUT', query: ['partNumber', 'uploadId'], body: 'stream', action: 'write', handle: uploadPart }),
  route({ name: 'UploadPartCopy', on: 'object', method: 'PUT', query: ['partNumber', 'uploadId'], header: 'x-amz-copy-source', body: 'none', action: 'write', handle: uploadPartCopy }),
  route({ name: 'ListParts', on: 'object', method: 'GET', query: ['uploadId'], body: 'none', action: 'write', handle: listParts }),
  route({ name: 'CompleteMultipartUpload', on: 'object', method: 'POST', query: ['uploadId'], body: 'xml', action: 'write', handle: completeMultipartUpload }),
  route({ name: 'AbortMultipartUpload', on: 'object', method: 'DELETE', query: ['uploadId'], body: 'none', action: 'write', handle: abortMultipartUpload }),
]

function route<Allowed extends Action>(row: Row<Allowed>): S3Route {
  const { name, on, method, body, action, handle } = row
  return {
    name,
    on,
    method,
    query: row.query ?? [],
    header: row.header ?? null,
    body,
    action,
    forEachKey: row.forEachKey ?? false,
    serve: async (face, request) => {
      const permit = await admit(face, row, request)
      return handle(face, { permit, request })
    },
  }
}

/** At the service itself the right is asked for what the caller's own key reaches. */
function admit<Allowed extends Action>(
  { core }: S3Face,
  { on, under, forEachKey, action }: Row<Allowed>,
  request: S3Request,
): Promise<Permit<Allowed>> {
  const { caller, path } = request
  if (on === 'service') return authorizeReach(core, caller, action)
  if (forEachKey === true) return authorizeReachWithin(core, caller, action, path.bucket)
  if (under === undefined) return authorize(core, caller, action, path)
  const key = queryValue(request, under) ?? ''
  return authorize(core, caller, action, { bucket: path.bucket, key })
}

export function levelOf({ bucket, key }: ObjectPath): S3Level {
  if (bucket === '') return 'service'
  return key === '' ? 'bucket' : 'object'
}

const BY_PLACE: ReadonlyMap<string, readonly S3Route[]> = Map.groupBy(
  S3_ROUTES.toSorted((a, b) => weigh(b) - weigh(a)),
  ({ on, method }) => `${on} ${method}`,
)

function weigh({ query, header }: S3Route): number {
  return query.length * 2 + (header === null ? 0 : 1)
}

/** Throws `not-implemented` or `method-not-allowed`. */
export function findRoute(request: S3Request): S3Route {
  const { method } = request.raw
  const level = levelOf(request.path)
  const asked = listSelectors(request)
  for (const candidate of BY_PLACE.get(`${level} ${method}`) ?? []) {
    if (isSelected(candidate, asked)) return candidate
  }
  const [feature] = asked
  if (feature !== undefined) throw s3Refusal('not-implemented', { feature })
  // POST carries operations of S3 that have no method of their own: form uploads, bulk deletes.
  if (method === 'POST') throw s3Refusal('not-implemented', { feature: 'POST' })
  throw refusal('method-not-allowed', { method, allowed: ALLOWED[level] })
}

/** Everything in the request that selects an operation of S3, known here or not. */
function listSelectors(request: S3Request): readonly string[] {
  const asked = new Set<string>()
  for (const [name] of request.query) if (SELECTING_PARAMETERS.has(name)) asked.add(name)
  return [...[...asked].toSorted(), ...listSelectingHeaders(request)]
}

function listSelectingHeaders(request: S3Request): readonly string[] {
  if (request.raw.method !== 'PUT') return []
  return SELECTING_HEADERS.filter((name) => amzHeader(request, name) !== null)
}

/** All of its selectors are there, and none that is another operation's: that one would be overlooked. */
function isSelected({ query, header }: S3Route, asked: readonly string[]): boolean {
  if (!query.every((name) => asked.includes(name))) return false
  if (header !== null && !asked.includes(header)) return false
  return asked.every((name) => name === header || query.includes(name))
}

const ALLOWED: Readonly<Record<S3Level, readonly string[]>> = {
  service: methodsOf('service'),
  bucket: methodsOf('bucket'),
  object: methodsOf('object'),
}

function methodsOf(level: S3Level): string[] {
  return [...new Set(S3_ROUTES.filter(({ on }) => on === level).map(({ method }) => method))]
}
