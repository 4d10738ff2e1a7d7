/**
 * Signs by hand, so that what is signed can be other than what is sent.
 */
import { createHash, createHmac } from 'node:crypto'

/** The moment at which everything signed here is asked about. */
export const NOW: Date = new Date('2031-05-06T07:08:09Z')
/** Epoch seconds, ten minutes after it. */
export const END: number = Math.floor(NOW.getTime() / 1000) + 600
export const SECRET = 'a-secret-that-is-made-up-0123456789abcdef'

export type Pairs = readonly (readonly [name: string, value: string])[]

/** Each `signed…` is what the signer had; what is sent stands beside it. */
export interface HandSigned {
  readonly host: string
  readonly signedHost?: string
  readonly path?: string
  readonly signedPath?: string
  readonly isGoogle?: boolean
  readonly service?: string
  readonly signedMethod?: string
  readonly secret?: string
  /** Further parameters, encoded as they are sent; and as they were signed. */
  readonly query?: Pairs
  readonly signedQuery?: Pairs
  readonly signedHeaders?: Pairs
  /** The header lines as they were signed. */
  readonly signedLines?: string
  readonly keyPrefix?: string
  readonly keyRegion?: string
}

/** A URL of the fourth version, and its signature. */
export function signQuery(given: HandSigned): { url: string; signature: string } {
  const all = { ...defaultsOf(given), ...given }
  const { vendor, mark, host, path } = all
  const scope = `20310506/${all.region}/${all.service}/${mark.toLowerCase()}_request`
  const headers = [...all.signedHeaders, ['host', all.signedHost] as const].toSorted(byName)
  const names = headers.map(([name]) => name).join(';')
  const own: Pairs = [
    [`X-${vendor}-Algorithm`, `${mark}-HMAC-SHA256`],
    [`X-${vendor}-Credential`, encodeURIComponent(`KEYID/${scope}`)],
    [`X-${vendor}-Date`, '20310506T070809Z'],
    [`X-${vendor}-Expires`, '600'],
    [`X-${vendor}-SignedHeaders`, encodeURIComponent(names)],
  ]
  const sent = joinPairs([...own, ...all.query])
  const signed = joinPairs([...own, ...all.signedQuery].toSorted(byName))
  const lines = given.signedLines ?? headers.map(([name, value]) => `${name}:${value}\n`).join('')
  const canonical = `${all.signedMethod}\n${all.signedPath}\n${signed}\n${lines}\n${names}\nUNSIGNED-PAYLOAD`
  const hash = createHash('sha256').update(canonical).digest('hex')
  const toSign = `${mark}-HMAC-SHA256\n20310506T070809Z\n${scope}\n${hash}`
  let key: string | Buffer = all.keyPrefix + all.secret
  for (const part of scope.split('/').with(1, all.keyRegion)) {
    key = createHmac('sha256', key).update(part).digest()
  }
  const signature = createHmac('sha256', key).update(toSign).digest('hex')
  return { url: `https://${host}${path}?${sent}&X-${vendor}-Signature=${signature}`, signature }
}

function defaultsOf(given: HandSigned): Required<
  Omit<HandSigned, 'host' | 'isGoogle' | 'signedLines'>
> & {
  vendor: string
  mark: string
  region: string
} {
  const { host, path = '/docs/a.txt', query = [], isGoogle = false } = given
  const region = isGoogle ? 'auto' : 'eu-west-1'
  const mark = isGoogle ? 'GOOG4' : 'AWS4'
  return {
    vendor: isGoogle ? 'Goog' : 'Amz',
    mark,
    region,
    service: isGoogle ? 'storage' : 's3',
    signedHost: host,
    path,
    signedPath: path,
    signedMethod: 'GET',
    secret: SECRET,
    query,
    signedQuery: query,
    signedHeaders: [],
    keyPrefix: mark,
    keyRegion: region,
  }
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1
}

function joinPairs(pairs: Pairs): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}
