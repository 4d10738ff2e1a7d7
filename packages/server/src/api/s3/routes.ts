/**
 * Every operation of the object plane on one screen, and what selects it: where it is asked, the method, the parameters and the
 * header that only it has. What S3 has and this table has not is NotImplemented and named; a method without a row is
 * MethodNotAllowed. The order of the query means nothing: the row with the most selectors wins.
 *
 * `action` is the right that is asked for before the operation runs; it is handed the permit.
 */
import type { Action } from '../../catalog/records.ts'
import { refusal } from '../../core/errors.ts'
import { isLink } from '../../core/identity.ts'
import { authorize, authorizeReach, authorizeReachWithin } from '../../core/policy/authorize.ts'
import type { ObjectPath } from '../../core/paths.ts'
import { isCounted } from '../../core/policy/permit.ts'
import type { Permit } from '../../core/policy/permit.ts'
import { waitForItsTurn } from '../../http/its-turn.ts'
import { s3Refusal } from './errors/s3-refusal.ts'
import { amzHeader, queryValue } from './face.ts'
import type { RoutableRequest, S3Answer, S3Face, S3Operation, S3Request } from './face.ts'
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
import { getBucketAcl } from './operations/acl/get-bucket-acl.ts'
import { getObjectAcl } from './operations/acl/get-object-acl.ts'
import { putBucketAcl } from './operations/acl/put-bucket-acl.ts'
import { putObjectAcl } from './operations/acl/put-object-acl.ts'
import { deleteBucketCors } from './operations/cors/delete-bucket-cors.ts'
import { getBucketCors } from './operations/cors/get-bucket-cors.ts'
import { putBucketCors } from './operations/cors/put-bucket-cors.ts'
import { deleteBucketPolicy } from './operations/policy/delete-bucket-policy.ts'
import { getBucketPolicyStatus } from './operations/policy/get-bucket-policy-status.ts'
import { getBucketPolicy } from './operations/policy/get-bucket-policy.ts'
import { putBucketPolicy } from './operations/policy/put-bucket-policy.ts'
import { putObjectLockConfiguration, refuseLock } from './operations/settings/object-lock.ts'
import {
  deletePublicAccessBlock,
  getPublicAccessBlock,
  putPublicAccessBlock,
} from './operations/settings/public-access-block.ts'
import { removeUnset, sayUnset } from './operations/settings/unset-settings.ts'
import { deleteBucketTagging } from './operations/tagging/delete-bucket-tagging.ts'
import { deleteObjectTagging } from './operations/tagging/delete-object-tagging.ts'
import { getBucketTagging } from './operations/tagging/get-bucket-tagging.ts'
import { getObjectTagging } from './operations/tagging/get-object-tagging.ts'
import { putBucketTagging } from './operations/tagging/put-bucket-tagging.ts'
import { putObjectTagging } from './operations/tagging/put-object-tagging.ts'
import { getBucketVersioning } from './operations/versioning/get-bucket-versioning.ts'
import { listObjectVersions } from './operations/versioning/list-object-versions.ts'
import { putBucketVersioning } from './operations/versioning/put-bucket-versioning.ts'
import {
  ACCELERATION,
  LOGGING,
  NOTIFICATION,
  OWNERSHIP,
  REQUEST_PAYMENT,
  takeAsIs,
  tell,
} from './operations/settings/fixed-settings.ts'
import { ZIP_PARAMETER } from '../../core/links/link-parameters.ts'
import { zipFolder } from './operations/zip-folder.ts'
import { SELECTING_HEADERS, isSelecting } from './selectors.ts'

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
  /** Parameters of S3's operations that it may have besides: they choose what of the object it is about. */
  readonly takes?: readonly string[]
  /** What is read of the body: nothing, a file (in `aws-chunked` framing too), a small document, a form. */
  readonly body: 'none' | 'stream' | 'xml' | 'form'
}

