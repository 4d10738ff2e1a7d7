/**
 * Finds signed URLs that code writes into a log: the answer of a call that signs, by its variable or in place.
 *
 * @module
 */
import type { PlacedHit } from '../configuration/web-server.ts'
import type { Language } from '../file-kind.ts'
import type { Call } from './calls.ts'
import { findCalls } from './calls.ts'
import type { PresignCall } from './presign-call.ts'

/** Functions that write into logs, or to the output that becomes one. */
const LOGGING: Readonly<Record<Language, RegExp>> = {
  javascript:
    /\b(?:console\.(?:log|info|debug|warn|error|trace|dir|table)|(?:[\w$]+\.){0,3}(?:log|logger|Logger|winston|pino)(?:\.(?:trace|debug|info|http|notice|verbose|warn|error|fatal|log|silly))|process\.std(?:out|err)\.write)(?=\s*\()/g,
  python:
    /\b(?:print|pprint|(?:[\w]+\.){0,3}(?:log|logger|logging|LOG|LOGGER|_logger|structlog)\.(?:debug|info|warning|warn|error|exception|critical|log)|sys\.std(?:out|err)\.write)(?=\s*\()/g,
  php: /(?:\b(?:error_log|syslog|print_r|var_dump|printf|logger|info|debug)|\bLog::(?:debug|info|notice|warning|error|critical|channel)|->(?:debug|info|notice|warning|error|critical|log))(?=\s*\()/g,
  go: /\b(?:fmt\.(?:Print|Printf|Println|Fprintf|Fprintln)|(?:[\w]+\.){0,2}(?:log|logger|slog|Log|zap|sugar|logrus|glog|klog)\.(?:Print|Printf|Println|Debug|Info|Warn|Warning|Error|Fatal|Panic|Debugf|Infof|Warnf|Warningf|Errorf|Fatalf|Debugw|Infow|Warnw|Errorw|Msgf|InfoContext|DebugContext|WarnContext|ErrorContext))(?=\s*\()/g,
}
/** What takes the signature out before it is written. */
const SAFE =
  /redact|sanitize|mask|scrub|\bstrip_?query|\bsplit\(\s*["'`]\?|pathname|without_?query/i
/** How far behind a call its answer is followed. */
const REACH = 4000
const MAX_FOLLOWED = 200
/** A function that begins at the edge of the page ends the one before it. */
const NEXT_FUNCTION =
  /^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function|class|def|func|public|private|protected)\b/m

/** The places where the answers of calls that sign are written into a log. */
export function findLoggedUrls(
  text: string,
  language: Language,
  calls: readonly PresignCall[],
): PlacedHit[] {
  const signing = calls.filter(({ methods }) => methods.length > 0).slice(0, MAX_FOLLOWED)
  if (signing.length === 0) return []
  const logs = findCalls(text, LOGGING[language])
  const hits = new Map<number, PlacedHit>()
  for (const call of signing) {
    const followed = followAnswer(text, call)
    for (const log of logs) {
      if (hits.has(log.start) || !writesAnswer(call, log, followed)) continue
      hits.set(log.start, {
        ruleId: 'HP110',
        message: `${log.name} writes what ${call.api} signs`,
        start: log.start,
        end: log.end,
      })
    }
  }
  return [...hits.values()]
}

/** The names an answer has, and where they end to mean it. */
interface Followed {
  readonly names: readonly string[]
  readonly end: number
}

function followAnswer(text: string, call: PresignCall): Followed {
  const names = answerNames(text, call)
  if (names.length === 0) return { names, end: call.end }
  const behind = text.slice(call.end, call.end + REACH)
  const next = behind.search(NEXT_FUNCTION)
  const reached = next === -1 ? behind : behind.slice(0, next)
  return { names: followNames(reached, names), end: call.end + reached.length }
}

function writesAnswer(call: PresignCall, log: Call, { names, end }: Followed): boolean {
  // The call stands in the log's own brackets.
  if (log.start < call.start) return log.end > call.end && !SAFE.test(log.body)
  if (log.start > end) return false
  return !SAFE.test(log.body) && names.some((name) => mentions(log.body, name))
}

const ASSIGNED =
  /(?:([A-Za-z_$]\w{0,60})|\{\s*([A-Za-z_$][\w\s,:]{0,120})\}|\[\s*([A-Za-z_$]\w{0,60})\s*\]|([A-Za-z_]\w{0,60})\s*,\s*[A-Za-z_]\w{0,60})(?:\s*:\s*[\w<>[\]|. ]{1,60})?\s*:?=\s*(?:\(string\)\s*)?(?:await\s+|yield\s+)?[\w$.:>()-]{0,120}$/

/** The names the call's answer is given. */
function answerNames(text: string, call: PresignCall): string[] {
  const before = text.slice(Math.max(0, call.start - 300), call.start)
  const line = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf(';')) + 1)
  const match = ASSIGNED.exec(line)
  if (match === null) return []
  const members = match[2]?.split(',').map((part) => part.split(':').at(-1)?.trim() ?? '') ?? []
  return [match[1], match[3], match[4], ...members]
    .map((name) => name?.replace(/^\$/, '') ?? '')
    .filter((name) => !NO_NAMES.has(name))
}

/** Names that hold no answer. */
const NO_NAMES: ReadonlySet<string> = new Set(['', '_', 'err', 'error'])

const ALIAS = /\$?([A-Za-z_]\w{0,60})\s*:?=\s*([^;\n]{1,200})/g

/** The names and those that are given their values on the way. */
function followNames(between: string, names: readonly string[]): string[] {
  const all = [...names]
  for (const [, name = '', expression = ''] of between.matchAll(ALIAS)) {
    if (all.length > 8) break
    if (
      !all.includes(name) &&
      !SAFE.test(expression) &&
      all.some((known) => mentions(expression, known))
    )
      all.push(name)
  }
  return all
}

/** Does the expression use the name, in code or within a template, and not only as a word of a text? */
function mentions(expression: string, name: string): boolean {
  const code = expression
    .replaceAll(/`[^`]*`|[fF]["'][^"'\n]*["']/g, (template) =>
      Array.from(template.matchAll(/\$?\{([^}]*)\}/g), ([, inside]) => ` ${inside ?? ''} `).join(
        ' ',
      ),
    )
    .replaceAll(/"[^"\n]*"/g, (quoted) =>
      // PHP's and Ruby's strings hold variables.
      Array.from(
        quoted.matchAll(/\$([A-Za-z_]\w*)|\{\$?([A-Za-z_]\w*)/g),
        ([, one, two]) => ` ${one ?? two ?? ''} `,
      ).join(' '),
    )
    .replaceAll(/'[^'\n]*'/g, ' ')
  return new RegExp(
    `(?<![\\w.])\\$?${name.replaceAll('$', '\\$')}(?![\\w(])(?!\\.(?:length|bucket|key|Method|method|expires)\\b)`,
  ).test(code)
}
