/**
 * Why a Bunny CDN token fails.
 *
 * @module
 */
import { equalText } from '../../../lib/constant-time.ts'
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import { writingFindings } from '../../hypotheses/mac-writing.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { serverNow } from '../../rules/provider-error.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { toUrlView, urlHypotheses } from '../../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { showText } from '../../facts/detection.ts'
import { parseObservedQuery } from '../../facts/observed-url.ts'
import { percentDecode } from '../../../lib/percent-encode.ts'
import type { BunnyToken } from './decode.ts'
import { findBunnyToken, isBoundToken } from './decode.ts'
import type { BunnyFormat } from '../../../dialects/bunny/params.ts'
import { createBunnyKey } from '../../../dialects/bunny/params.ts'
import { formatParameters, signBunnyMessage } from '../../../dialects/bunny/string-to-sign.ts'

const RESERVED: ReadonlySet<string> = new Set(['token', 'expires', 'bcdn_token'])

/** Says what is wrong with a request of this dialect. */
export function explainBunny(context: ExplainContext): DialectExplanation {
  const found = findBunnyToken(context.request)
  if (found === null) return { findings: [], signature: 'unchecked' }
  const { detection } = context
  const visible = [
    ...timeFindings(detection, serverNow(context)),
    ...missing(found),
    ...coverage(found),
    ...(formatOf(found.token) === 'hs256'
      ? []
      : [{ code: 'token-legacy', confidence: 0.45 } as const]),
  ]
  const checked = check(context, found)
  return { ...checked, findings: [...visible, ...checked.findings] }
}

function missing({ values }: BunnyToken): Finding[] {
  if (values.has('expires')) return []
  return [{ code: 'parameter-missing', confidence: 0.95, facts: { names: 'expires' } }]
}

/** `token_path` must be the beginning of the path. */
function coverage({ values, path }: BunnyToken): Finding[] {
  const prefix = values.get('token_path')
  if (prefix === undefined || (percentDecode(path) ?? path).startsWith(prefix)) return []
  return [
    { code: 'resource-mismatch', confidence: 0.95, facts: { granted: showText(prefix, 120) } },
  ]
}

function formatOf(token: string): BunnyFormat {
  if (token.startsWith('HS256-')) return 'hs256'
  return token.length <= 24 ? 'md5' : 'sha256'
}

function check(context: ExplainContext, found: BunnyToken): DialectExplanation {
  const { request } = context
  const keys = keysFor(context.keys, 'bunny', null).filter(({ secret }) => Boolean(secret))
  const isBound = isBoundToken(found.token)
  if (keys.length === 0 || (isBound && request.clientIp === null)) {
    return { findings: [], signature: 'unchecked' }
  }
  const computed: string[] = []
  const cost = request.url.text.length + 200
  const fits = withinBudget(context.budget, cost, (view: UrlView): boolean => {
    const expected = tokenOf(found, view, isBound ? request.clientIp : null)
    if (expected === null) return false
    if (computed.length < 4) computed.push(expected)
    return equalText(expected, found.token)
  })
  const view = startView(context, found)
  for (const key of keys) {
    const start = { ...view, secret: key.secret ?? '' }
    if (fits(start)) return { findings: [], signature: 'valid', computed }
    const written = miswritten(context, found, start)
    if (written.length > 0) return { findings: written, signature: 'invalid', computed }
    const findings = searchHypotheses({
      view: start,
      hypotheses: urlHypotheses({ request, key, keys: context.keys, hasQuery: true }),
      fits,
      cost,
      budget: context.budget,
    })
    if (findings.length > 0) return { findings, signature: 'invalid', computed }
  }
  const mismatch: Finding = isBound
    ? { code: 'ip-not-allowed', confidence: 0.7, facts: { allowed: 'the token was made for' } }
    : { code: 'key-mismatch', confidence: 0.5 }
  return { findings: [mismatch], signature: 'invalid', computed }
}

const WANTED = 'HS256- and base64url without padding'

/** The right digest of any of the formats, written in another alphabet or without its mark. */
function miswritten(context: ExplainContext, found: BunnyToken, view: UrlView): Finding[] {
  const sent = found.token.replace(/^HS256-(?:1-)?/, '')
  const clientIp = isBoundToken(found.token) ? context.request.clientIp : null
  const digests = (['hs256', 'sha256', 'md5'] as const).map((format) => ({
    format,
    digest: tokenOf(found, view, clientIp, format)?.replace(/^HS256-(?:1-)?/, '') ?? '',
  }))
  const unmarked = digests.find(({ digest }) => digest !== '' && digest === sent)
  if (unmarked?.format === 'hs256') {
    const reason =
      'it is the HMAC without HS256- in front, which makes it a token of the older form'
    return [{ code: 'signature-malformed', confidence: 0.98, facts: { reason } }]
  }
  return writingFindings(
    digests.map(({ digest }) => digest),
    sent,
    WANTED,
  )
}

/** The signed path in the place of the sent one; in the path form the parameters come from the token. */
function startView({ request }: ExplainContext, found: BunnyToken): UrlView {
  const view = toUrlView(request, RESERVED)
  const path = found.values.get('token_path') ?? found.path
  if (found.form === 'query') return { ...view, path }
  const own = [...found.values].filter(([name]) => !RESERVED.has(name))
  const query = own.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`)
  return { ...view, path, query: query.length === 0 ? null : query }
}

function tokenOf(
  found: BunnyToken,
  view: UrlView,
  clientIp: string | null,
  format: BunnyFormat = formatOf(found.token),
): string | null {
  const pairs = (view.query ?? [])
    .flatMap((piece) => parseObservedQuery(piece))
    .map(({ name, value }) => [name, value] as const)
  const isIgnored = found.values.get('token_ignore_params') === 'true'
  const parameters = isIgnored ? 'token_ignore_params=true' : formatParameters(pairs)
  if (parameters === null) return null
  try {
    return signBunnyMessage(format, createBunnyKey(view.secret), {
      path: percentDecode(view.path) ?? view.path,
      expires: found.values.get('expires') ?? '',
      clientIp,
      parameters,
    })
  } catch {
    return null
  }
}
