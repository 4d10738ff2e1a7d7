/**
 * Finds configuration of web servers that writes whole query strings, and so every signature, into a log.
 *
 * @module
 */
import type { RuleHit } from '../links/link-facts.ts'

/** A rule broken at a place of the text. */
export interface PlacedHit extends RuleHit {
  readonly start: number
  readonly end: number
}

interface LinePattern {
  readonly ruleId: PlacedHit['ruleId']
  /** The file must hold this somewhere for the pattern to mean anything. */
  readonly requires: RegExp
  /** A directive, from its name to its end; `[^;]` and `[^\n]` keep every match short of the next one. */
  readonly directive: RegExp
  readonly offends: RegExp
  readonly message: (matched: string) => string
}

const NGINX = /\b(?:log_format|access_log)\s/
const APACHE = /^[ \t]*(?:LogFormat|CustomLog|TransferLog)\s/im
const HAPROXY = /^[ \t]*(?:frontend|defaults|listen)\b/m
const ENVOY = /%REQ\(|access_log/

const QUERY_VARIABLES =
  /\$(?:request_uri|request|args|query_string)\b(?!_)|\$\{(?:request_uri|request|args|query_string)\}/
const REFERER = /\$http_referer|%\{Referer\}i|%\[capture\.req\.hdr|%REQ\(REFERER\)%/i

const PATTERNS: readonly LinePattern[] = [
  {
    ruleId: 'HP201',
    requires: NGINX,
    directive: /\blog_format\s+[^;]{1,1500};/g,
    offends: QUERY_VARIABLES,
    message: (matched) => `log_format writes ${matched}`,
  },
  {
    ruleId: 'HP201',
    requires: NGINX,
    // The format `combined` is built in and is the default: it writes $request and $http_referer.
    directive: /\baccess_log\s+(?!off\b)[^;\s]{1,400}(?:\s+combined\b[^;]{0,200})?\s*;/g,
    offends: /^/,
    message: () => 'access_log uses the built-in format combined, which writes $request',
  },
  {
    ruleId: 'HP206',
    requires: NGINX,
    directive: /\blog_format\s+[^;]{1,1500};/g,
    offends: REFERER,
    message: (matched) => `log_format writes ${matched}`,
  },
  {
    ruleId: 'HP202',
    requires: APACHE,
    directive: /^[ \t]*(?:LogFormat|CustomLog)[ \t][^\n]{1,2000}/gim,
    offends: /%(?:[<>]|!?[\d,]+)?(?:r|q)(?![A-Za-z])/,
    message: (matched) => `the format writes ${matched}`,
  },
  {
    ruleId: 'HP202',
    requires: APACHE,
    directive:
      /^[ \t]*CustomLog[ \t]+[^\n]{1,1000}?[ \t](?:common|combined|vhost_combined)[ \t]*$/gim,
    offends: /(?:common|combined|vhost_combined)[ \t]*$/,
    message: (matched) => `CustomLog uses the format ${matched.trim()}, which writes %r`,
  },
  {
    ruleId: 'HP206',
    requires: APACHE,
    directive: /^[ \t]*(?:LogFormat|CustomLog)[ \t][^\n]{1,2000}/gim,
    offends: REFERER,
    message: (matched) => `the format writes ${matched}`,
  },
  {
    ruleId: 'HP204',
    requires: HAPROXY,
    directive: /^[ \t]*option[ \t]+httplog\b[^\n]{0,100}/gm,
    offends: /option[ \t]+httplog/,
    message: () => 'option httplog writes the whole request line',
  },
  {
    ruleId: 'HP204',
    requires: HAPROXY,
    directive: /^[ \t]*log-format[ \t][^\n]{1,2000}/gm,
    offends: /%\{[^}\n]{0,20}\}r\b|%(?:r|HU|HQ)\b|%\[(?:capture\.req\.uri|url|query)/,
    message: (matched) => `log-format writes ${matched}`,
  },
  {
    ruleId: 'HP205',
    requires: ENVOY,
    directive: /%REQ\([^)\n]{1,100}\)(?::\d{1,5})?%/g,
    offends: /%REQ\((?:X-ENVOY-ORIGINAL-PATH(?:\?:PATH)?|:PATH)\)/i,
    message: (matched) => `the access log writes ${matched}%`,
  },
]

/** What configuration in the text breaks a rule. */
export function checkServerConfiguration(text: string): PlacedHit[] {
  const hits: PlacedHit[] = []
  for (const { ruleId, requires, directive, offends, message } of PATTERNS) {
    if (!requires.test(text)) continue
    for (const match of text.matchAll(directive)) {
      const line = match[0]
      if (isComment(text, match.index)) continue
      const offence = offends.exec(line)
      if (offence === null) continue
      hits.push({
        ruleId,
        message: message(offence[0]),
        start: match.index,
        end: match.index + line.length,
      })
    }
  }
  return [...hits, ...checkCaddy(text)].toSorted((a, b) => a.start - b.start)
}

function isComment(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 200), at)
  return /^\s*#/.test(before.slice(before.lastIndexOf('\n') + 1))
}

/** Caddy logs requests with their URI as soon as a site has a `log` directive; only a filter takes the query out. */
function checkCaddy(text: string): PlacedHit[] {
  const hits: PlacedHit[] = []
  for (const match of text.matchAll(/^[ \t]+log(?:[ \t]+[\w.-]{1,60})?[ \t]*(?:\{[ \t]*)?$/gm)) {
    const opensBlock = match[0].trimEnd().endsWith('{')
    const block = opensBlock ? readBlock(text, match.index + match[0].length) : ''
    if (block === null || /request>uri\s+(?:query|delete|regexp|replace)/.test(block)) continue
    // Other formats have a line `log` too: only a site block looks like this.
    if (!/^[^\s#{}][^\n{]{0,300}\{[ \t]*$/m.test(text)) continue
    if (opensBlock && !/\b(?:output|format|level)\b/.test(block)) continue
    const start = match.index + (match[0].length - match[0].trimStart().length)
    const message = 'log writes request>uri with its query'
    hits.push({ ruleId: 'HP203', message, start, end: match.index + match[0].length })
  }
  return hits
}

/** The text up to the brace that closes a block; `null` if none does within reason. */
function readBlock(text: string, from: number): string | null {
  const piece = text.slice(from, from + 4000)
  let depth = 1
  for (let at = 0; at < piece.length; at += 1) {
    const code = piece.charCodeAt(at)
    if (code === 123) depth += 1
    if (code === 125) depth -= 1
    if (depth === 0) return piece.slice(0, at)
  }
  return null
}
