/**
 * Works out what an expiry written in source code amounts to: products of numbers, constants of the same
 * file, and the durations of each language.
 *
 * @module
 */

/** A span in seconds, or a bare number whose unit the API decides. `moment`: counted from the present. */
export interface Amount {
  readonly value: number
  readonly unit: 'bare' | 'seconds'
  readonly isMoment: boolean
}

const MAX_DEPTH = 5
const MAX_EXPRESSION = 300
const GO_UNITS: Readonly<Record<string, number>> = {
  'time.Nanosecond': 1e-9,
  'time.Microsecond': 1e-6,
  'time.Millisecond': 1e-3,
  'time.Second': 1,
  'time.Minute': 60,
  'time.Hour': 3600,
}
const WORDS: Readonly<Record<string, number>> = {
  second: 1,
  sec: 1,
  minute: 60,
  min: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  fortnight: 1_209_600,
  month: 2_592_000,
  year: 31_536_000,
}

/** Constants of a file by name, as written. */
export type Constants = ReadonlyMap<string, string>

const CONSTANT =
  /^[ \t]*(?:(?:export|const|let|var|final|static|public|private|protected|readonly)[ \t]+){0,4}\$?([A-Za-z_]\w*)[ \t]*(?::[ \t]*\w+[ \t]*)?:?=[ \t]*([^\n;=][^\n;]{0,200})/gm

/** The file's assignments of one line each; a name assigned twice is no constant. */
export function findConstants(text: string): Constants {
  const constants = new Map<string, string>()
  const repeated = new Set<string>()
  for (const [, name = '', expression = ''] of text.matchAll(CONSTANT)) {
    if (constants.has(name)) repeated.add(name)
    constants.set(name, expression.trim())
  }
  for (const name of repeated) constants.delete(name)
  return constants
}

/** What the expression amounts to, or `null` where it cannot be known from the file alone. */
export function evaluate(
  expression: string | null,
  constants: Constants,
  depth = 0,
): Amount | null {
  if (expression === null || depth > MAX_DEPTH || expression.length > MAX_EXPRESSION) return null
  const text = expression.trim()
  return (
    evaluateMoment(text, constants, depth) ??
    evaluateSpan(text, constants, depth) ??
    evaluateArithmetic(text, constants, depth)
  )
}

function inner(pattern: RegExp, text: string): string | null {
  return pattern.exec(text)?.[1] ?? null
}

/** A moment that is the present and something: only the something is of interest. */
function evaluateMoment(text: string, constants: Constants, depth: number): Amount | null {
  const javascript =
    inner(/^new Date\(([^]*)\)$/, text) ?? inner(/^\+?\(?Date\.now\(\)\s*\+\s*([^]*?)\)?$/, text)
  if (javascript !== null) {
    if (text.startsWith('new Date')) return evaluate(javascript, constants, depth + 1)
    const amount = evaluate(javascript, constants, depth + 1)
    return amount === null ? null : { value: amount.value / 1000, unit: 'seconds', isMoment: true }
  }
  const added =
    inner(/^(?:datetime\.)?datetime\.(?:utcnow\(\)|now\([^)]*\))\s*\+\s*([^]*)$/, text) ??
    inner(/^time\.Now\(\)(?:\.UTC\(\))?\.Add\(([^]*)\)$/, text) ??
    inner(/^time\(\)\s*\+\s*([^]*)$/, text) ??
    inner(/^(?:int\()?time\.time\(\)\)?\s*\+\s*([^]*)$/, text)
  if (added !== null) {
    const amount = evaluate(added, constants, depth + 1)
    return amount === null ? null : { value: amount.value, unit: 'seconds', isMoment: true }
  }
  return evaluateCalendar(text)
}

