/**
 * Every operation of S3 [S3-API] and what selects it: where it is asked, the method, the parameters and the header. Those that
 * this server has are named in its own table of routes.
 */
import type { S3Level } from '../../../src/api/s3/routes.ts'

export interface S3OperationShape {
  readonly name: string
  readonly on: S3Level
  readonly method: string
  /** Parameters with their values, as a client sends them. */
  readonly query: readonly (readonly [string, string])[]
  readonly header: string | null
}

type Row = readonly [name: string, method: string, query?: string, header?: string | null]

const SERVICE: readonly Row[] = [
  ['ListBuckets', 'GET'],
  ['ListBuckets', 'GET', 'max-buckets=10&prefix=a'],
]

const BUCKET: readonly Row[] = [
  ['CreateBucket', 'PUT'],
  ['CreateBucketMetadataConfiguration', 'POST', 'metadataConfiguration'],
  ['CreateBucketMetadataTableConfiguration', 'POST', 'metadataTable'],
  ['CreateSession', 'GET', 'session'],
  ['DeleteBucket', 'DELETE'],
  ['DeleteBucketAnalyticsConfiguration', 'DELETE', 'analytics&id=1'],
  ['DeleteBucketCors', 'DELETE', 'cors'],
  ['DeleteBucketEncryption', 'DELETE', 'encryption'],
  ['DeleteBucketIntelligentTieringConfiguration', 'DELETE', 'intelligent-tiering&id=1'],
  ['DeleteBucketInventoryConfiguration', 'DELETE', 'inventory&id=1'],
  ['DeleteBucketLifecycle', 'DELETE', 'lifecycle'],
  ['DeleteBucketMetadataConfiguration', 'DELETE', 'metadataConfiguration'],
  ['DeleteBucketMetadataTableConfiguration', 'DELETE', 'metadataTable'],
  ['DeleteBucketMetricsConfiguration', 'DELETE', 'metrics&id=1'],
  ['DeleteBucketOwnershipControls', 'DELETE', 'ownershipControls'],
  ['DeleteBucketPolicy', 'DELETE', 'policy'],
  ['DeleteBucketReplication', 'DELETE', 'replication'],
  ['DeleteBucketTagging', 'DELETE', 'tagging'],
  ['DeleteBucketWebsite', 'DELETE', 'website'],
  ['DeleteObjects', 'POST', 'delete'],
  ['DeletePublicAccessBlock', 'DELETE', 'publicAccessBlock'],
  ['GetBucketAbac', 'GET', 'abac'],
  ['GetBucketAccelerateConfiguration', 'GET', 'accelerate'],
  ['GetBucketAcl', 'GET', 'acl'],
  ['GetBucketAnalyticsConfiguration', 'GET', 'analytics&id=1'],
  ['GetBucketCors', 'GET', 'cors'],
  ['GetBucketEncryption', 'GET', 'encryption'],
  ['GetBucketIntelligentTieringConfiguration', 'GET', 'intelligent-tiering&id=1'],
  ['GetBucketInventoryConfiguration', 'GET', 'inventory&id=1'],
  ['GetBucketLifecycleConfiguration', 'GET', 'lifecycle'],
  ['GetBucketLocation', 'GET', 'location'],
  ['GetBucketLogging', 'GET', 'logging'],
  ['GetBucketMetadataConfiguration', 'GET', 'metadataConfiguration'],
  ['GetBucketMetadataTableConfiguration', 'GET', 'metadataTable'],
  ['GetBucketMetricsConfiguration', 'GET', 'metrics&id=1'],
  ['GetBucketNotificationConfiguration', 'GET', 'notification'],
  ['GetBucketOwnershipControls', 'GET', 'ownershipControls'],
  ['GetBucketPolicy', 'GET', 'policy'],
  ['GetBucketPolicyStatus', 'GET', 'policyStatus'],
  ['GetBucketReplication', 'GET', 'replication'],
  ['GetBucketRequestPayment', 'GET', 'requestPayment'],
  ['GetBucketTagging', 'GET', 'tagging'],
  ['GetBucketVersioning', 'GET', 'versioning'],
  ['GetBucketWebsite', 'GET', 'website'],
  ['GetObjectLockConfiguration', 'GET', 'object-lock'],
  ['GetPublicAccessBlock', 'GET', 'publicAccessBlock'],
  ['HeadBucket', 'HEAD'],
  ['ListBucketAnalyticsConfigurations', 'GET', 'analytics'],
  ['ListBucketIntelligentTieringConfigurations', 'GET', 'intelligent-tiering'],
  ['ListBucketInventoryConfigurations', 'GET', 'inventory'],
  ['ListBucketMetricsConfigurations', 'GET', 'metrics'],
  ['ListMultipartUploads', 'GET', 'uploads&prefix=a'],
  ['ListObjectVersions', 'GET', 'versions&prefix=a'],
  ['ListObjects', 'GET'],
  ['ListObjects', 'GET', 'delimiter=/&marker=a&max-keys=1&prefix=a'],
  ['ListObjectsV2', 'GET', 'list-type=2'],
  ['ListObjectsV2', 'GET', 'prefix=a&continuation-token=x&list-type=2'],
  ['PostObject', 'POST'],
  ['PutBucketAbac', 'PUT', 'abac'],
  ['PutBucketAccelerateConfiguration', 'PUT', 'accelerate'],
  ['PutBucketAcl', 'PUT', 'acl'],
  ['PutBucketAnalyticsConfiguration', 'PUT', 'analytics&id=1'],
  ['PutBucketCors', 'PUT', 'cors'],
  ['PutBucketEncryption', 'PUT', 'encryption'],
  ['PutBucketIntelligentTieringConfiguration', 'PUT', 'intelligent-tiering&id=1'],
  ['PutBucketInventoryConfiguration', 'PUT', 'inventory&id=1'],
  ['PutBucketLifecycleConfiguration', 'PUT', 'lifecycle'],
  ['PutBucketLogging', 'PUT', 'logging'],
  ['PutBucketMetricsConfiguration', 'PUT', 'metrics&id=1'],
  ['PutBucketNotificationConfiguration', 'PUT', 'notification'],
  ['PutBucketOwnershipControls', 'PUT', 'ownershipControls'],
  ['PutBucketPolicy', 'PUT', 'policy'],
  ['PutBucketReplication', 'PUT', 'replication'],
  ['PutBucketRequestPayment', 'PUT', 'requestPayment'],
  ['PutBucketTagging', 'PUT', 'tagging'],
  ['PutBucketVersioning', 'PUT', 'versioning'],
  ['PutBucketWebsite', 'PUT', 'website'],
  ['PutObjectLockConfiguration', 'PUT', 'object-lock'],
  ['PutPublicAccessBlock', 'PUT', 'publicAccessBlock'],
  ['UpdateBucketMetadataAnnotationTableConfiguration', 'PUT', 'metadataAnnotationTable'],
  ['UpdateBucketMetadataInventoryTableConfiguration', 'PUT', 'metadataInventoryTable'],
  ['UpdateBucketMetadataJournalTableConfiguration', 'PUT', 'metadataJournalTable'],
]

