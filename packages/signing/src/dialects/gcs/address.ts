/**
 * Where a bucket answers: path style, virtual host, or a host name of its own.
 *
 * @module
 */

import { requireGiven } from '../../lib/required-options.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { percentEncodePath } from '../../lib/percent-encode.ts'
import { withoutPort } from './params.ts'

/** How the URL names the bucket. */
export interface GcsAddress {
  readonly bucket: string
  /** `https://storage.googleapis.com` by default; another universe, an emulator, a proxy. */
  readonly endpoint?: string | undefined
  /** Whether the bucket stands in the path, or in the host: `https://BUCKET.storage.googleapis.com`. `path` by default. */
  readonly addressing?: 'path' | 'virtual' | undefined
  /** Origin of a host name bound to the bucket, `https://assets.example.com`: no bucket in host or path. */
  readonly bucketBoundOrigin?: string | undefined
}

/** A place in a bucket. */
export interface GcsLocation {
  /** Scheme, host and port. */
  readonly origin: string
  /** The host that is signed: never with a port. */
  readonly signedHost: string
  /** Encoded path, canonical and as sent. */
  readonly path: string
}

const DEFAULT_ENDPOINT = 'https://storage.googleapis.com'
const ORIGIN = /^(https?):\/\/([a-z0-9.\-[\]:]+)\/?$/
const BUCKET = /^[a-z0-9](?:[a-z0-9._-]{1,220})[a-z0-9]$/

/**
 * The place of an object, or of the bucket for `null`. @throws {TypeError} naming the option
 */
export function resolveGcsLocation(address: GcsAddress, object: string | null): GcsLocation {
  const { origin, host, inPath } = resolveOrigin(address)
  const path = `${inPath}${object === null ? '' : `/${encodeObject(object)}`}`
  return { origin, signedHost: withoutPort(host), path: path === '' ? '/' : path }
}

/** The address of a form: the bucket's, with a slash at its end. */
export function resolveFormUrl(address: GcsAddress): string {
  const { origin, inPath } = resolveOrigin(address)
  return `${origin}${inPath}/`
}

function resolveOrigin(address: GcsAddress): { origin: string; host: string; inPath: string } {
  const { addressing = 'path', bucket, bucketBoundOrigin, endpoint = DEFAULT_ENDPOINT } = address
  requireGiven(bucket, 'bucket')
  if (typeof bucket !== 'string' || !BUCKET.test(bucket)) {
    throw new TypeError('bucket must be a bucket name')
  }
  if (addressing !== 'path' && addressing !== 'virtual') {
    throw new TypeError("addressing must be 'path' or 'virtual'")
  }
  if (bucketBoundOrigin !== undefined) {
    if (address.addressing !== undefined || address.endpoint !== undefined) {
      throw new TypeError('bucketBoundOrigin excludes endpoint and addressing')
    }
    const { scheme, host } = readOrigin(bucketBoundOrigin, 'bucketBoundOrigin')
    return { origin: `${scheme}://${host}`, host, inPath: '' }
  }
  const { scheme, host } = readOrigin(endpoint, 'endpoint')
  if (addressing === 'path') return { origin: `${scheme}://${host}`, host, inPath: `/${bucket}` }
  return { origin: `${scheme}://${bucket}.${host}`, host: `${bucket}.${host}`, inPath: '' }
}

function readOrigin(origin: string, parameter: string): { scheme: string; host: string } {
  const [, scheme, host] = ORIGIN.exec(origin) ?? []
  if (scheme === undefined || host === undefined) {
    throw new TypeError(`${parameter} must be scheme, host and port in lower case, without a path`)
  }
  return { scheme, host }
}

function encodeObject(object: string): string {
  if (object === undefined || object === '') {
    throw new TypeError('object is missing: a name, or null for the bucket itself')
  }
  if (typeof object !== 'string' || !object.isWellFormed()) {
    throw new TypeError('object must be a well-formed name')
  }
  const encoded = percentEncodePath(object)
  if (hasDotSegment(`/${encoded}`)) {
    throw new TypeError('object must be free of dot segments: clients fold them')
  }
  return encoded
}