/** `time.Now().AddDate(0, 0, 7)`, `now()->addDays(7)`, `'+20 minutes'`, `new DateTime('+7 days')`. */
function evaluateCalendar(text: string): Amount | null {
  const date = /^time\.Now\(\)(?:\.UTC\(\))?\.AddDate\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(
    text,
  )
  if (date !== null) {
    const days = Number(date[1]) * 365 + Number(date[2]) * 30 + Number(date[3])
    return { value: days * 86_400, unit: 'seconds', isMoment: true }
  }
  const carbon = /(?:now|Carbon::now)\(\)->add([A-Za-z]{3,8}?)s?\(\s*(\d{0,6})\s*\)$/.exec(text)
  if (carbon !== null) {
    const size = WORDS[(carbon[1] ?? '').toLowerCase()]
    const count = carbon[2] === '' ? 1 : Number(carbon[2])
    return size === undefined ? null : { value: size * count, unit: 'seconds', isMoment: true }
  }
  const words =
    /^(?:new\s+\\?DateTime(?:Immutable)?\(\s*|strtotime\(\s*)?["']\+?\s*(\d{1,7})\s*([A-Za-z]{3,9}?)s?["']\s*\)?$/.exec(
      text,
    )
  if (words === null) return null
  const size = WORDS[(words[2] ?? '').toLowerCase()]
  return size === undefined
    ? null
    : { value: size * Number(words[1]), unit: 'seconds', isMoment: true }
}

const TIMEDELTA_UNITS: Readonly<Record<string, number>> = {
  weeks: 604_800,
  days: 86_400,
  hours: 3600,
  minutes: 60,
  seconds: 1,
  milliseconds: 1e-3,
}

function evaluateSpan(text: string, constants: Constants, depth: number): Amount | null {
  const members = inner(/^(?:datetime\.)?timedelta\(([^]*)\)$/, text)
  if (members === null) return null
  let value = 0
  for (const member of members.split(',')) {
    const [name = '', expression] = member.includes('=') ? member.split('=') : ['days', member]
    const amount = evaluate(expression ?? null, constants, depth + 1)
    const size = TIMEDELTA_UNITS[name.trim()]
    if (amount === null || size === undefined) return null
    value += amount.value * size
  }
  return { value, unit: 'seconds', isMoment: false }
}

interface Cursor {
  readonly tokens: readonly string[]
  at: number
  hasUnit: boolean
  readonly constants: Constants
  readonly depth: number
}

const TOKEN =
  /\s*(\d[\d_]*(?:\.\d+)?(?:[eE]\d{1,3})?|[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*|[()*/+-])/gy

function evaluateArithmetic(text: string, constants: Constants, depth: number): Amount | null {
  const tokens: string[] = []
  let end = 0
  TOKEN.lastIndex = 0
  for (const match of text.matchAll(TOKEN)) {
    tokens.push(match[1] ?? '')
    end = match.index + match[0].length
  }
  if (tokens.length === 0 || text.slice(end).trim() !== '') return null
  const cursor: Cursor = { tokens, at: 0, hasUnit: false, constants, depth }
  const value = readSum(cursor)
  if (value === null || cursor.at !== tokens.length) return null
  return { value, unit: cursor.hasUnit ? 'seconds' : 'bare', isMoment: false }
}

function readSum(cursor: Cursor): number | null {
  let value = readProduct(cursor)
  while (value !== null) {
    const sign = cursor.tokens[cursor.at]
    if (sign !== '+' && sign !== '-') break
    cursor.at += 1
    const right = readProduct(cursor)
    value = right === null ? null : sign === '+' ? value + right : value - right
  }
  return value
}

function readProduct(cursor: Cursor): number | null {
  let value = readFactor(cursor)
  while (value !== null) {
    const sign = cursor.tokens[cursor.at]
    if (sign !== '*' && sign !== '/') break
    cursor.at += 1
    const right = readFactor(cursor)
    value = right === null ? null : sign === '*' ? value * right : value / right
  }
  return value
}

function readFactor(cursor: Cursor): number | null {
  const token = cursor.tokens[cursor.at]
  if (token === undefined) return null
  cursor.at += 1
  if (token === '(') {
    const value = readSum(cursor)
    if (cursor.tokens[cursor.at] !== ')') return null
    cursor.at += 1
    return value
  }
  if (/^\d/.test(token)) return Number(token.replaceAll('_', ''))
  return readName(cursor, token)
}

function readName(cursor: Cursor, token: string): number | null {
  const unit = GO_UNITS[token]
  if (unit !== undefined) {
    cursor.hasUnit = true
    return unit
  }
  // A conversion, `time.Duration(n)`, changes nothing.
  if (/^(?:time\.Duration|int|int64|Number|parseInt)$/.test(token)) return readFactor(cursor)
  const name = token.slice(token.lastIndexOf('.') + 1).replace(/^\$/, '')
  const amount = evaluate(cursor.constants.get(name) ?? null, cursor.constants, cursor.depth + 1)
  if (amount === null) return null
  if (amount.unit === 'seconds') cursor.hasUnit = true
  return amount.value
}
