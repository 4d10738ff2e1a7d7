/**
 * Where a signed request goes: the scheme and host that a bucket has at an endpoint, and what stands before the key.
 *
 * @module
 */
import { refuseDotSegments } from '../../lib/dot-segments.ts'
import { encodeText, percentDecode, percentEncodePath } from '../../lib/percent-encode.ts'
import { wrongOption } from '../../lib/wrong-option.ts'

/** At which service. */
export interface S3Service {
  readonly region: string
  /**
   * `scheme://host`, with a port if it is not the scheme's own, and with a path if the service lives under one.
   * Amazon's regional endpoint unless given.
   */
  readonly endpoint?: string | undefined
  /**
   * Whether the bucket stands in the path or in the host name. Unless given: `path` at an endpoint that was given, `virtual`
   * at Amazon's, except for bucket names with a dot, which no wildcard certificate covers.
   */
  readonly addressing?: 'path' | 'virtual' | undefined
}

/** Which object of a service. */
export interface S3Object {
  /** Left out when the endpoint is the bucket's own host name. */
  readonly bucket?: string | undefined
  /**
   * Any text: it is encoded here, so never give an encoded one. `null` is the bucket itself, whose `GET` is a listing; nobody gets
   * that for a name that was forgotten.
   */
  readonly key: string | null
}

/** An address resolved. `origin + path` is the URL without its query. */
export interface S3Location {
  readonly origin: string
  /** What the `host` header will say: the port only if it is not the scheme's own. */
  readonly host: string
  /** Encoded: exactly what is signed and sent. */
  readonly path: string
}

interface Endpoint {
  readonly scheme: string
  readonly host: string
  /** Encoded path before bucket and key, without a slash at its end. */
  readonly basePath: string
}

// A host name, an IPv4 or a bracketed IPv6 address; the port apart; the path without a slash at its end.
const ENDPOINT =
  /^(https?):\/\/([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?((?:\/[\w\-.~%]*)*?)\/?$/
/** Amazon's hosts, without a bucket in front. */
const OF_ALL_BUCKETS = /^s3[.-](?!.*\.s3[.-]).*\bamazonaws\./
const BUCKET_IN_HOST = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const BUCKET_IN_PATH = /^[A-Za-z0-9][\w.-]{1,254}$/
const REGION = /^[a-z0-9-]{1,64}$/

function parseEndpoint(text: string): Endpoint {
  const [, scheme = '', name = '', port, path = ''] = ENDPOINT.exec(text) ?? []
  refuseDotSegments(path, 'endpoint')
  const decodedPath = percentDecode(path)
  if (scheme === '' || decodedPath === null) {
    throw wrongOption('endpoint must be http(s)://host[:port][/path] without query or fragment')
  }
  const isDefaultPort = port === undefined || Number(port) === (scheme === 'https' ? 443 : 80)
  const lowerName = name.toLowerCase()
  return {
    scheme,
    host: isDefaultPort ? lowerName : `${lowerName}:${Number(port)}`,
    basePath: percentEncodePath(decodedPath),
  }
}

function regionalEndpoint(region: string): Endpoint {
  if (!REGION.test(region)) throw wrongOption('region must be a name such as eu-west-1')
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return { scheme: 'https', host: `s3.${region}.${domain}`, basePath: '' }
}

/** What all keys of one bucket share. */
export interface BucketLocation {
  readonly origin: string
  readonly host: string
  /** Encoded, with a slash at its end. */
  readonly pathPrefix: string
}

/** Where a bucket is, or for `undefined` the endpoint itself. */
export type S3Locator = (bucket: string | undefined) => BucketLocation

/** Where the buckets of a service are; `TypeError` names the part that cannot be one. */
export function createS3Locator(service: S3Service): S3Locator {
  const { addressing = 'path' } = service
  if (addressing !== 'path' && addressing !== 'virtual') {
    throw wrongOption("addressing must be 'path' or 'virtual'")
  }
  return (bucket) => resolveBucket(service, bucket)
}

/** Where the object is. */
export function locateS3Object(locate: S3Locator, object: S3Object): S3Location {
  const { bucket, key } = object
  if (key === undefined || key === '') {
    throw wrongOption('key is missing: a name, or null for the bucket itself')
  }
  const { origin, host, pathPrefix } = locate(bucket)
  // Amazon would take the first segment of the key for the bucket.
  if (key !== null && bucket === undefined && OF_ALL_BUCKETS.test(host)) {
    throw wrongOption('bucket is missing')
  }
  return {
    origin,
    host,
    path: key === null ? pathPrefix : pathPrefix + encodeText(percentEncodePath, key, 'key'),
  }
}

function resolveBucket(service: S3Service, bucket: string | undefined): BucketLocation {
  const { addressing, endpoint: text, region } = service
  const endpoint = text === undefined ? regionalEndpoint(region) : parseEndpoint(text)
  if (bucket === undefined) return locateBucket(endpoint, '', '/')
  if (!BUCKET_IN_PATH.test(bucket)) {
    throw wrongOption('bucket is not a bucket name')
  }
  const usual = text !== undefined || bucket.includes('.') ? 'path' : 'virtual'
  if ((addressing ?? usual) === 'path') return locateBucket(endpoint, '', `/${bucket}/`)
  if (!BUCKET_IN_HOST.test(bucket)) {
    throw wrongOption('bucket cannot stand in a host name: use addressing path')
  }
  return locateBucket(endpoint, `${bucket}.`, '/')
}

function locateBucket(endpoint: Endpoint, hostPrefix: string, path: string): BucketLocation {
  const host = hostPrefix + endpoint.host
  return { origin: `${endpoint.scheme}://${host}`, host, pathPrefix: endpoint.basePath + path }
}
