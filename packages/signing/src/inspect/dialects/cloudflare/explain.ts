/**
 * Why a timed HMAC fails. The rule's `ttl` is not in the link, so age alone is never proof.
 *
 * @module
 */
import { equalText } from '../../../lib/constant-time.ts'
import { showText } from '../../facts/detection.ts'
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import type { Hypothesis } from '../../hypotheses/hypotheses.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import { withWriting } from '../../hypotheses/mac-writing.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { serverNow } from '../../rules/provider-error.ts'
import { formatDuration, iso, timeFindings } from '../../rules/time-rules.ts'
import { isTrackerParameter } from '../../hypotheses/trackers.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { toUrlView, urlHypotheses } from '../../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { prepareHmacKey } from '../../../lib/hmac.ts'
import { parseObservedQuery } from '../../facts/observed-url.ts'
import type { CloudflareLink } from './decode.ts'
import { findCloudflareLink } from './decode.ts'
import { separatorBehind, signCloudflareText } from '../../../dialects/cloudflare/string-to-sign.ts'
import { sha256 } from '../../../lib/sha256.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** What the verifier grants a clock that runs ahead. */
const TOLERANCE_SECONDS = 900

/** Says what is wrong with a request of this dialect. */
export function explainCloudflare(context: ExplainContext): DialectExplanation {
  const link = findCloudflareLink(context.request)
  if (link === null) return { findings: [], signature: 'unchecked' }
  const broken = [...appended(link), ...damaged(link)]
  const checked = check(context, link)
  // The MAC fits what was in front of it, and the zone does not see that part alone.
  const signature =
    checked.signature === 'valid' && broken.length > 0 ? 'invalid' : checked.signature
  const { detection } = context
  const early = timeFindings(detection, serverNow(context), { toleranceSeconds: TOLERANCE_SECONDS })
  const visible = [
    // The zone takes such a link all the same; verifyCloudflare does not.
    ...early.map((finding) => ({ ...finding, confidence: 0.5 })),
    ...age(context, signature),
    ...broken,
    ...questionMark(link),
  ]
  return { ...checked, signature, findings: [...visible, ...checked.findings] }
}

/** Nothing may follow the MAC. */
function appended({ rest }: CloudflareLink): Finding[] {
  const names = parseObservedQuery(rest.slice(1)).map(({ name }) => name)
  if (names.length === 0) return []
  const facts = { names: showText(names.join(', '), 200) }
  const code = names.every(isTrackerParameter) ? 'tracker-parameters' : 'parameter-after-signature'
  return [{ code, confidence: 0.97, facts }]
}

function damaged({ mac }: CloudflareLink): Finding[] {
  return mac.includes(' ') ? [{ code: 'signature-plus-decoded', confidence: 0.95 }] : []
}

/** The zone counts the characters of the separator and takes any; parsers of queries do not. */
function questionMark({ message, separator }: CloudflareLink): Finding[] {
  if (separatorBehind(message, separator) === separator) return []
  return [{ code: 'url-question-mark', confidence: 0.6 }]
}

/** The older the link, the likelier its time has passed; if the key shows it to be right, little else is left. */
function age({ detection, now, response }: ExplainContext, signature: string): Finding[] {
  const { startsAt } = detection
  const old = startsAt === null ? 0 : now.getTime() - startsAt.getTime()
  if (startsAt === null || old < MINUTE) return []
  const isRefusedThough = signature === 'valid' && response?.status === 403
  const confidence = isRefusedThough ? 0.85 : likelihood(old, signature)
  const facts = { issuedAt: iso(startsAt), ago: formatDuration(old) }
  return [{ code: 'lifetime-in-rule', confidence, facts }]
}

function likelihood(old: number, signature: string): number {
  // Whatever made the signature wrong comes first.
  if (signature === 'invalid') return 0.2
  if (old >= 24 * HOUR) return 0.8
  if (old >= HOUR) return 0.6
  return old >= 5 * MINUTE ? 0.4 : 0.2
}

function check(context: ExplainContext, link: CloudflareLink): DialectExplanation {
  const { request } = context
  const keys = keysFor(context.keys, 'cloudflare', null).filter(({ secret }) => Boolean(secret))
  if (keys.length === 0) return { findings: [], signature: 'unchecked' }
  const sent = toUrlSafe(link.mac.replaceAll(' ', '+'))
  const computed: string[] = []
  const cost = request.url.text.length + 150
  const fits = withinBudget(context.budget, cost, (view: UrlView): boolean => {
    const key = prepareHmacKey(sha256, view.secret)
    const text = { message: messageOf(view), issued: link.issued }
    const expected = signCloudflareText(key, text, false)
    if (computed.length < 4) computed.push(expected, toUrlSafe(expected))
    return equalText(toUrlSafe(expected), sent)
  })
  for (const key of keys) {
    const view = { ...startView(context, link), secret: key.secret ?? '' }
    if (fits(view)) return { findings: [], signature: 'valid', computed }
    const findings = searchHypotheses({
      view,
      hypotheses: [
        separatorSigned(link),
        ...urlHypotheses({ request, key, keys: context.keys, hasQuery: true }),
      ],
      fits,
      cost,
      budget: context.budget,
    })
    if (findings.length > 0) return { findings, signature: 'invalid', computed }
  }
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  const found = { findings: [mismatch], signature: 'invalid', computed } as const
  return withWriting(found, sent, 'base64')
}

function startView({ request }: ExplainContext, { message }: CloudflareLink): UrlView {
  const mark = message.indexOf('?')
  return {
    ...toUrlView(request, new Set()),
    path: mark === -1 ? message : message.slice(0, mark),
    query: mark === -1 ? null : message.slice(mark + 1).split('&'),
  }
}

function messageOf({ path, query }: UrlView): string {
  return query === null ? path : `${path}?${query.join('&')}`
}

/** The separator, counted into what was signed. */
function separatorSigned({ separator }: CloudflareLink): Hypothesis<UrlView> {
  return function* (view) {
    const facts = { separator: showText(separator, 80) }
    const query = `${messageOf(view)}${separator}`.slice(view.path.length + 1).split('&')
    yield { view: { ...view, query }, code: 'separator-signed', facts }
  }
}

function toUrlSafe(mac: string): string {
  return mac.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
