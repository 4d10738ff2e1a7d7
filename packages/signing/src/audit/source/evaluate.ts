/**
 * Works out what an expiry written in source code amounts to: products of numbers, constants of the same
 * file, and the durations of each language.
 *
 * @module
 */

import { branchesOf, longest } from './branches.ts'

/** A span in seconds, or a bare number whose unit the API decides. */
export interface Amount {
  /** Of a date: seconds since 1970. */
  readonly value: number
  readonly unit: 'bare' | 'seconds'
  /** `span`: as long as this. `moment`: so far from the present. `date`: one day of the calendar, whenever the code runs. */
  readonly kind: 'span' | 'moment' | 'date'
  /** A factor of 1000 stands in the code: milliseconds are meant. */
  readonly hasThousand: boolean
  /** The moment is a number the code makes: of milliseconds or of seconds since 1970. `null`: a date of the language's own type. */
  readonly epoch: 'milliseconds' | 'seconds' | null
}

const BARE = { unit: 'bare', kind: 'span', hasThousand: false, epoch: null } as const
const MOMENT = { unit: 'seconds', kind: 'moment', hasThousand: false, epoch: null } as const

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
  /^[ \t]*(?:(?:export|const|let|var|final|static|public|private|protected|readonly)[ \t]+){0,4}\$?([A-Za-z_]\w*)[ \t]*(?::[ \t]*\w+[ \t]*)?:?=[ \t]*([^\n;=][^\n;]{0,200}(?:\n[ \t]*[?:][^\n;]{1,200}){0,6})/gm

/** The file's assignments of one line each, and of several where a question is asked; a name assigned twice is no constant. */
export function findConstants(text: string): Constants {
  const constants = new Map<string, string>()
  const repeated = new Set<string>()
  for (const [, name = '', expression = ''] of text.matchAll(CONSTANT)) {
    if (constants.has(name)) repeated.add(name)
    constants.set(name, expression.trim())
  }
  for (const name of repeated) constants.delete(name)
  for (const [, name = '', part = '', added = ''] of text.matchAll(MOVED_DATE)) {
    const size = PARTS_OF_DATES[part]
    if (size === undefined || constants.get(name)?.startsWith('new Date()') !== true) continue
    constants.set(name, `new Date(Date.now() + (${added}) * ${size * 1000})`)
  }
  return constants
}

/** `end.setDate(end.getDate() + 7)`, behind `end = new Date()`. */
const MOVED_DATE =
  /\b([A-Za-z_]\w{0,60})\.set(?:UTC)?(FullYear|Month|Date|Hours|Minutes|Seconds)\(\s*\1\.get(?:UTC)?\2\(\)\s*\+\s*([\w* ]{1,40})\)/g
const PARTS_OF_DATES: Readonly<Record<string, number>> = {
  FullYear: 31_536_000,
  Month: 2_592_000,
  Date: 86_400,
  Hours: 3600,
  Minutes: 60,
  Seconds: 1,
}

/** What the expression amounts to, or `null` where it cannot be known from the file alone. */
export function evaluate(
  expression: string | null,
  constants: Constants,
  depth = 0,
): Amount | null {
  if (expression === null || depth > MAX_DEPTH || expression.length > MAX_EXPRESSION) return null
  const text = expression.trim()
  const constant = /^\$?[A-Za-z_]\w{0,60}$/.test(text)
    ? constants.get(text.replace(/^\$/, ''))
    : undefined
  if (constant !== undefined) return evaluate(constant, constants, depth + 1)
  const branches = branchesOf(text)
  if (branches !== null) {
    return longest(branches.map((branch) => evaluate(branch, constants, depth + 1)))
  }
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
  const date = evaluateDate(text)
  if (date !== null) return date
  const wrapped = inner(/^new Date\(([^]*)\)$/, text)
  if (wrapped !== null) return evaluateNewDate(wrapped, constants, depth)
  return (
    evaluateDateNow(text, constants, depth) ??
    evaluateAdded(text, constants, depth) ??
    evaluateCalendar(text)
  )
}

/** `new Date(Date.now() + …)` is a moment of the language's own type, whatever it was made of. */
function evaluateNewDate(inside: string, constants: Constants, depth: number): Amount | null {
  const date = evaluateDate(inside)
  if (date !== null) return { ...date, epoch: null }
  const amount = evaluate(inside, constants, depth + 1)
  if (amount === null) return null
  if (amount.kind !== 'span') return { ...amount, epoch: null }
  // A bare number is milliseconds since 1970.
  return { ...MOMENT, value: amount.value / 1000, kind: 'date' }
}

