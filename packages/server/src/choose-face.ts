/**
 * Which face a request is for. Looks at the raw target once: a first segment too short to be a bucket is ours and goes to the
 * REST API or, below `/s/`, to the pages of shares; everything else straight to the object plane (docs/s3-api.md). The host says which bucket, and which of the two
 * may be asked under its name.
 */
import type { HostRole } from './http/hosts.ts'

export interface Destination {
  /** `share`: the pages for people. `tus`, `uppy`: what clients of that name speak. `start`: the root of a name under which there is only the REST API. */
  readonly face: 'rest' | 'share' | 'tus' | 'uppy' | 'objects' | 'start'
  /** The bucket that the host names; `null` in path style. */
  readonly bucketOfHost: string | null
  /** False if the face refuses, in its own words, because of the host. */
  readonly isServed: boolean
}

/**
 * `role` is `null` for a host that is none of this server's. What an S3 client has signed in its header is meant for a bucket, even
 * if no bucket can have that name: it is told so in its own words.
 */
export function chooseFace(
  target: string,
  role: HostRole | null,
  isSignedForS3 = false,
): Destination {
  const bucketOfHost = role?.bucket ?? null
  if (bucketOfHost === null && isOurs(target) && !(isSignedForS3 && !IN_USE.test(target))) {
    const isServed = (role !== null && role.serves !== 'objects') || PROBES.has(target)
    return { face: faceOfOurs(target), bucketOfHost, isServed }
  }
  if (role?.serves === 'rest' && target === '/') {
    return { face: 'start', bucketOfHost, isServed: true }
  }
  return { face: 'objects', bucketOfHost, isServed: role !== null && role.serves !== 'rest' }
}

/** Load balancers ask by address whether the server is well; the answer says nothing else. */
const PROBES: ReadonlySet<string> = new Set(['/-/healthz', '/-/readyz'])

/** The short segments that lead to something. */
const IN_USE = /^\/(?:v1|-|s)(?:[/?]|$)/

const SHARES = /^\/s(?:[/?]|$)/
/** The page of a drop sends files the way such clients do. */
const TUS = /^\/(?:-|s\/[^/?]+)\/tus(?:[/?]|$)/
const UPPY = /^\/-\/uppy(?:[/?]|$)/

function faceOfOurs(target: string): 'rest' | 'share' | 'tus' | 'uppy' {
  if (TUS.test(target)) return 'tus'
  if (UPPY.test(target)) return 'uppy'
  return SHARES.test(target) ? 'share' : 'rest'
}

/** S3 has no bucket name shorter than this, so shorter first segments can never collide with one. */
const MIN_BUCKET_LENGTH = 3

/** True for `/v1/…`, `/-/…`, `/s/…`; `/` alone, `//…` and dot segments are for the object plane to answer or refuse. */
function isOurs(target: string): boolean {
  if (!target.startsWith('/') || target.charCodeAt(1) === DOT) return false
  let end = 1
  while (end < target.length && end <= MIN_BUCKET_LENGTH) {
    const code = target.charCodeAt(end)
    if (code === SLASH || code === QUESTION_MARK) break
    end += 1
  }
  return end > 1 && end - 1 < MIN_BUCKET_LENGTH
}

const DOT = 0x2e
const SLASH = 0x2f
const QUESTION_MARK = 0x3f
