/**
 * Reads the request that a command line of curl makes: method, URL, headers and body, as far as the command says them.
 *
 * @module
 */
import type { ExplainableRequest } from './observe-request.ts'
import { readShellWords } from './shell-words.ts'

/** Longer commands are cut. */
const MAX_COMMAND = 1024 * 1024
const CURL = /^\s*(?:[$#>%]\s{0,4})?curl(?:\.exe)?[\s\\^]/

/** Does the text begin as a command line of curl does? */
export function isCurlCommand(text: string): boolean {
  return CURL.test(text.slice(0, 200))
}

/** Short options that take a value, in the same word or the next. */
const SHORT_WITH_VALUE = 'AbcCdDeEFhHKmoPQrtTuUwxXyYz'
/** Long options that take a value which can look like a URL, or which says something of the request. */
const LONG_WITH_VALUE: ReadonlyMap<string, string> = new Map(
  Object.entries({
    request: 'X',
    header: 'H',
    data: 'd',
    'data-ascii': 'd',
    'data-binary': 'd',
    'data-raw': 'data-raw',
    'data-urlencode': 'data-urlencode',
    json: 'json',
    form: 'F',
    'form-string': 'F',
    'upload-file': 'T',
    'user-agent': 'A',
    referer: 'e',
    cookie: 'b',
    range: 'r',
    url: 'url',
    proxy: 'x',
    preproxy: 'x',
    'doh-url': 'x',
    user: 'u',
    'proxy-user': 'U',
    output: 'o',
    'proxy-header': 'x',
    'oauth2-bearer': 'oauth2-bearer',
    'url-query': 'x',
  }),
)
/** Long options without one that say something of the request. */
const LONG_ALONE: ReadonlyMap<string, string> = new Map(Object.entries({ head: 'I', get: 'G' }))

interface Option {
  readonly name: string
  readonly value: string
}

/** The request of the command; `null`: it is no command of curl, or names no URL. */
export function readCurlCommand(text: string): ExplainableRequest | null {
  if (!isCurlCommand(text)) return null
  const words = readShellWords(text.slice(0, MAX_COMMAND))
  const { options, urls } = readOptions(words.slice(words.findIndex(isCurl) + 1))
  const has = (...names: readonly string[]): boolean =>
    options.some(({ name }) => names.includes(name))
  const last = (name: string): string | undefined =>
    options.findLast((option) => option.name === name)?.value
  const url = last('url') ?? urls[0]
  if (url === undefined) return null
  const data = options.filter(({ name }) => DATA_OPTIONS.has(name))
  const body = has('G') ? null : bodyOf(data)
  const implied = has('I')
    ? 'HEAD'
    : has('T')
      ? 'PUT'
      : sends(data, has('G'), has('F'))
        ? 'POST'
        : 'GET'
  return {
    method: last('X') ?? implied,
    url: has('G') ? withQuery(url, data) : url,
    headers: headersOf(options, body !== null && !has('F')),
    ...(body === null ? {} : { body }),
  }
}

const DATA_OPTIONS: ReadonlySet<string> = new Set(['d', 'data-raw', 'data-urlencode', 'json'])

function isCurl(word: string): boolean {
  return /^curl(?:\.exe)?$/.test(word)
}

function sends(data: readonly Option[], isGet: boolean, isForm: boolean): boolean {
  return isForm || (data.length > 0 && !isGet)
}

/** What is sent, if the command itself holds all of it. */
function bodyOf(data: readonly Option[]): string | null {
  const isHere = ({ name, value }: Option): boolean =>
    name === 'data-raw' || (name !== 'data-urlencode' && !value.startsWith('@'))
  if (data.length === 0 || !data.every(isHere)) return null
  const glue = data.every(({ name }) => name === 'json') ? '' : '&'
  return data.map(({ value }) => value).join(glue)
}

function withQuery(url: string, data: readonly Option[]): string {
  const query = data.map(({ value }) => value).join('&')
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`
}

const HEADER_OPTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({ A: 'User-Agent', e: 'Referer', b: 'Cookie' }),
)

function headersOf(options: readonly Option[], hasBody: boolean): [name: string, value: string][] {
  const given = options.flatMap(headerOf)
  const isGiven = (name: string): boolean =>
    given.some(([header]) => header.toLowerCase() === name.toLowerCase())
  const isRemoved = (name: string): boolean =>
    options.some(
      ({ name: option, value }) => option === 'H' && value.trim().toLowerCase() === `${name}:`,
    )
  const isJson = options.some(({ name }) => name === 'json')
  const type = isJson ? 'application/json' : 'application/x-www-form-urlencoded'
  const isTyped = hasBody && !isGiven('content-type') && !isRemoved('content-type')
  return isTyped ? [...given, ['Content-Type', type]] : given
}

function headerOf({ name, value }: Option): [name: string, value: string][] {
  if (name === 'oauth2-bearer') return [['Authorization', `Bearer ${value}`]]
  if (name === 'r') return [['Range', `bytes=${value}`]]
  const header = HEADER_OPTIONS.get(name)
  // A cookie without a sign is the name of a file.
  if (header !== undefined) return name === 'b' && !value.includes('=') ? [] : [[header, value]]
  if (name !== 'H') return []
  const colon = value.indexOf(':')
  if (colon > 0) {
    const text = value.slice(colon + 1).trim()
    // `Name:` takes a header away that curl would send.
    return text === '' ? [] : [[value.slice(0, colon).trim(), text]]
  }
  return value.endsWith(';') ? [[value.slice(0, -1), '']] : []
}

function readOptions(words: readonly string[]): {
  readonly options: readonly Option[]
  readonly urls: readonly string[]
} {
  const options: Option[] = []
  const urls: string[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (!word.startsWith('-') || word === '-') {
      if (isUrl(word)) urls.push(word)
      continue
    }
    const read = word.startsWith('--') ? readLong(word.slice(2)) : readShort(word.slice(1))
    const value = read.needsValue ? (words[at + 1] ?? '') : read.value
    if (read.needsValue) at += 1
    options.push(...read.alone.map((name) => ({ name, value: '' })))
    if (read.name !== null) options.push({ name: read.name, value })
  }
  return { options, urls }
}

function isUrl(word: string): boolean {
  return /^https?:\/\//i.test(word) || /^[\w.-]+(?::\d+)?\/.*\?/.test(word)
}

interface ReadWord {
  readonly alone: readonly string[]
  /** The option of the word that takes a value. */
  readonly name: string | null
  readonly value: string
  readonly needsValue: boolean
}

function readLong(text: string): ReadWord {
  const equals = text.indexOf('=')
  const name = equals === -1 ? text : text.slice(0, equals)
  const alone = LONG_ALONE.get(name)
  const known = LONG_WITH_VALUE.get(name) ?? null
  return {
    alone: alone === undefined ? [] : [alone],
    name: known,
    value: text.slice(name.length + 1),
    needsValue: known !== null && equals === -1,
  }
}

/** `-sSX PUT`, `-XPUT`: letters without a value, and at most one with one. */
function readShort(letters: string): ReadWord {
  const at = Array.from(letters).findIndex((letter) => SHORT_WITH_VALUE.includes(letter))
  if (at === -1) return { alone: Array.from(letters), name: null, value: '', needsValue: false }
  const value = letters.slice(at + 1)
  return {
    alone: Array.from(letters.slice(0, at)),
    name: letters.charAt(at),
    value,
    needsValue: value === '',
  }
}