interface Row<Allowed extends Action> extends Selector {
  readonly action: Allowed
  /** Somebody without credentials may ask, too: of what is public. */
  readonly isOpen?: true
  /** Where the right is asked for: below this parameter's value instead of the whole bucket. */
  readonly under?: string
  /** It sends a file, or a part of one: whoever signs for an upload link by themselves may ask for it. */
  readonly isSending?: true
  /** The operation asks for each key that the body names; before that, for what of the bucket the caller's own key reaches. */
  readonly forEachKey?: boolean
  readonly handle: S3Operation<Allowed>
}

export interface S3Route extends Required<Omit<Selector, 'header'>> {
  readonly header: string | null
  readonly action: Action
  readonly under: string | null
  readonly isSending: boolean
  readonly forEachKey: boolean
  /** Asks for the right, then does it. */
  readonly serve: (face: S3Face, request: S3Request) => Promise<S3Answer>
}

// prettier-ignore
export const S3_ROUTES: readonly S3Route[] = [
  route({ name: 'ListBuckets', on: 'service', method: 'GET', body: 'none', action: 'list', handle: listBuckets }),

  route({ name: 'ZipFolder', on: 'bucket', method: 'GET', query: [ZIP_PARAMETER], body: 'none', action: 'read', handle: zipFolder }),
  route({ name: 'ZipFolder', on: 'object', method: 'GET', query: [ZIP_PARAMETER], body: 'none', action: 'read', handle: zipFolder }),

  route({ name: 'CreateBucket', on: 'bucket', method: 'PUT', body: 'xml', action: 'write', handle: createBucket }),
  route({ name: 'HeadBucket', on: 'bucket', method: 'HEAD', body: 'none', action: 'list', handle: headBucket }),
  route({ name: 'DeleteBucket', on: 'bucket', method: 'DELETE', body: 'none', action: 'delete', handle: deleteBucket }),
  route({ name: 'PostObject', on: 'bucket', method: 'POST', body: 'form', action: 'write', handle: postObject }),
  route({ name: 'GetBucketLocation', on: 'bucket', method: 'GET', query: ['location'], body: 'none', action: 'list', handle: getBucketLocation }),
  route({ name: 'ListObjectsV2', on: 'bucket', method: 'GET', query: ['list-type'], body: 'none', action: 'list', under: 'prefix', handle: listObjectsV2 }),
  route({ name: 'ListObjects', on: 'bucket', method: 'GET', body: 'none', action: 'list', under: 'prefix', handle: listObjects }),
  route({ name: 'ListObjectVersions', on: 'bucket', method: 'GET', query: ['versions'], body: 'none', action: 'list', under: 'prefix', handle: listObjectVersions }),
  route({ name: 'ListMultipartUploads', on: 'bucket', method: 'GET', query: ['uploads'], body: 'none', action: 'list', under: 'prefix', handle: listMultipartUploads }),
  route({ name: 'DeleteObjects', on: 'bucket', method: 'POST', query: ['delete'], body: 'xml', action: 'delete', forEachKey: true, handle: deleteObjects }),

  route({ name: 'GetBucketVersioning', on: 'bucket', method: 'GET', query: ['versioning'], body: 'none', action: 'list', handle: getBucketVersioning }),
  route({ name: 'PutBucketVersioning', on: 'bucket', method: 'PUT', query: ['versioning'], body: 'xml', action: 'admin', handle: putBucketVersioning }),
  route({ name: 'GetBucketTagging', on: 'bucket', method: 'GET', query: ['tagging'], body: 'none', action: 'list', handle: getBucketTagging }),
  route({ name: 'PutBucketTagging', on: 'bucket', method: 'PUT', query: ['tagging'], body: 'xml', action: 'admin', handle: putBucketTagging }),
  route({ name: 'DeleteBucketTagging', on: 'bucket', method: 'DELETE', query: ['tagging'], body: 'none', action: 'admin', handle: deleteBucketTagging }),
  route({ name: 'GetBucketCors', on: 'bucket', method: 'GET', query: ['cors'], body: 'none', action: 'list', handle: getBucketCors }),
  route({ name: 'PutBucketCors', on: 'bucket', method: 'PUT', query: ['cors'], body: 'xml', action: 'admin', handle: putBucketCors }),
  route({ name: 'DeleteBucketCors', on: 'bucket', method: 'DELETE', query: ['cors'], body: 'none', action: 'admin', handle: deleteBucketCors }),
  route({ name: 'GetBucketAcl', on: 'bucket', method: 'GET', query: ['acl'], body: 'none', action: 'list', handle: getBucketAcl }),
  route({ name: 'PutBucketAcl', on: 'bucket', method: 'PUT', query: ['acl'], body: 'xml', action: 'admin', handle: putBucketAcl }),
  route({ name: 'GetBucketPolicy', on: 'bucket', method: 'GET', query: ['policy'], body: 'none', action: 'list', handle: getBucketPolicy }),
  route({ name: 'PutBucketPolicy', on: 'bucket', method: 'PUT', query: ['policy'], body: 'xml', action: 'admin', handle: putBucketPolicy }),
  route({ name: 'DeleteBucketPolicy', on: 'bucket', method: 'DELETE', query: ['policy'], body: 'none', action: 'admin', handle: deleteBucketPolicy }),
  route({ name: 'GetBucketPolicyStatus', on: 'bucket', method: 'GET', query: ['policyStatus'], body: 'none', action: 'list', handle: getBucketPolicyStatus }),

  route({ name: 'GetBucketAccelerateConfiguration', on: 'bucket', method: 'GET', query: ['accelerate'], body: 'none', action: 'list', handle: tell(ACCELERATION) }),
  route({ name: 'GetBucketLogging', on: 'bucket', method: 'GET', query: ['logging'], body: 'none', action: 'list', handle: tell(LOGGING) }),
  route({ name: 'PutBucketLogging', on: 'bucket', method: 'PUT', query: ['logging'], body: 'xml', action: 'admin', handle: takeAsIs(LOGGING) }),
  route({ name: 'GetBucketNotificationConfiguration', on: 'bucket', method: 'GET', query: ['notification'], body: 'none', action: 'list', handle: tell(NOTIFICATION) }),
  route({ name: 'PutBucketNotificationConfiguration', on: 'bucket', method: 'PUT', query: ['notification'], body: 'xml', action: 'admin', handle: takeAsIs(NOTIFICATION) }),
  route({ name: 'GetBucketOwnershipControls', on: 'bucket', method: 'GET', query: ['ownershipControls'], body: 'none', action: 'list', handle: tell(OWNERSHIP) }),
  route({ name: 'PutBucketOwnershipControls', on: 'bucket', method: 'PUT', query: ['ownershipControls'], body: 'xml', action: 'admin', handle: takeAsIs(OWNERSHIP) }),
  route({ name: 'GetBucketRequestPayment', on: 'bucket', method: 'GET', query: ['requestPayment'], body: 'none', action: 'list', handle: tell(REQUEST_PAYMENT) }),
  route({ name: 'PutBucketRequestPayment', on: 'bucket', method: 'PUT', query: ['requestPayment'], body: 'xml', action: 'admin', handle: takeAsIs(REQUEST_PAYMENT) }),
  route({ name: 'GetBucketEncryption', on: 'bucket', method: 'GET', query: ['encryption'], body: 'none', action: 'list', handle: sayUnset('encryption') }),
  route({ name: 'DeleteBucketEncryption', on: 'bucket', method: 'DELETE', query: ['encryption'], body: 'none', action: 'admin', handle: removeUnset }),
  route({ name: 'GetBucketLifecycleConfiguration', on: 'bucket', method: 'GET', query: ['lifecycle'], body: 'none', action: 'list', handle: sayUnset('lifecycle') }),
  route({ name: 'DeleteBucketLifecycle', on: 'bucket', method: 'DELETE', query: ['lifecycle'], body: 'none', action: 'admin', handle: removeUnset }),
  route({ name: 'GetBucketReplication', on: 'bucket', method: 'GET', query: ['replication'], body: 'none', action: 'list', handle: sayUnset('replication') }),
  route({ name: 'DeleteBucketReplication', on: 'bucket', method: 'DELETE', query: ['replication'], body: 'none', action: 'admin', handle: removeUnset }),
  route({ name: 'GetBucketWebsite', on: 'bucket', method: 'GET', query: ['website'], body: 'none', action: 'list', handle: sayUnset('website') }),
  route({ name: 'DeleteBucketWebsite', on: 'bucket', method: 'DELETE', query: ['website'], body: 'none', action: 'admin', handle: removeUnset }),
  route({ name: 'GetPublicAccessBlock', on: 'bucket', method: 'GET', query: ['publicAccessBlock'], body: 'none', action: 'list', handle: getPublicAccessBlock }),
  route({ name: 'PutPublicAccessBlock', on: 'bucket', method: 'PUT', query: ['publicAccessBlock'], body: 'xml', action: 'admin', handle: putPublicAccessBlock }),
  route({ name: 'DeletePublicAccessBlock', on: 'bucket', method: 'DELETE', query: ['publicAccessBlock'], body: 'none', action: 'admin', handle: deletePublicAccessBlock }),
  route({ name: 'GetObjectLockConfiguration', on: 'bucket', method: 'GET', query: ['object-lock'], body: 'none', action: 'list', handle: sayUnset('object-lock') }),
  route({ name: 'PutObjectLockConfiguration', on: 'bucket', method: 'PUT', query: ['object-lock'], body: 'xml', action: 'admin', handle: putObjectLockConfiguration }),

  route({ name: 'GetObject', on: 'object', method: 'GET', takes: ['versionId', 'partNumber'], body: 'none', action: 'read', isOpen: true, handle: getObject }),
  route({ name: 'HeadObject', on: 'object', method: 'HEAD', takes: ['versionId', 'partNumber'], body: 'none', action: 'read', isOpen: true, handle: headObject }),
  route({ name: 'PutObject', on: 'object', method: 'PUT', body: 'stream', action: 'write', isSending: true, handle: putObject }),
  route({ name: 'DeleteObject', on: 'object', method: 'DELETE', takes: ['versionId'], body: 'none', action: 'delete', handle: deleteObject }),
  route({ name: 'GetObjectAttributes', on: 'object', method: 'GET', query: ['attributes'], takes: ['versionId'], body: 'none', action: 'read', handle: getObjectAttributes }),
  route({ name: 'CopyObject', on: 'object', method: 'PUT', header: 'x-amz-copy-source', body: 'none', action: 'write', handle: copyObject }),
  route({ name: 'CreateMultipartUpload', on: 'object', method: 'POST', query: ['uploads'], body: 'none', action: 'write', isSending: true, handle: createMultipartUpload }),
  route({ name: 'UploadPart', on: 'object', method: 'PUT', query: ['partNumber', 'uploadId'], body: 'stream', action: 'write', isSending: true, handle: uploadPart }),
  route({ name: 'UploadPartCopy', on: 'object', method: 'PUT', query: ['partNumber', 'uploadId'], header: 'x-amz-copy-source', body: 'none', action: 'write', handle: uploadPartCopy }),
  route({ name: 'ListParts', on: 'object', method: 'GET', query: ['uploadId'], body: 'none', action: 'write', isSending: true, handle: listParts }),
  route({ name: 'CompleteMultipartUpload', on: 'object', method: 'POST', query: ['uploadId'], body: 'xml', action: 'write', isSending: true, handle: completeMultipartUpload }),
  route({ name: 'AbortMultipartUpload', on: 'object', method: 'DELETE', query: ['uploadId'], body: 'none', action: 'write', isSending: true, handle: abortMultipartUpload }),

  route({ name: 'GetObjectTagging', on: 'object', method: 'GET', query: ['tagging'], takes: ['versionId'], body: 'none', action: 'read', handle: getObjectTagging }),
  route({ name: 'PutObjectTagging', on: 'object', method: 'PUT', query: ['tagging'], takes: ['versionId'], body: 'xml', action: 'write', handle: putObjectTagging }),
  route({ name: 'DeleteObjectTagging', on: 'object', method: 'DELETE', query: ['tagging'], takes: ['versionId'], body: 'none', action: 'write', handle: deleteObjectTagging }),
  route({ name: 'GetObjectAcl', on: 'object', method: 'GET', query: ['acl'], takes: ['versionId'], body: 'none', action: 'read', handle: getObjectAcl }),
  route({ name: 'PutObjectAcl', on: 'object', method: 'PUT', query: ['acl'], takes: ['versionId'], body: 'xml', action: 'write', handle: putObjectAcl }),
  route({ name: 'GetObjectLegalHold', on: 'object', method: 'GET', query: ['legal-hold'], takes: ['versionId'], body: 'none', action: 'read', handle: refuseLock }),
  route({ name: 'PutObjectLegalHold', on: 'object', method: 'PUT', query: ['legal-hold'], takes: ['versionId'], body: 'xml', action: 'write', handle: refuseLock }),
  route({ name: 'GetObjectRetention', on: 'object', method: 'GET', query: ['retention'], takes: ['versionId'], body: 'none', action: 'read', handle: refuseLock }),
  route({ name: 'PutObjectRetention', on: 'object', method: 'PUT', query: ['retention'], takes: ['versionId'], body: 'xml', action: 'write', handle: refuseLock }),
]

