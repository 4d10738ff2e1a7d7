/** A log line for people, made of the one for programs: when, how bad, what, and the details in a row. */
import { pino } from 'pino'

const KNOWN: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'err'])
// oxlint-disable-next-line no-control-regex -- control bytes are what it looks for
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g

/** `14:03:27 info  rest method=GET status=200`; whatever is no such line comes back as it is. */
export function formatLogLine(line: string): string {
  const entry = parse(line)
  if (entry === null) return line
  const { level, time, msg, err } = entry
  const details = Object.entries(entry)
    .filter(([name]) => !KNOWN.has(name))
    .map(([name, value]) => `${name}=${formatValue(value)}`)
  const head = [formatTime(time), formatLevel(level), visible(toText(msg)), ...details]
  return `${head.join(' ')}\n${formatError(err)}`
}

function parse(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? (entry as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** In the time zone of whoever looks at it. */
function formatTime(time: unknown): string {
  const date = new Date(typeof time === 'string' || typeof time === 'number' ? time : Number.NaN)
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toTimeString().slice(0, 8)
}

function formatLevel(level: unknown): string {
  const label = pino.levels.labels[Number(level)] ?? String(level)
  return label.padEnd(5)
}

function formatValue(value: unknown): string {
  if (typeof value !== 'string') return visible(JSON.stringify(value) ?? 'undefined')
  return /^[^\s"=]+$/.test(value) ? visible(value) : visible(JSON.stringify(value))
}

/** The stack, further in, so that the eye finds the next line. */
function formatError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  const { stack, message } = error as { readonly stack?: unknown; readonly message?: unknown }
  return toText(stack ?? message ?? error)
    .split('\n')
    .map((line) => `    ${visible(line.trim())}\n`)
    .join('')
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** A key may hold anything: on a terminal, control bytes would do something. */
function visible(text: string): string {
  return text.replace(
    CONTROL,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
