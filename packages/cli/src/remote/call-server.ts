/**
 * One call of the REST API. What a server refuses is said in its own words.
 *
 * @module
 */
import { CliError, EXIT } from '../io.ts'
import { nameAsTyped } from '../typed-names.ts'
import type { TypedNames } from '../typed-names.ts'
import type { Connection } from './connection.ts'
import { UnexpectedShape, memberOf } from './read-shape.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query, percent-encoded. */
  readonly path: string
  readonly json?: unknown
  /** How the members of `json` are typed on the command line. */
  readonly names?: TypedNames
}

/** What a server refused, in its words, with the code of docs/errors.md. */
export class ServerRefusal extends CliError {
  override readonly name: string = 'ServerRefusal'
  readonly code: string

  constructor(message: string, code: string, exitCode: number) {
    super(message, exitCode)
    this.code = code
  }
}

/** Longer than any of these calls takes a server that is well. */
const TIMEOUT_MS = 60_000

/**
 * Resolves to what `read` makes of the answer's JSON, `undefined` for 204.
 *
 * @throws {CliError} `usage` for what the server refuses (its sentence, and what to do), `failure` if it cannot be reached, cannot answer, or is no
 * Hallpass
 */
export async function callServer<T>(
  connection: Connection,
  call: Call,
  read: (answer: unknown) => T,
): Promise<T> {
  return readAnswer(connection, call, { ...(await send(connection, call)), read })
}

type Wording = Pick<Call, 'names'>

export interface Answer {
  readonly status: number
  readonly text: string
}

/** What {@link callServer} makes of an answer, whoever sent the request. */
export function readAnswer<T>(
  connection: Connection,
  call: Wording,
  { status, text, read }: Answer & { readonly read: (answer: unknown) => T },
): T {
  const answer = status === 204 ? undefined : parseJson(text)
  if (status < 200 || status > 299) throw refused(connection, { status, answer, call })
  try {
    return read(answer)
  } catch (error) {
    if (error instanceof UnexpectedShape) throw noHallpass(connection, status)
    throw error
  }
}

async function send({ origin, apiKey }: Connection, { method, path, json }: Call): Promise<Answer> {
  try {
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      // The key is for the server that was named, and for none that it points at.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    throw unreachable(origin, error)
  }
}

/** `fetch` and its kind failed before there was an answer. */
export function unreachable(origin: string, error: unknown): CliError {
  return new CliError(
    `cannot reach ${origin}: ${reasonOf(error)}. Is the server running, and is --url right?`,
    EXIT.failure,
    error,
  )
}

/** `fetch` says in its cause what happened. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  if (error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

function refused(
  connection: Connection,
  {
    status,
    answer,
    call,
  }: { readonly status: number; readonly answer: unknown; readonly call: Wording },
): CliError {
  const detail = memberOf(answer, 'detail')
  if (typeof detail !== 'string') return noHallpass(connection, status)
  const remedy = memberOf(answer, 'remedy')
  const said = sayAsTyped(detail, memberOf(answer, 'field'), call.names ?? {})
  const message = typeof remedy === 'string' ? `${said} ${remedy}` : said
  const code = memberOf(answer, 'code')
  const exitCode = status < 500 && status !== 429 ? EXIT.usage : EXIT.failure
  return new ServerRefusal(message, typeof code === 'string' ? code : '', exitCode)
}

/** Fields of a list are named with their place, `actions.0`, which nobody typed; those of an object with their name. */
function sayAsTyped(detail: string, field: unknown, names: TypedNames): string {
  if (typeof field !== 'string' || !detail.startsWith(`${field}: `)) {
    return nameAsTyped(detail, names)
  }
  const [member = ''] = field.split('.')
  const typed = Object.hasOwn(names, member) ? nameAsTyped(member, names) : field
  return typed + detail.slice(field.length)
}

function noHallpass({ origin }: Connection, status: number): CliError {
  return new CliError(
    `${origin} answered ${status}, and not as Hallpass does. Is --url right?`,
    EXIT.failure,
  )
}