function route<Allowed extends Action>(row: Row<Allowed>): S3Route {
  const { name, on, method, body, action, handle } = row
  return {
    name,
    on,
    method,
    query: row.query ?? [],
    takes: row.takes ?? [],
    header: row.header ?? null,
    body,
    action,
    under: row.under ?? null,
    isSending: row.isSending ?? false,
    forEachKey: row.forEachKey ?? false,
    serve: async (face, request) => {
      const permit = await admit(face, row, request)
      // Answers before it can end the connection: a use would be counted for one that nobody is sent.
      const turn = isCounted(permit) ? waitForItsTurn(request.source.response) : null
      if (turn !== null) await turn
      return handle(face, { permit, request })
    },
  }
}

/** At the service itself the right is asked for what the caller's own key reaches. */
function admit<Allowed extends Action>(
  { core }: S3Face,
  row: Row<Allowed>,
  request: S3Request,
): Promise<Permit<Allowed>> {
  const { name, action, isOpen, isSending } = row
  const { caller, path } = request
  if (isLink(caller) && caller.sendsWith !== undefined && isSending !== true) {
    const reason = 'Credentials for an upload link send files, and do nothing else'
    throw refusal('forbidden', { action: name, reason })
  }
  if (isLink(caller) && caller.sendsWith !== undefined && path.key.endsWith('/')) {
    throw refusal('path-invalid', { reason: 'a file that is sent into a drop has a name' })
  }
  if (isOpen !== true && !isLink(caller) && caller.kind === 'anonymous') {
    throw refusal('unauthenticated', { reason: 'the request carries no credentials' })
  }
  const place = placeOf(row, request)
  if (place !== null) return authorize(core, caller, action, place)
  return row.on === 'service'
    ? authorizeReach(core, caller, action)
    : authorizeReachWithin(core, caller, action, path.bucket)
}