const OBJECT: readonly Row[] = [
  ['AbortMultipartUpload', 'DELETE', 'uploadId=u'],
  ['CompleteMultipartUpload', 'POST', 'uploadId=u'],
  ['CopyObject', 'PUT', '', 'x-amz-copy-source'],
  ['CreateMultipartUpload', 'POST', 'uploads'],
  ['DeleteObject', 'DELETE'],
  ['DeleteObject', 'DELETE', 'versionId=v'],
  ['DeleteObjectAnnotation', 'DELETE', 'annotation&annotationName=a'],
  ['DeleteObjectTagging', 'DELETE', 'tagging'],
  ['GetObject', 'GET'],
  ['GetObject', 'GET', 'response-content-type=text/plain&x-id=GetObject'],
  ['GetObject', 'GET', 'versionId=v'],
  ['GetObject', 'GET', 'partNumber=1'],
  ['GetObjectAcl', 'GET', 'acl'],
  ['GetObjectAnnotation', 'GET', 'annotation&annotationName=a'],
  ['GetObjectAttributes', 'GET', 'attributes'],
  ['GetObjectLegalHold', 'GET', 'legal-hold'],
  ['GetObjectRetention', 'GET', 'retention'],
  ['GetObjectTagging', 'GET', 'tagging&versionId=v'],
  ['GetObjectTorrent', 'GET', 'torrent'],
  ['HeadObject', 'HEAD'],
  ['HeadObject', 'HEAD', 'partNumber=1'],
  ['ListObjectAnnotations', 'GET', 'annotation'],
  ['ListParts', 'GET', 'uploadId=u&max-parts=5'],
  ['PutObject', 'PUT'],
  ['PutObject', 'PUT', 'x-id=PutObject'],
  ['PutObjectAcl', 'PUT', 'acl'],
  ['PutObjectAnnotation', 'PUT', 'annotation&annotationName=a'],
  ['PutObjectLegalHold', 'PUT', 'legal-hold'],
  ['PutObjectRetention', 'PUT', 'retention'],
  ['PutObjectTagging', 'PUT', 'tagging'],
  ['RenameObject', 'PUT', 'renameObject'],
  ['RestoreObject', 'POST', 'restore'],
  ['SelectObjectContent', 'POST', 'select&select-type=2'],
  ['UpdateObjectEncryption', 'PUT', 'encryption'],
  ['UploadPart', 'PUT', 'partNumber=1&uploadId=u'],
  ['UploadPartCopy', 'PUT', 'partNumber=1&uploadId=u', 'x-amz-copy-source'],
]

function toShape(on: S3Level, [name, method, query = '', header = null]: Row): S3OperationShape {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return {
    name,
    on,
    method,
    query: pairs.map((pair) => {
      const [key = '', value = ''] = pair.split('=')
      return [key, value] as const
    }),
    header,
  }
}

export const S3_OPERATIONS: readonly S3OperationShape[] = [
  ...SERVICE.map((row) => toShape('service', row)),
  ...BUCKET.map((row) => toShape('bucket', row)),
  ...OBJECT.map((row) => toShape('object', row)),
]