const DATE_NOW = '(?:Date\\.now\\(\\)|\\+new Date\\(\\)|new Date\\(\\)\\.(?:getTime|valueOf)\\(\\))'
const MILLISECONDS_NOW = new RegExp(`^\\(?${DATE_NOW}\\s*\\+\\s*([^]*?)\\)?$`)
const SECONDS_NOW = new RegExp(
  `^(?:Math\\.(?:floor|round|ceil|trunc)\\(\\s*|\\(\\s*)${DATE_NOW}\\s*\\/\\s*(?:1000|1e3|1_000)\\s*\\)\\s*\\+\\s*([^]*)$`,
)
/** `Math.floor((Date.now() + span) / 1000)`, and with the span behind the division. */
const SECONDS_OF_SUM = new RegExp(
  `^Math\\.(?:floor|round|ceil|trunc)\\(\\s*\\(\\s*${DATE_NOW}\\s*\\+\\s*([^]*?)\\)\\s*\\/\\s*(?:1000|1e3|1_000)\\s*\\)$`,
)
const SECONDS_WITHIN = new RegExp(
  `^Math\\.(?:floor|round|ceil|trunc)\\(\\s*${DATE_NOW}\\s*\\/\\s*(?:1000|1e3|1_000)\\s*\\+\\s*([^]*)\\)$`,
)

function evaluateDateNow(text: string, constants: Constants, depth: number): Amount | null {
  for (const [pattern, divisor, epoch] of [
    [SECONDS_OF_SUM, 1000, 'seconds'],
    [SECONDS_NOW, 1, 'seconds'],
    [SECONDS_WITHIN, 1, 'seconds'],
    [MILLISECONDS_NOW, 1000, 'milliseconds'],
  ] as const) {
    const added = inner(pattern, text)
    if (added === null) continue
    const amount = evaluate(added, constants, depth + 1)
    return amount?.kind === 'span' ? { ...MOMENT, value: amount.value / divisor, epoch } : null
  }
  return null
}

const ADDED: readonly (readonly [pattern: RegExp, epoch: Amount['epoch']])[] = [
  [/^(?:datetime\.)?datetime\.(?:utcnow\(\)|now\([^)]*\))\s*\+\s*([^]*)$/, null],
  [/^timezone\.now\(\)\s*\+\s*([^]*)$/, null],
  [/^time\.Now\(\)(?:\.UTC\(\))?\.Add\(([^]*)\)$/, null],
  [/^time\(\)\s*\+\s*([^]*)$/, 'seconds'],
  [/^(?:int\()?time\.time\(\)\)?\s*\+\s*([^]*)$/, 'seconds'],
  [/^int\(time\.time\(\)\s*\+\s*([^]*)\)$/, 'seconds'],
  [/^time\.Now\(\)(?:\.UTC\(\))?\.Unix\(\)\s*\+\s*([^]*)$/, 'seconds'],
]

function evaluateAdded(text: string, constants: Constants, depth: number): Amount | null {
  for (const [pattern, epoch] of ADDED) {
    const added = inner(pattern, text)
    if (added === null) continue
    const amount = evaluate(added, constants, depth + 1)
    return amount?.kind === 'span' ? { ...MOMENT, value: amount.value, epoch } : null
  }
  return null
}

/** `time.Now().AddDate(0, 0, 7)`, `now()->addDays(7)`, `'+20 minutes'`, `new DateTime('+7 days')`, `addDays(new Date(), 7)`. */
function evaluateCalendar(text: string): Amount | null {
  const date = /^time\.Now\(\)(?:\.UTC\(\))?\.AddDate\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(
    text,
  )
  if (date !== null) {
    const days = Number(date[1]) * 365 + Number(date[2]) * 30 + Number(date[3])
    return { ...MOMENT, value: days * 86_400 }
  }
  for (const pattern of COUNTED) {
    const match = pattern.exec(text)
    if (match?.groups === undefined) continue
    const { count = '', word = '' } = match.groups
    const size = WORDS[word.toLowerCase().replace(/s$/, '')]
    return size === undefined
      ? null
      : { ...MOMENT, value: size * (count === '' ? 1 : Number(count)) }
  }
  return null
}

