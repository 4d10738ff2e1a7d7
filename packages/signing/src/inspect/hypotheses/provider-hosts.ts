/**
 * Other names of the same store: global, regional, dual stack, accelerated, and for an own name those of its bucket.
 *
 * @module
 */
import type { ObservedRequest } from '../facts/dialect-facts.ts'

const GOOGLE_HOSTS = [
  'storage.googleapis.com',
  'storage.cloud.google.com',
  'commondatastorage.googleapis.com',
  'storage-download.googleapis.com',
  'storage.mtls.googleapis.com',
  'www.googleapis.com',
]
const GOOGLE_HOST =
  /^(?:(.{1,222})\.)?(?:[a-z-]{1,30}\.)?(?:storage|commondatastorage|storage-download|cloud|mtls)\.(?:googleapis|google|cloud\.google)\.com$/i
const AMAZON_HOST =
  /^(?:(.{1,222})\.)?s3(?:-accelerate|-fips|-website)?(?:[.-]dualstack)?(?:[.-]([a-z]{2}(?:-[a-z]{2,9}){1,3}-\d))?\.amazonaws\.com(\.cn)?$/i

/** The hosts, the likeliest first; `bare` is the one that was sent, without its port. */
export function providerHosts(request: ObservedRequest, bare: string): string[] {
  if (GOOGLE_HOST.test(bare) || hasParameter(request, 'x-goog-credential')) return googleHosts(bare)
  const beside = besideCdn(bare)
  if (beside !== null) return [beside]
  const amazon = AMAZON_HOST.exec(bare)
  if (amazon === null) return ownNameHosts(bare, regionOfScope(request))
  const [, bucket, region = regionOfScope(request), end = ''] = amazon
  return amazonHosts(bucket === undefined ? '' : `${bucket}.`, region, end)
}

/** The CDN in front of a DigitalOcean Space has the name of the Space with one label more. */
function besideCdn(bare: string): string | null {
  const space = /^(.{1,222})\.([a-z]{3}\d)(\.cdn)?\.digitaloceanspaces\.com$/i.exec(bare)
  if (space === null) return null
  const [, bucket = '', region = '', cdn] = space
  return `${bucket}.${region}${cdn === undefined ? '.cdn' : ''}.digitaloceanspaces.com`
}

function googleHosts(bare: string): string[] {
  const bucket = GOOGLE_HOST.exec(bare)?.[1]
  const buckets = GOOGLE_HOST.test(bare) ? [] : bucketNames(bare)
  return [
    ...GOOGLE_HOSTS,
    ...(bucket === undefined ? [] : GOOGLE_HOSTS.map((host) => `${bucket}.${host}`)),
    ...buckets.map((name) => `${name}.storage.googleapis.com`),
  ]
}

/** `prefix` is the bucket with a dot behind it, `end` what follows `amazonaws.com`. */
function amazonHosts(prefix: string, region: string | null, end: string): string[] {
  const everywhere = [
    `${prefix}s3.amazonaws.com${end}`,
    `${prefix}s3-accelerate.amazonaws.com`,
    `${prefix}s3-accelerate.dualstack.amazonaws.com`,
  ]
  if (region === null) return everywhere
  return [
    ...everywhere,
    `${prefix}s3.${region}.amazonaws.com${end}`,
    `${prefix}s3-${region}.amazonaws.com${end}`,
    `${prefix}s3.dualstack.${region}.amazonaws.com${end}`,
    `${prefix}s3-fips.${region}.amazonaws.com`,
    `${prefix}s3-fips.dualstack.${region}.amazonaws.com`,
    `${prefix}s3-website-${region}.amazonaws.com`,
    `${prefix}s3-website.${region}.amazonaws.com`,
    `s3.${region}.amazonaws.com${end}`,
    // The endpoint of a client that was told no region.
    `${prefix}s3.us-east-1.amazonaws.com`,
  ]
}

function ownNameHosts(bare: string, region: string | null): string[] {
  const buckets = bucketNames(bare).slice(1)
  return [
    ...amazonHosts(`${bare}.`, region, ''),
    ...(region === null ? [] : buckets.map((name) => `${name}.s3.${region}.amazonaws.com`)),
    ...buckets.map((name) => `${name}.s3.amazonaws.com`),
  ]
}

/** Buckets behind an own name: the name itself, its first label, or the name with dashes. */
function bucketNames(bare: string): string[] {
  return [...new Set([bare, bare.split('.', 1)[0] ?? '', bare.replaceAll('.', '-')])]
}

function hasParameter({ url }: ObservedRequest, name: string): boolean {
  return url.parameters.some((parameter) => parameter.name.toLowerCase() === name)
}

function regionOfScope({ url }: ObservedRequest): string | null {
  const credential = url.parameters.find(({ name }) => name.toLowerCase() === 'x-amz-credential')
  return credential?.value.split('/')[2]?.slice(0, 40) ?? null
}
