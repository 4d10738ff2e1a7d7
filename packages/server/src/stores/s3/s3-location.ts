/** Which bucket of which service, as one line says it: `s3://bucket/prefix?endpoint=…&region=…`. */

/** How it is made sure that what arrives is what was sent. */
export type S3Checksums = 'sha256' | 'md5' | 'none'

export interface S3Location {
  readonly bucket: string
  /** Of every key; empty, or with a slash at its end. */
  readonly prefix: string
  /** `null`: Amazon's own. */
  readonly endpoint: string | null
  readonly region: string
  /** `null`: as is usual at the endpoint. */
  readonly addressing: 'path' | 'virtual' | null
  readonly storageClass: string | null
  /** `AES256`, `aws:kms`, `aws:kms:KEY`. */
  readonly encryption: string | null
  readonly checksums: S3Checksums
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const ENCRYPTION = /^(?:AES256|aws:kms(?::dsse)?(?::[\w:/-]{1,2048})?)$/
const PARAMETERS = ['endpoint', 'region', 'pathStyle', 'storageClass', 'sse', 'checksums'] as const

/** Throws an `Error` whose message goes on from the name of the setting. What it is given is not repeated. */
export function parseS3Location(text: string): S3Location {
  const url = URL.parse(text)
  if (url === null || url.protocol !== 's3:') throw new Error('must be s3://BUCKET/PREFIX?…')
  if (url.username !== '' || url.password !== '' || url.port !== '' || url.hash !== '') {
    throw new Error(
      'must hold no credentials, no port and no fragment: credentials have settings of their own',
    )
  }
  if (!BUCKET.test(url.hostname)) throw new Error('must begin with s3:// and the name of a bucket')
  const given = parametersOf(url)
  return {
    bucket: url.hostname,
    prefix: parsePrefix(pathOf(text)),
    endpoint: given.endpoint === null ? null : parseEndpoint(given.endpoint),
    region: parseMatching(given.region ?? 'us-east-1', /^[a-z0-9-]{1,64}$/, 'region'),
    addressing: parsePathStyle(given.pathStyle),
    storageClass:
      given.storageClass === null
        ? null
        : parseMatching(given.storageClass, /^[A-Z][A-Z0-9_]{1,63}$/, 'storageClass'),
    encryption: given.sse === null ? null : parseMatching(given.sse, ENCRYPTION, 'sse'),
    checksums: parseChecksums(given.checksums ?? 'sha256'),
  }
}

/** For people, without anything that is secret. */
export function nameS3Location({ bucket, prefix }: S3Location): string {
  return `s3://${bucket}${prefix === '' ? '' : `/${prefix.slice(0, -1)}`}`
}

type Given = Readonly<Record<(typeof PARAMETERS)[number], string | null>>

function parametersOf({ searchParams }: URL): Given {
  for (const name of searchParams.keys()) {
    if (!PARAMETERS.some((known) => known === name)) {
      throw new Error(`has the parameter ${name.slice(0, 40)}; known are ${PARAMETERS.join(', ')}`)
    }
    if (searchParams.getAll(name).length > 1) throw new Error(`says ${name} twice`)
  }
  const value = (name: (typeof PARAMETERS)[number]): string | null => searchParams.get(name)
  return {
    endpoint: value('endpoint'),
    region: value('region'),
    pathStyle: value('pathStyle'),
    storageClass: value('storageClass'),
    sse: value('sse'),
    checksums: value('checksums'),
  }
}

/** As it was written: a URL parser folds dot segments. */
function pathOf(text: string): string {
  return /^[^:]*:\/\/[^/?#]*([^?#]*)/.exec(text)?.[1] ?? ''
}

function parsePrefix(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '')
  for (const segment of segments) {
    if (!/^[A-Za-z0-9._-]{1,128}$/.test(segment) || /^\.+$/.test(segment)) {
      throw new Error('has a prefix with more in it than letters, digits, dots, dashes and slashes')
    }
  }
  return segments.map((segment) => `${segment}/`).join('')
}

function parseEndpoint(text: string): string {
  const url = URL.parse(text)
  const isUsable =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === ''
  if (!isUsable) throw new Error('has an endpoint that is not http(s)://HOST:PORT')
  return text.replace(/\/+$/, '')
}

function parsePathStyle(text: string | null): S3Location['addressing'] {
  if (text === null) return null
  if (text === 'true') return 'path'
  if (text === 'false') return 'virtual'
  throw new Error('has a pathStyle that is neither true nor false')
}

function parseChecksums(text: string): S3Checksums {
  if (text === 'sha256' || text === 'md5' || text === 'none') return text
  throw new Error('has checksums that are not sha256, md5 or none')
}

function parseMatching(text: string, pattern: RegExp, name: string): string {
  if (pattern.test(text)) return text
  throw new Error(`has a ${name} that cannot be one`)
}
