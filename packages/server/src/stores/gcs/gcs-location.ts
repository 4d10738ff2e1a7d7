/** Which bucket, as one line says it: `gs://bucket/prefix?endpoint=…`. */
import { parseEndpoint, parsePrefix, readStoreUrl } from '../store-url.ts'

export interface GcsLocation {
  readonly bucket: string
  /** Of every key; empty, or with a slash at its end. */
  readonly prefix: string
  readonly endpoint: string
  /** Google's own, over https: bearer tokens of this machine go nowhere else. */
  readonly isGoogles: boolean
}

const FORM = {
  scheme: 'gs',
  example: 'gs://BUCKET/PREFIX?…',
  parameters: ['endpoint'],
} as const
const BUCKET = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/
const USUAL = 'https://storage.googleapis.com'
const GOOGLE =
  /^https:\/\/(?:storage|[a-z0-9-]+-storage|storage\.[a-z0-9-]+\.rep)\.googleapis\.com$/

/** Throws an `Error` whose message goes on from the name of the setting. What it is given is not repeated. */
export function parseGcsLocation(text: string): GcsLocation {
  const { host: bucket, path, parameters } = readStoreUrl(text, FORM)
  if (!BUCKET.test(bucket)) throw new Error('must begin with gs:// and the name of a bucket')
  const endpoint = parameters.endpoint === null ? USUAL : parseEndpoint(parameters.endpoint)
  if (new URL(endpoint).pathname !== '/') {
    throw new Error('has an endpoint with more than http(s)://HOST:PORT in it')
  }
  return { bucket, prefix: parsePrefix(path), endpoint, isGoogles: GOOGLE.test(endpoint) }
}

/** For people, without anything that is secret. */
export function nameGcsLocation({ bucket, prefix }: GcsLocation): string {
  return `gs://${bucket}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`
}

/** Where a location leads, spelled one way and with a slash at its end. Names of buckets are Google's over all regions. */
export function placeOfGcs({ endpoint, isGoogles, bucket, prefix }: GcsLocation): string {
  const { host, pathname } = new URL(isGoogles ? USUAL : endpoint)
  return `gs://${host}${pathname === '/' ? '' : pathname}/${bucket}/${prefix}`
}
