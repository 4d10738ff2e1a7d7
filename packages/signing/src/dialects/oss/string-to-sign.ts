/**
 * What version 1 of OSS signs in a URL [OSS-V1-URL].
 *
 * ```text
 * METHOD LF CONTENT-MD5 LF CONTENT-TYPE LF EXPIRES LF x-oss-… headers, sorted, `name:value` LF each
 * /bucket/key [?sub-resources, sorted, `name=value`]      all of it decoded
 * ```
 *
 * @module
 */

export type OssPairs = readonly (readonly [name: string, value: string])[]

/** What goes into a signature. */
export interface OssText {
  readonly method: string
  readonly contentMd5: string
  readonly contentType: string
  readonly expires: string
  /** `x-oss-…`, lower case. */
  readonly headers: OssPairs
  readonly bucket: string
  readonly key: string
  /** Every parameter of the URL; those that are no sub-resources are left out. */
  readonly query: OssPairs
}

/** The text of a request. */
export function formatOssText(text: OssText): string {
  const headers = text.headers
    .toSorted(byName)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
  const resources = text.query
    .filter(([name]) => isSubResource(name))
    .toSorted(byName)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
  const resource = `/${text.bucket}/${text.key}${resources === '' ? '' : `?${resources}`}`
  return `${text.method}\n${text.contentMd5}\n${text.contentType}\n${text.expires}\n${headers}${resource}`
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The parameters that are signed; every other one of a URL is not. */
const SUB_RESOURCES: ReadonlySet<string> = new Set(
  (
    'acl append asyncFetch bucketInfo callback callback-var cloudboxes cname comp continuation-token cors delete encryption ' +
    'endTime img inventory inventoryId lifecycle live location logging metaQuery objectInfo objectMeta partNumber policy position ' +
    'qos qosInfo referer regionList replication replicationLocation replicationProgress requestPayment resourceGroup ' +
    'response-cache-control response-content-disposition response-content-encoding response-content-language ' +
    'response-content-type response-expires restore rtc security-token sequential startTime stat status style styleName symlink ' +
    'tagging transferAcceleration udf udfApplication udfApplicationLog udfId udfImage udfImageDesc udfName uploadId uploads ' +
    'versionId versioning versions vod website worm wormExtend wormId x-oss-ac-forward-allow x-oss-ac-source-ip ' +
    'x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-async-process x-oss-enable-md5 x-oss-enable-sha1 x-oss-enable-sha256 ' +
    'x-oss-hash-ctx x-oss-md5-ctx x-oss-process x-oss-request-payer x-oss-traffic-limit'
  ).split(' '),
)

/** Is a parameter of this name signed? */
export function isSubResource(name: string): boolean {
  return SUB_RESOURCES.has(name)
}
