/**
 * Reads the requests that `verify`, `explain` and `detect` are asked about: a URL, a JSON document, or one JSON
 * document a line.
 *
 * @module
 */
import { createInterface } from 'node:readline'
import type { ExplainableRequest, ExplainableResponse } from '@hallpass/signing/explain'
import { CliError } from './io.ts'
import type { CliIo } from './io.ts'
import { openInput } from './read-input.ts'

/** A request as it is written down. */
export interface WrittenRequest extends ExplainableRequest {
  readonly response?: ExplainableResponse
}

/** A line that is no request. */
export interface UnusableLine {
  readonly line: number
  readonly problem: string
}

const COMMAND = /^\s*curl\s/

const MAX_WHOLE = 16 * 1024 * 1024

/**
 * The requests of a file or of standard input (`-`), each as soon as its line is complete. One document may
 * also span many lines; then it must be the only one, or a list. Where `takesCommands`, a command line of `curl`, which a shell may
 * continue on the next lines, stands for the request that it makes.
 */
export async function* readRequests(
  io: CliIo,
  path: string,
  { takesCommands = false }: { readonly takesCommands?: boolean } = {},
): AsyncGenerator<WrittenRequest | UnusableLine> {
  const lines = createInterface({ input: await openInput(io, path), crlfDelay: Infinity })
  let pending = ''
  let number = 0
  let isWhole = false
  for await (const { line, count } of joinCommands(lines, path)) {
    number += count
    if (line.trim() === '') continue
    if (takesCommands && COMMAND.test(line)) {
      yield { url: line.trim() }
      continue
    }
    if (!isWhole) {
      const parsed = parse(line)
      if (parsed !== undefined) {
        yield* asRequests(parsed, number)
        continue
      }
      // A first line that is no JSON by itself begins a document of many lines.
      if (number > 1 && pending === '' && !/^\s*[[{]\s*$/.test(line)) {
        yield { line: number, problem: 'is not JSON' }
        continue
      }
      isWhole = true
    }
    pending += `${line}\n`
    if (pending.length > MAX_WHOLE) throw new CliError(`${path} is too long for one document.`)
  }
  if (pending !== '') yield* asDocument(pending)
}

/** The requests of one document of many lines. */
function* asDocument(text: string): Generator<WrittenRequest | UnusableLine> {
  const parsed = parse(text)
  if (parsed === undefined) yield { line: 1, problem: 'is not JSON' }
  else yield* asRequests(parsed, 1)
}

/** The lines, and how many each was written on: a command goes on behind the backslash at the end of one. */
async function* joinCommands(
  lines: AsyncIterable<string>,
  path: string,
): AsyncGenerator<{ readonly line: string; readonly count: number }> {
  let command = ''
  let count = 0
  for await (const line of lines) {
    count += 1
    const text = `${command}${line}`
    command = COMMAND.test(text) && text.endsWith('\\') ? `${text}\n` : ''
    if (command.length > MAX_WHOLE) throw new CliError(`${path} is too long for one command.`)
    if (command !== '') continue
    yield { line: text, count }
    count = 0
  }
  if (command !== '') yield { line: command, count }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function* asRequests(value: unknown, line: number): Generator<WrittenRequest | UnusableLine> {
  if (Array.isArray(value)) {
    for (const item of value) yield asRequest(item, line)
  } else {
    yield asRequest(value, line)
  }
}

function asRequest(value: unknown, line: number): WrittenRequest | UnusableLine {
  if (typeof value === 'string') return { url: value }
  if (typeof value !== 'object' || value === null) return { line, problem: 'is no request' }
  const { url } = value as { url?: unknown }
  if (typeof url !== 'string') return { line, problem: 'has no url' }
  const written = Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
  for (const [name, isRight, expected] of MEMBERS) {
    const member: unknown = written[name]
    if (member !== undefined && !isRight(member)) {
      return { line, problem: `has ${name} that is not ${expected}` }
    }
  }
  return written as unknown as WrittenRequest
}

const isText = (value: unknown): boolean => typeof value === 'string'

const isHeaders = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every(isText))

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a request may have beside its URL. Said when it is wrong: left out in silence, it would change the answer. */
const MEMBERS: readonly (readonly [
  name: string,
  isRight: (value: unknown) => boolean,
  expected: string,
])[] = [
  ['method', isText, 'text'],
  ['headers', isHeaders, 'a list of [name, value]'],
  ['body', isText, 'text'],
  ['clientIp', isText, 'text'],
  ['response', isObject, 'an object'],
]

export function isUnusable(request: WrittenRequest | UnusableLine): request is UnusableLine {
  return 'problem' in request
}