/** Where the right is asked for; `null` where it is for what the caller's own key reaches. */
export function placeOf(
  {
    on,
    forEachKey,
    under,
  }: Pick<Row<Action>, 'on' | 'forEachKey'> & Partial<Pick<S3Route, 'under'>>,
  request: Pick<S3Request, 'path' | 'query'>,
): ObjectPath | null {
  if (on === 'service' || forEachKey === true) return null
  const { path } = request
  if (under === undefined || under === null) return path
  return { bucket: path.bucket, key: queryValue(request, under) ?? '' }
}

function levelOf({ bucket, key }: ObjectPath): S3Level {
  if (bucket === '') return 'service'
  return key === '' ? 'bucket' : 'object'
}

type RoutesByMethod = ReadonlyMap<string, readonly S3Route[]>

const BY_PLACE: Readonly<Record<S3Level, RoutesByMethod>> = {
  service: routesByMethod('service'),
  bucket: routesByMethod('bucket'),
  object: routesByMethod('object'),
}

function routesByMethod(level: S3Level): RoutesByMethod {
  const routes = S3_ROUTES.filter(({ on }) => on === level)
  return Map.groupBy(
    routes.toSorted((a, b) => weigh(b) - weigh(a)),
    ({ method }) => method,
  )
}

function weigh({ query, header }: S3Route): number {
  return query.length * 2 + (header === null ? 0 : 1)
}

