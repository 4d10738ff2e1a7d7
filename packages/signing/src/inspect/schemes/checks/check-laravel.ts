/**
 * How the signature of a Laravel URL came about.
 *
 * @module
 */
import { formatLaravelText } from '../../../dialects/laravel/string-to-sign.ts'
import { fromBase64, utf8 } from '../../../lib/bytes.ts'
import { hmacHex, prepareHmacKey } from '../../../lib/hmac.ts'
import { sha256 } from '../../../lib/sha256.ts'
import { valuesByName } from '../../facts/detection.ts'
import type { DialectExplanation, ExplainContext } from '../../facts/dialect-facts.ts'
import type { Variant } from '../../hypotheses/hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { checkUrlText } from './check-url-text.ts'

const RESERVED: ReadonlySet<string> = new Set(['signature'])
/** A key that was decoded stands here as base64 behind this mark. */
const DECODED = 'decoded:'

/** What the signature shows with the keys given. */
export function checkLaravel(context: ExplainContext): DialectExplanation {
  return checkUrlText(context, {
    dialect: 'laravel',
    sent: valuesByName(context.request.url.parameters).get('signature') ?? '',
    wanted: 'lower-case hex',
    reserved: RESERVED,
    macsOf,
    varies: { hasOrigin: true, hasQuery: true },
    own: [decodedKeys],
  })
}

/** Signed with scheme and host, and without. */
function macsOf({ scheme, host, path, query, secret }: UrlView): string[] {
  const bytes = secret.startsWith(DECODED) ? fromBase64(secret.slice(DECODED.length)) : utf8(secret)
  const key = prepareHmacKey(sha256, bytes ?? utf8(secret))
  const text = {
    scheme: scheme === 'http' ? 'http' : 'https',
    host,
    path,
    query: query?.join('&') ?? '',
  } as const
  return [false, true].map((isRelative) => hmacHex(key, formatLaravelText(text, isRelative)))
}

/** The framework takes the text of the key; other programs decode it, or leave its mark out. */
function* decodedKeys(view: UrlView): Generator<Variant<UrlView>> {
  const code = 'secret-encoded'
  const bare = view.secret.replace(/^base64:/, '')
  if (fromBase64(bare) !== null) {
    const facts = { encoding: 'decoded from base64; the framework takes the text itself' }
    yield { view: { ...view, secret: DECODED + bare }, code, facts }
  }
  const other = bare === view.secret ? `base64:${bare}` : bare
  const encoding = bare === view.secret ? 'with base64: in front' : 'without base64: in front'
  yield { view: { ...view, secret: other }, code, facts: { encoding } }
}
