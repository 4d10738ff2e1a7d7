/**
 * What an audit knows of signed URLs that `detect` has no decoder for: how each scheme is told, and where it says its end.
 *
 * @module
 */
import type { ObservedUrl } from '../../inspect/facts/observed-url.ts'
import { parseObservedUrl } from '../../inspect/facts/observed-url.ts'
import { parseEpochSeconds, valuesByName } from '../../inspect/facts/detection.ts'
import { parseBasicTimestamp } from '../../lib/timestamp.ts'
import { readJsonToken } from './json-token.ts'

/** A signed URL of one of these schemes. */
export interface FurtherUrl {
  readonly scheme: string
  readonly startsAt: Date | null
  /** `null`: the URL does not say when it ends. */
  readonly expiresAt: Date | null
  /** The scheme has no end at all, or this URL left it out. */
  readonly isEndless: boolean
  /** Why the scheme is weak; `null` if it is not. */
  readonly weakness: string | null
}

interface Parts {
  readonly url: ObservedUrl
  /** The first value of each parameter, by its name in lower case. */
  readonly values: ReadonlyMap<string, string>
}

interface Life {
  readonly startsAt?: Date | null
  readonly expiresAt?: Date | null
  readonly isEndless?: boolean
}

interface FurtherScheme {
  readonly scheme: string
  readonly matches: (parts: Parts) => boolean
  readonly life: (parts: Parts) => Life
  readonly weakness?: string
}

const MD5 = 'is protected by MD5 over a secret, which is no HMAC'
/** The URL does not say when it ends: the service keeps that to itself. */
const untold = (): Life => ({})
const endless = (): Life => ({ isEndless: true })

/** The end is a parameter of epoch seconds; without it there is none. */
function until(name: string): (parts: Parts) => Life {
  return ({ values }) => {
    const expiresAt = parseEpochSeconds(values.get(name))
    return expiresAt === null ? { isEndless: true } : { expiresAt }
  }
}

function fromHexSeconds(text: string | undefined): Date | null {
  return text !== undefined && /^[0-9a-f]{6,9}$/i.test(text)
    ? new Date(Number.parseInt(text, 16) * 1000)
    : null
}

/** A start in basic format and a span in seconds, as in version 4 of AWS. */
function span(prefix: string): (parts: Parts) => Life {
  return ({ values }) => {
    const startsAt = parseBasicTimestamp(values.get(`${prefix}date`) ?? '')
    const seconds = Number(values.get(`${prefix}expires`) ?? Number.NaN)
    const isKnown = startsAt !== null && Number.isInteger(seconds) && seconds < 1e9
    return { startsAt, expiresAt: isKnown ? new Date(startsAt.getTime() + seconds * 1000) : null }
  }
}

/** The end that a JSON Web Token in the URL names. */
function tokenLife(text: string | undefined): Life {
  const claims = readJsonToken(text ?? '')
  if (claims === null) return {}
  return claims.expiresAt === null ? { isEndless: true } : claims
}

const JWT = /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/
const RAILS = /\/rails\/active_storage\/[\w/]{1,60}\/([\w%=+-]{16,4000})--[0-9a-f]{40,128}/
const CLOUDINARY = /\/s--(?:[\w-]{8}|[\w-]{32})--\//
const ORACLE = /^\/p\/[\w-]{20,120}\/n\//
const WEBHOOK = /^\/(?:api\/)?webhooks\/\d{15,22}\/[\w-]{40,100}/

const has = (...names: readonly string[]): FurtherScheme['matches'] => {
  return ({ values }) => names.every((name) => values.has(name))
}
const value = (name: string, pattern: RegExp): FurtherScheme['matches'] => {
  return ({ values }) => pattern.test(values.get(name) ?? '')
}
const onHost = (pattern: RegExp, and: FurtherScheme['matches']): FurtherScheme['matches'] => {
  return (parts) => pattern.test(parts.url.host) && and(parts)
}
const onPath = (pattern: RegExp): FurtherScheme['matches'] => {
  return ({ url }) => pattern.test(url.path)
}

