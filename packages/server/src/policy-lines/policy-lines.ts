/**
 * The lines of a policy: what each may say, which of two is the tighter one, how it is written in JSON and what it means. A folder below
 * another can only tighten. A new line stands here, once in the type and once in the table; its rule is core/policy's.
 */
import { Type } from 'typebox'
import { MAX_EXPIRES_SECONDS, MAX_OBJECT_BYTES } from '../platform/s3-limits.ts'
import { allowed, demand, demanded, higher, lower, narrowing, nearest, ranked } from './line.ts'
import type { Line } from './line.ts'
import { TypeRange, areTypesWithin, narrowTypes } from './type-ranges.ts'

export type PolicyMethod = 'GET' | 'PUT' | 'POST' | 'DELETE'
/** What may look at a file before anybody sees it. */
export type ScannerName = 'clamav' | 'webhook'
/** How bytes reach whoever may have them: through this server, by a redirect of a minute, or by a URL of the store itself. */
export type Delivery = 'proxied' | 'redirected' | 'direct'

export interface PolicyValues {
  readonly maxShareSeconds: number
  readonly scannerLost: 'hold' | 'pass'
  readonly maxDownloadSeconds: number
  readonly maxUploadSeconds: number
  readonly defaultDownloadSeconds: number
  readonly defaultUploadSeconds: number
  readonly reasonOverSeconds: number
  readonly methods: readonly PolicyMethod[]
  readonly corsOrigins: readonly string[]
  readonly requireIp: boolean
  readonly requirePassword: boolean
  readonly maxUses: number
  readonly minBytes: number
  readonly maxBytes: number
  readonly maxTotalBytes: number
  readonly maxFiles: number
  readonly contentTypes: readonly string[]
  readonly requireMatchingType: boolean
  readonly quarantine: readonly ScannerName[]
  readonly inlineTypes: readonly string[]
  readonly delivery: Delivery
}

export type PolicyLine = keyof PolicyValues

/** As it was set: a folder says of most lines nothing. */
export type FolderPolicy = Partial<PolicyValues>

type Lines = { readonly [Name in PolicyLine]: Line<PolicyValues[Name], FolderPolicy> }

export const EVERY_METHOD: readonly PolicyMethod[] = ['GET', 'PUT', 'POST', 'DELETE']

export const POLICY_LINES: Lines = {
  // First those that follow from others where nobody says them: what holds of these is what the folders above say.
  maxShareSeconds: {
    ...lower(
      1,
      MAX_EXPIRES_SECONDS,
      'The longest life of a share; without it a share lives as long as a link that does the same.',
    ),
    unsaid: lifeOfLinks,
  },
  scannerLost: {
    ...ranked(
      ['hold', 'pass'],
      'What becomes of a file while a scanner does not answer, or cannot take one as large: it waits, or is refused (`hold`, as without this line), or it passes.',
    ),
    unsaid: waitsUnsaid,
  },
  maxDownloadSeconds: lower(1, MAX_EXPIRES_SECONDS, 'The longest life of a link that downloads.'),
  maxUploadSeconds: lower(1, MAX_EXPIRES_SECONDS, 'The longest life of every other link.'),
  defaultDownloadSeconds: nearest(
    1,
    MAX_EXPIRES_SECONDS,
    'The life of a download link that names none.',
  ),
  defaultUploadSeconds: nearest(
    1,
    MAX_EXPIRES_SECONDS,
    'The life of an upload link that names none.',
  ),
  reasonOverSeconds: lower(
    0,
    MAX_EXPIRES_SECONDS,
    'A link that lives longer needs a written reason; with 0 every link does.',
  ),
  methods: allowed(
    EVERY_METHOD,
    'What links may do here, GET with HEAD; an empty list lets none do anything.',
  ),
  corsOrigins: {
    ...narrowing(),
    schema: Type.Array(Type.String({ maxLength: 255 }), {
      maxItems: 64,
      description:
        'Web pages of these origins alone may come here with links, forms or scripts; those of the server itself always may.',
    }),
    check: checkOrigins,
  },
  requireIp: demand('Every link names the addresses it works from.'),
  requirePassword: demand('Every share asks for a password.'),
  maxUses: lower(1, 1_000_000, 'Every link counts its uses, and has at most so many.'),
  minBytes: higher(0, MAX_OBJECT_BYTES, 'The smallest file.'),
  maxBytes: lower(0, MAX_OBJECT_BYTES, 'The largest file.'),
  maxTotalBytes: lower(
    0,
    Number.MAX_SAFE_INTEGER,
    'All that lies here, with all versions of it, has at most so many bytes.',
  ),
  maxFiles: lower(0, Number.MAX_SAFE_INTEGER, 'At most so many files lie here.'),
  contentTypes: {
    ...types('What a file may call itself; `image/*` takes a family.'),
    check: (ranges) =>
      ranges.length > 0 ? null : 'an empty list would let nothing in; leave it out for any type',
  },
  requireMatchingType: demand(
    'Files whose bytes contradict their type or the ending of their name are refused.',
  ),
  quarantine: demanded(
    ['clamav', 'webhook'],
    'Nobody sees a file before its bytes were read again and compared with what it says it is, and before all that are named here have found nothing.',
  ),
  inlineTypes: types(
    'Of the types that browsers may show in place, those that they may show here; all others are saved.',
  ),
  // The more passes this server, the tighter it is.
  delivery: ranked(
    ['proxied', 'redirected', 'direct'],
    'Of files in mounted buckets: how bytes reach whoever may have them. Through this server (`proxied`, as without this line), by a redirect to a URL of the store that lives a minute, or by a URL of the store that is handed out itself, which nothing but its end takes back.',
  ),
}

/** As long as links: the shorter of their two lives. */
function lifeOfLinks({
  maxDownloadSeconds = MAX_EXPIRES_SECONDS,
  maxUploadSeconds = MAX_EXPIRES_SECONDS,
}: FolderPolicy): number {
  return Math.min(maxDownloadSeconds, maxUploadSeconds)
}

/** Where there is somebody to wait for, files wait. */
function waitsUnsaid({ quarantine = [] }: FolderPolicy): 'hold' | undefined {
  return quarantine.length > 0 ? 'hold' : undefined
}

/** Browsers and we compare origins as text [FETCH-CORS]: another spelling would look right and never match. */
function checkOrigins(origins: readonly string[]): string | null {
  const wrong = origins.find((origin) => URL.parse(origin)?.origin !== origin)
  return wrong === undefined
    ? null
    : `${JSON.stringify(wrong)} is no origin as browsers send it, such as https://app.example.com`
}

function types(description: string): Line<readonly string[], unknown> {
  return {
    schema: Type.Array(TypeRange, { maxItems: 64, description }),
    tighten: narrowTypes,
    isWithin: areTypesWithin,
    check: () => null,
  }
}
