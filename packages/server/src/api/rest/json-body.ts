/** Reads a JSON body: at most MAX_JSON_BYTES and MAX_JSON_DEPTH levels, UTF-8, and never more of it than that. */
import { MAX_JSON_BYTES } from '../../core/limits.ts'
import { RestError } from './errors.ts'

/** Arrays and objects in each other. Deeper ones are an attack on whoever walks them. */
const MAX_JSON_DEPTH = 32

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;\s*charset="?utf-8"?\s*)?$/i

/** The value, or `undefined` for an empty body. */
export async function readJsonBody(
  contentType: string | undefined,
  stream: () => AsyncIterable<Uint8Array>,
): Promise<unknown> {
  if (contentType !== undefined && !JSON_TYPE.test(contentType)) {
    throw new RestError('media-type-unsupported', 'The body must be application/json.')
  }
  const text = decodeUtf8(await readAll(stream()))
  if (text.trim() === '') return undefined
  // Browsers send forms and plain text to other origins without asking; nobody sends JSON by accident.
  if (contentType === undefined) {
    throw new RestError('media-type-unsupported', 'Content-Type must be application/json.')
  }
  return parseJson(text)
}

/** Throws `body-malformed`. A `__proto__` member becomes an ordinary one, which no schema knows. */
export function parseJson(text: string): unknown {
  if (measureDepth(text) > MAX_JSON_DEPTH) {
    const message = `The JSON is nested more than ${MAX_JSON_DEPTH} levels deep.`
    throw new RestError('body-malformed', message)
  }
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text around the fault.
    throw new RestError('body-malformed', 'The body is not valid JSON.')
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.length
    if (size > MAX_JSON_BYTES) {
      throw new RestError('body-too-large', `A JSON body has at most ${MAX_JSON_BYTES} bytes.`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new RestError('body-malformed', 'The body is not UTF-8.')
  }
}

/** The deepest nesting, found without building anything. Text that is not JSON may give any answer: parsing refuses it. */
function measureDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index]
    if (isInString) {
      if (letter === '\\') index += 1
      else if (letter === '"') isInString = false
    } else if (letter === '"') isInString = true
    else if (letter === '{' || letter === '[') deepest = Math.max(deepest, (depth += 1))
    else if (letter === '}' || letter === ']') depth -= 1
  }
  return deepest
}
