/**
 * Rules that hold for every dialect: placeholders for signatures, trackers, private hosts, link previews, browsers.
 *
 * @module
 */
import type { Dialect, ExplainContext, Finding } from '../facts/dialect-facts.ts'
import { browserFindings } from './browser-rules.ts'
import { looksLikeMilliseconds } from './time-rules.ts'
import { unsetFindings } from './unset-values.ts'
import { isTrackerParameter } from '../hypotheses/trackers.ts'
import { headerValue, showText } from '../facts/detection.ts'

/** Findings no dialect needs to know about. */
export function generalFindings(
  context: ExplainContext,
  traits: Pick<Dialect, 'signsQuery'>,
): Finding[] {
  return [
    ...placeholder(context),
    ...unsetFindings(context),
    ...(traits.signsQuery ? trackers(context) : []),
    ...milliseconds(context),
    ...privateHost(context),
    ...preview(context),
    ...linkSpent(context),
    ...browserFindings(context.request, context.response),
  ]
}

const PLACEHOLDER =
  /^(?:[[(<{]?\s*(?:redacted|removed|hidden|filtered|masked|secret|sanitized|signature|omitted|token)\s*[\])>}]?|\*{3,}|x{4,}|\.{3,}|…)$/i

function placeholder({ request, detection }: ExplainContext): Finding[] {
  const secret = new Set(detection.secrets)
  const found = request.url.parameters.find(
    ({ rawName, value }) =>
      (secret.has(rawName) || /^(x-amz-credential|policy)$/i.test(rawName)) &&
      value.length < 40 &&
      (PLACEHOLDER.test(value) || value.includes('***')),
  )
  if (found === undefined) return []
  const facts = { parameter: showText(found.rawName, 60) }
  return [{ code: 'signature-redacted', confidence: 0.99, facts }]
}

function trackers({ request, detection }: ExplainContext): Finding[] {
  if (detection.form !== 'url') return []
  const names = request.url.parameters.map(({ name }) => name).filter(isTrackerParameter)
  if (names.length === 0) return []
  const facts = { names: showText([...new Set(names)].join(', '), 200) }
  return [{ code: 'tracker-parameters', confidence: 0.97, facts }]
}

function milliseconds({ detection, request }: ExplainContext): Finding[] {
  const { expiresAt } = detection
  if (expiresAt === null || !looksLikeMilliseconds(expiresAt)) return []
  const found = request.url.parameters.find(({ name }) => /expires|^exp$|^e$/i.test(name))
  const facts = { parameter: showText(found?.name ?? 'the end', 40) }
  return [{ code: 'expiry-in-milliseconds', confidence: 0.97, facts }]
}

const PRIVATE_ADDRESS =
  /^(?:10\.|127\.|0\.0\.0\.0$|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?(?:::1|f[cd][0-9a-f]{2}:|fe80:))/i
const PRIVATE_NAME =
  /^(?:localhost|[a-z0-9_-]+|.+\.(?:local|internal|lan|localdomain|svc|home\.arpa))$/i

function privateHost({ request, response }: ExplainContext): Finding[] {
  const { host } = request.url
  // Whoever got an answer reached it.
  if (response !== null || host === '' || host.length > 255) return []
  const isAddress = /^[\d.]+$/.test(host) || host.startsWith('[')
  const isPrivate = isAddress ? PRIVATE_ADDRESS.test(host) : PRIVATE_NAME.test(host)
  if (!isPrivate) return []
  return [{ code: 'host-private', confidence: 0.64, facts: { host: showText(host, 80) } }]
}

const PREVIEW_AGENT =
  /(slackbot|facebookexternalhit|twitterbot|whatsapp|telegrambot|discordbot|linkedinbot|skypeuripreview|microsoft office|googleimageproxy|bingpreview|applebot|embedly|iframely|proofpoint|barracuda|mimecast|safelinks|google-safety)/i

function preview({ request }: ExplainContext): Finding[] {
  const agent = headerValue(request, 'user-agent') ?? ''
  const found = PREVIEW_AGENT.exec(agent.slice(0, 1000))?.[1]
  if (found === undefined) return []
  return [{ code: 'url-fetched-by-preview', confidence: 0.68, facts: { agent: found } }]
}

/** Links of a Hallpass server carry their grant; an error of that server names what became of it. */
function linkSpent({ request, response }: ExplainContext): Finding[] {
  const isLink = request.url.parameters.some(({ name }) => /^x-hallpass-(link|upload)$/i.test(name))
  if (!isLink || response === null) return []
  const says = /revoked|used up|no uses left|link-(?:spent|revoked|exhausted)|LinkUsed|LinkRevoked/i
  const isGone = response.status === 410
  if (!isGone && !says.test(response.body.slice(0, 4096))) return []
  return [{ code: 'link-spent', confidence: 0.93 }]
}