/** Throws `not-implemented`, `method-not-allowed`, and `field-invalid` for a copy's header where nothing is copied. */
export function findRoute(request: RoutableRequest): S3Route {
  const { method } = request.raw
  const level = levelOf(request.path)
  const asked = listSelectors(request)
  for (const candidate of BY_PLACE[level].get(method) ?? []) {
    if (isSelected(candidate, asked)) return candidate
  }
  const [header] = listSelectingHeaders(request)
  if (header !== undefined) throw refusal('field-invalid', { field: header, reason: COPIES_ONLY })
  const [feature] = asked
  if (feature !== undefined) refuseMisplaced(feature, level, method)
  if (feature !== undefined) throw s3Refusal('not-implemented', { feature })
  const allowed = ALLOWED[level].filter((known) => known !== method)
  throw refusal('method-not-allowed', { method, allowed })
}

/** What S3 has elsewhere: said in its words, so that nobody thinks that it is not there. */
function refuseMisplaced(feature: string, level: S3Level, method: string): void {
  if (level !== 'object') return
  const reason = NOT_OF_KEYS[`${method} ${feature}`]
  if (reason !== undefined) throw s3Refusal('request-contradictory', { reason })
  if (method !== 'PUT') return
  if (feature === 'uploadId') {
    throw refusal('method-not-allowed', { method, allowed: ALLOWED[level] })
  }
  if (feature !== 'partNumber') return
  const missing = 'This operation does not accept partNumber without uploadId'
  throw refusal('field-invalid', { field: feature, reason: missing })
}