/** A number of days or the like, added to the present. */
const COUNTED: readonly RegExp[] = [
  /(?:now|Carbon::now|CarbonImmutable::now)\(\)->add(?<word>[A-Za-z]{3,8}?)s?\(\s*(?<count>\d{0,6})\s*\)$/,
  /^(?:new\s+\\?DateTime(?:Immutable)?\(\s*|strtotime\(\s*)?["']\+?\s*(?<count>\d{1,7})\s*(?<word>[A-Za-z]{3,9}?)s?["']\s*\)?$/,
  /^(?:moment|dayjs)(?:\.utc)?\(\)\.add\(\s*(?<count>\d{1,7})\s*,\s*["'](?<word>[A-Za-z]{3,9})["']\s*\)(?:\.toDate\(\))?$/,
  /^add(?<word>Minutes|Hours|Days|Weeks|Months|Years)\(\s*(?:new Date\(\)|Date\.now\(\))\s*,\s*(?<count>\d{1,6})\s*\)$/,
]

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** Seconds since 1970 of a written day: `2099-12-31`, `12/31/2099`, `Dec 31, 2099`, `03-09-2491`. */
function parseDay(text: string): number | null {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].{0,30})?$/.exec(text)
  if (iso !== null) return dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const local = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ].{0,30})?$/.exec(text)
  // Whether the month or the day comes first moves the end by less than a year.
  if (local !== null) {
    const [first, second] = [Number(local[1]), Number(local[2])]
    return first > 12
      ? dayOf(Number(local[3]), second, first)
      : dayOf(Number(local[3]), first, second)
  }
  const year = /(?:^|\D)(\d{4})(?:\D|$)/.exec(text)?.[1]
  const month = MONTHS.findIndex((name) => text.toLowerCase().includes(name))
  return year === undefined || month === -1 || text.length > 40
    ? null
    : dayOf(Number(year), month + 1, 1)
}

function dayOf(year: number, month: number, day: number): number | null {
  const isDay = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31
  return isDay ? Date.UTC(year, month - 1, day) / 1000 : null
}

/** A day as text, alone or read by the function of a language. */
const WRITTEN_DAY =
  /^(?:(?:new\s+)?\\?(?:Date|DateTime(?:Immutable)?|Date\.parse|Carbon::parse|CarbonImmutable::parse|strtotime|(?:datetime\.)?(?:datetime|date)\.(?:fromisoformat|strptime)|moment|dayjs|parseISO|parser\.parse)\(\s*)?["'`]([^"'`]{6,40})["'`](?:\s*,[^)]{0,60})?\s*\)?(?:\.(?:toISOString|getTime|toDate|valueOf)\(\))?$/
/** A day as numbers: year, month, day. */
const NUMBERED_DAY =
  /^(?:(?:datetime\.)?(?:datetime|date)|time\.Date|Carbon::create(?:FromDate)?|Date\.UTC|new Date)\(\s*(\d{4})\s*,\s*(\d{1,2}|time\.[A-Z][a-z]{2,8})\s*,\s*(\d{1,2})\b[^]{0,120}\)(?:\.(?:Unix|timestamp|getTime)\(\))?$/
const UNIX_TIME = /^time\.Unix\(\s*(\d{9,11})\s*,\s*0\s*\)$/

/** A fixed day, whenever the code runs. */
function evaluateDate(text: string): Amount | null {
  const unix = UNIX_TIME.exec(text)
  if (unix !== null) return { ...MOMENT, value: Number(unix[1]), kind: 'date' }
  const written = WRITTEN_DAY.exec(text)?.[1]
  const value = written === undefined ? numberedDay(text) : parseDay(written.trim())
  if (value === null) return null
  const epoch = /^Date\.(?:UTC|parse)|\.getTime\(\)$/.test(text)
    ? 'milliseconds'
    : /^strtotime|\.(?:Unix|timestamp)\(\)$/.test(text)
      ? 'seconds'
      : null
  return { ...MOMENT, value, kind: 'date', epoch }
}

function numberedDay(text: string): number | null {
  const match = NUMBERED_DAY.exec(text)
  if (match === null) return null
  const [, year, month = '', day] = match
  const named = MONTHS.indexOf(month.slice(5, 8).toLowerCase())
  // JavaScript counts months from zero.
  const number =
    named === -1 ? Number(month) + (/^(?:new Date|Date\.UTC)/.test(text) ? 1 : 0) : named + 1
  return dayOf(Number(year), Math.min(number, 12), Number(day))
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
  for (const member of members.split(',').filter((member) => member.trim() !== '')) {
    const [name = '', expression] = member.includes('=') ? member.split('=') : ['days', member]
    const amount = evaluate(expression ?? null, constants, depth + 1)
    const size = TIMEDELTA_UNITS[name.trim()]
    if (amount === null || size === undefined) return null
    value += amount.value * size
  }
  return { ...BARE, value, unit: 'seconds' }
}

interface Cursor {
  readonly tokens: readonly string[]
  at: number
  hasUnit: boolean
  hasThousand: boolean
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
  const cursor: Cursor = { tokens, at: 0, hasUnit: false, hasThousand: false, constants, depth }
  const value = readSum(cursor)
  if (value === null || cursor.at !== tokens.length) return null
  const { hasUnit, hasThousand } = cursor
  return { ...BARE, value, unit: hasUnit ? 'seconds' : 'bare', hasThousand }
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
  if (/^\d/.test(token)) return readNumber(cursor, token)
  return readName(cursor, token)
}

function readNumber(cursor: Cursor, token: string): number {
  const value = Number(token.replaceAll('_', ''))
  cursor.hasThousand ||= value === 1000
  return value
}

function readName(cursor: Cursor, token: string): number | null {
  const unit = GO_UNITS[token]
  if (unit !== undefined) {
    cursor.hasUnit = true
    return unit
  }
  // A conversion, `time.Duration(n)`, changes nothing.
  if (/^(?:time\.Duration|int|int64|Number|parseInt|Math\.(?:floor|round|ceil|trunc))$/.test(token))
    return readFactor(cursor)
  const name = token.slice(token.lastIndexOf('.') + 1).replace(/^\$/, '')
  const amount = evaluate(cursor.constants.get(name) ?? null, cursor.constants, cursor.depth + 1)
  if (amount?.kind !== 'span') return null
  if (amount.unit === 'seconds') cursor.hasUnit = true
  cursor.hasThousand ||= amount.hasThousand
  return amount.value
}