/** Those with unmistakable names first. */
const SCHEMES: readonly FurtherScheme[] = [
  { scheme: 'Alibaba OSS V4 URL', matches: has('x-oss-signature'), life: span('x-oss-') },
  {
    scheme: 'Alibaba OSS V1 URL',
    matches: has('ossaccesskeyid', 'signature'),
    life: until('expires'),
  },
  {
    scheme: 'Tencent COS URL',
    matches: has('q-signature', 'q-sign-time'),
    life: ({ values }) => {
      const [start, end] = (values.get('q-sign-time') ?? '').split(';')
      return { startsAt: parseEpochSeconds(start), expiresAt: parseEpochSeconds(end) }
    },
  },
  { scheme: 'Volcengine TOS URL', matches: has('x-tos-signature'), life: span('x-tos-') },
  {
    scheme: 'Huawei OBS URL',
    matches: has('accesskeyid', 'signature', 'expires'),
    life: until('expires'),
  },
  {
    scheme: 'Qiniu download URL',
    matches: value('token', /^[\w-]{10,60}:[\w-]{27}=/),
    life: until('e'),
  },
  {
    scheme: 'Tencent live URL',
    matches: has('txsecret'),
    life: ({ values }) => ({ expiresAt: fromHexSeconds(values.get('txtime')) }),
    weakness: MD5,
  },
  {
    scheme: 'Alibaba CDN URL',
    matches: value('auth_key', /^\d{10}-[\w]{1,40}-[\w]{1,20}-[0-9a-f]{32}$/i),
    life: ({ values }) => ({ startsAt: parseEpochSeconds(values.get('auth_key')?.slice(0, 10)) }),
    weakness: MD5,
  },
  {
    scheme: 'CDN URL of Tencent or Alibaba',
    matches: value('sign', /^(?:\d{10}-\w{1,100}-\w{1,20}-)?[0-9a-f]{32}$/i),
    life: ({ values }) => ({
      startsAt: parseEpochSeconds(/^\d{10}(?=-)/.exec(values.get('sign') ?? '')?.[0]),
    }),
    weakness: MD5,
  },
  {
    scheme: 'Firebase download URL',
    matches: onHost(/^firebasestorage\.googleapis\.com$/i, has('token')),
    life: endless,
  },
  {
    scheme: 'ActiveStorage URL of Rails',
    matches: onPath(RAILS),
    life: ({ url }) => railsLife(RAILS.exec(url.path)?.[1] ?? ''),
  },
  { scheme: 'Cloudinary signed URL', matches: onPath(CLOUDINARY), life: endless },
  {
    scheme: 'Cloudinary API URL',
    matches: has('api_key', 'signature', 'timestamp'),
    life: ({ values }) => cloudinaryLife(values),
  },
  { scheme: 'ImageKit URL', matches: value('ik-s', /^[0-9a-f]{40}$/), life: imageKitLife },
  {
    scheme: 'Imgix URL',
    matches: value('s', /^[0-9a-f]{32}$/),
    life: until('expires'),
    weakness: MD5,
  },
  {
    scheme: 'Cloudflare Images URL',
    matches: onHost(/(?:^|\.)imagedelivery\.net$/i, has('sig')),
    life: until('exp'),
  },
  {
    scheme: 'Discord attachment URL',
    matches: has('ex', 'is', 'hm'),
    life: ({ values }) => ({
      startsAt: fromHexSeconds(values.get('is')),
      expiresAt: fromHexSeconds(values.get('ex')),
    }),
  },
  {
    scheme: 'Discord webhook',
    matches: onHost(/(?:^|\.)discord(?:app)?\.com$/i, onPath(WEBHOOK)),
    life: endless,
  },
  { scheme: 'Slack webhook', matches: onHost(/^hooks\.slack\.com$/i, () => true), life: endless },
  {
    scheme: 'Azure Functions URL',
    matches: value('code', /^[\w+/=-]{40,80}$/),
    life: endless,
  },
  {
    scheme: 'Logic Apps trigger URL',
    matches: ({ url, values }) =>
      values.has('sig') && /\/triggers\/[^/]+\/paths\/invoke/.test(url.path),
    life: ({ values }) => {
      const end = new Date(values.get('se') ?? '')
      return Number.isNaN(end.getTime()) ? { isEndless: true } : { expiresAt: end }
    },
  },
  { scheme: 'Oracle pre-authenticated request', matches: onPath(ORACLE), life: untold },
  {
    scheme: 'Backblaze B2 download URL',
    matches: onHost(/(?:^|\.)backblazeb2\.com$/i, has('authorization')),
    life: untold,
  },
  {
    scheme: 'Fastly token URL',
    matches: value('token', /^\d{10}_(?:0x)?[0-9a-f]{40,64}$/i),
    life: ({ values }) => ({ expiresAt: parseEpochSeconds(values.get('token')?.slice(0, 10)) }),
  },
  {
    scheme: 'KeyCDN URL',
    matches: ({ values }) =>
      /^[\w-]{22}(?:==)?$/.test(values.get('token') ?? '') && values.has('expire'),
    life: until('expire'),
    weakness: MD5,
  },
  {
    scheme: 'CDN77 URL',
    matches: value('secure', /^[\w+/-]{22}(?:==)?(?:,\d{10})?$/),
    life: ({ values }) => {
      const expiresAt = parseEpochSeconds(/,(\d{10})$/.exec(values.get('secure') ?? '')?.[1])
      return expiresAt === null ? { isEndless: true } : { expiresAt }
    },
    weakness: MD5,
  },
  {
    scheme: 'GitHub raw URL',
    matches: onHost(/^raw\.githubusercontent\.com$/i, has('token')),
    life: untold,
  },
  {
    scheme: 'Supabase signed URL',
    matches: ({ url, values }) =>
      url.path.includes('/object/') && JWT.test(values.get('token') ?? ''),
    life: ({ values }) => tokenLife(values.get('token')),
  },
  {
    scheme: 'URL with a JSON Web Token',
    matches: ({ url }) => JWT.test(url.text),
    life: ({ url }) => tokenLife(JWT.exec(url.text)?.[0]),
  },
  {
    scheme: 'signed URL of Laravel',
    matches: ({ values }) => /^[0-9a-f]{64}$/.test(values.get('signature') ?? ''),
    life: until('expires'),
  },
]