const NOT_OF_KEYS: Readonly<Record<string, string>> = {
  'GET uploads': 'Key is not expected for the GET method ?uploads subresource',
  'GET versions': 'There is no such thing as the ?versions sub-resource for a key',
}

const COPIES_ONLY = 'You can only specify a copy source header for copy requests'

/** Everything in the request that selects an operation of S3, known here or not. */
function listSelectors(request: RoutableRequest): readonly string[] {
  const { method } = request.raw
  const named = request.query.filter(([name, value]) => isSelecting(method, name, value))
  const headers = listSelectingHeaders(request)
  if (named.length === 0) return headers
  const names = new Set(named.map(([name]) => name))
  return [...[...names].toSorted(), ...headers]
}

function listSelectingHeaders(request: RoutableRequest): readonly string[] {
  return SELECTING_HEADERS.filter((name) => amzHeader(request, name) !== null)
}

/** Most rows fall by their number of selectors, before anything else is looked at. */
function isSelected(route: S3Route, asked: readonly string[]): boolean {
  return route.query.length <= asked.length && isExactly(route, asked)
}

/** All of its selectors are there, and none that is another operation's: that one would be overlooked. */
function isExactly({ query, header, takes }: S3Route, asked: readonly string[]): boolean {
  if (!query.every((name) => asked.includes(name))) return false
  if (header !== null && !asked.includes(header)) return false
  return asked.every((name) => name === header || query.includes(name) || takes.includes(name))
}

const ALLOWED: Readonly<Record<S3Level, readonly string[]>> = {
  service: methodsOf('service'),
  bucket: methodsOf('bucket'),
  object: methodsOf('object'),
}

function methodsOf(level: S3Level): string[] {
  return [...new Set(S3_ROUTES.filter(({ on }) => on === level).map(({ method }) => method))]
}
