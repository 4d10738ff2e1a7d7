/** The small JSON bodies that Uppy sends, with what is in them looked at: nothing of it is used that has another form. */
import { refusal } from '../../core/errors.ts'
import type { PageCall } from '../page-face.ts'

/** A list of ten thousand parts, and more. */
const MAX_BYTES: number = 1024 ** 2
const JSON_TYPE = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i

export type JsonObject = Readonly<Record<string, unknown>>

export async function readJson({ request, readBody }: PageCall): Promise<JsonObject> {
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw invalid('Content-Type', 'it must be application/json')
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of readBody()) {
    size += chunk.length
    if (size > MAX_BYTES) throw invalid('body', `it has at most ${MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  const value = parse(Buffer.concat(chunks))
  if (!isObject(value)) throw invalid('body', 'it must be a JSON object')
  return value
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text of the body; `null` if it is not there. */
export function textOf(body: JsonObject, name: string): string | null {
  const value = Object.hasOwn(body, name) ? body[name] : undefined
  if (value === undefined || value === null) return null
  if (typeof value === 'string') return value
  throw invalid(name, 'it must be a text')
}

export function invalid(field: string, reason: string): Error {
  return refusal('field-invalid', { field, reason })
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw invalid('body', 'it is not JSON')
  }
}