/** The message of a signed id: `exp` stands in its envelope. */
function railsLife(message: string): Life {
  let text = message
  try {
    text = decodeURIComponent(message)
  } catch {
    return {}
  }
  const claims = readJsonToken(text.replace(/=+$/, ''))
  return claims === null || claims.expiresAt === null ? { isEndless: true } : claims
}

/** The API takes a signature for an hour, or until `expires_at`. */
function cloudinaryLife(values: ReadonlyMap<string, string>): Life {
  const startsAt = parseEpochSeconds(values.get('timestamp'))
  const end = parseEpochSeconds(values.get('expires_at'))
  const hourLater = startsAt === null ? null : new Date(startsAt.getTime() + 3_600_000)
  return { startsAt, expiresAt: end ?? hourLater }
}

/** `9999999999` is ImageKit's word for no end. */
function imageKitLife({ values }: Parts): Life {
  const end = values.get('ik-t')
  return end === undefined || end === '9999999999'
    ? { isEndless: true }
    : { expiresAt: parseEpochSeconds(end) }
}

/** What the URL is, or `null` if it is of none of these schemes. */
export function readFurtherUrl(text: string): FurtherUrl | null {
  const url = parseObservedUrl(text)
  const values = valuesByName(url.parameters)
  const found = SCHEMES.find(({ matches }) => matches({ url, values }))
  if (found === undefined) return null
  const { startsAt = null, expiresAt = null, isEndless = false } = found.life({ url, values })
  return { scheme: found.scheme, startsAt, expiresAt, isEndless, weakness: found.weakness ?? null }
}
