/** Reads what a page asks for, and refuses whatever is none. */
import { HallpassError } from '../hallpass-error.ts'
import type { UploadCall } from '../upload/protocol.ts'
import { readText } from './read-text.ts'

const ACTIONS = ['begin', 'look', 'sign', 'complete', 'abort'] as const
const ID = /^[A-Za-z0-9._-]{1,128}$/

/** Throws `argument-invalid`. */
export async function readCall(request: Request): Promise<UploadCall> {
  const call = await readJson(request)
  const action = ACTIONS.find((known) => known === call['action'])
  const { route, file, id, parts, input } = call
  if (action === undefined) throw invalid('action', `it must be ${ACTIONS.join(' or ')}`)
  if (typeof route !== 'string') throw invalid('route', 'it must be the name of a route')
  if (action === 'begin') return { action, route, file: readFile(file), input }
  if (typeof id !== 'string' || !ID.test(id)) throw invalid('id', 'it is missing, or no id')
  if (action !== 'sign') return { action, route, id }
  if (!Array.isArray(parts) || !parts.every((part) => Number.isInteger(part))) {
    throw invalid('parts', 'it must be a list of numbers')
  }
  return { action, route, id, parts: parts as readonly number[] }
}

/** Throws `argument-invalid`. A form of another origin cannot send JSON: no cookie alone gets in here. */
export async function readJson(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers.get('content-type') ?? ''
  if (request.method !== 'POST' || !/^application\/json\b/i.test(type)) {
    throw invalid('Content-Type', 'it must be a POST of application/json')
  }
  return parse(await readText(request))
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw invalid('body', 'it is no JSON object')
}

function readFile(file: unknown): { name: string; size: number; type: string } {
  if (!isRecord(file)) throw invalid('file', 'it is missing')
  const { name, size, type } = file
  if (typeof name !== 'string' || typeof type !== 'string') {
    throw invalid('file', 'its name and type must be texts')
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw invalid('file.size', 'it must be a number of bytes')
  }
  return { name, size, type: type.toLowerCase() }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Names the field; nothing of it is quoted. */
export function invalid(field: string, reason: string): HallpassError {
  const message = `${field}: ${reason}.`
  return new HallpassError({ code: 'argument-invalid', message, field, status: 400 })
}
