/** The head of a form's part: the field's name, the file's name if it is one, its type [RFC7578 4.2, 4.4]. */
import { MultipartFault } from './multipart-fault.ts'

export interface PartHead {
  readonly name: string
  /** Without the folders that some clients put before it; `null` for a field that is no file. */
  readonly filename: string | null
  /** As it was sent; `null` if it was not. */
  readonly contentType: string | null
}

const LINE = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+):[ \t]*(.*)$/
const TOKEN = /[A-Za-z0-9!#$%&'*+.^_`|~-]+/y
const BLANKS = /[ \t]*/y
/** In these three the bytes are the file's own; the others nobody sends, and nobody undoes here. */
const PLAIN_ENCODINGS: ReadonlySet<string> = new Set(['7bit', '8bit', 'binary'])
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function parsePartHead(bytes: Uint8Array): PartHead {
  const lines = readLines(bytes)
  const disposition = lines.get('content-disposition')
  if (disposition === undefined) throw new MultipartFault('A part has no Content-Disposition.')
  const encoding = lines.get('content-transfer-encoding')?.toLowerCase() ?? 'binary'
  if (!PLAIN_ENCODINGS.has(encoding)) {
    throw new MultipartFault('A part has a Content-Transfer-Encoding other than binary.')
  }
  const parameters = parseDisposition(disposition)
  const name = parameters.get('name')
  if (name === undefined) throw new MultipartFault('A part has no name.')
  const extended = parameters.get('filename*')
  const filename = extended === undefined ? parameters.get('filename') : decodeExtended(extended)
  return {
    name,
    filename: filename === undefined ? null : baseOf(filename),
    contentType: lines.get('content-type') ?? null,
  }
}

/** Names in lower case; a header that decides something and is there twice could be read two ways. */
function readLines(bytes: Uint8Array): ReadonlyMap<string, string> {
  const lines = new Map<string, string>()
  for (const line of decodeUtf8(bytes).split('\r\n')) {
    const [, name, value = ''] = LINE.exec(line) ?? []
    if (name === undefined)
      throw new MultipartFault('A part has a line in its head that is no header.')
    const lower = name.toLowerCase()
    if (lines.has(lower)) throw new MultipartFault('A part has a header twice.')
    lines.set(lower, value.trimEnd())
  }
  return lines
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new MultipartFault('A part has a name that is not UTF-8.')
  }
}

/** `form-data; name="a"; filename="b"`, names in lower case [RFC6266 4.1]. */
function parseDisposition(text: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  let at = 0
  function take(pattern: RegExp): string {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  if (take(TOKEN).toLowerCase() !== 'form-data') throw brokenDisposition()
  take(BLANKS)
  while (at < text.length) {
    if (text[at] !== ';') throw brokenDisposition()
    at += 1
    take(BLANKS)
    const name = take(TOKEN).toLowerCase()
    if (name === '' || text[at] !== '=' || parameters.has(name)) throw brokenDisposition()
    at += 1
    const quoted = text[at] === '"' ? readQuoted(text, at) : null
    parameters.set(name, quoted === null ? take(TOKEN) : quoted.value)
    if (quoted !== null) at = quoted.end
    take(BLANKS)
  }
  return parameters
}

/** Browsers leave a backslash as it is; it only escapes a quote, or itself before one [RFC7578 4.2]. */
function readQuoted(text: string, start: number): { readonly value: string; readonly end: number } {
  let value = ''
  let from = start + 1
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') return { value: value + text.slice(from, at), end: at + 1 }
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) {
      value += text.slice(from, at)
      from = at + 1
      at += 1
    }
  }
  throw brokenDisposition()
}

/** `UTF-8''na%C3%AFve` [RFC8187 3.2]: not meant for forms, and sent by several libraries. */
function decodeExtended(text: string): string {
  const [, encoded] = /^utf-8'[^']*'(.*)$/i.exec(text) ?? []
  if (encoded === undefined) throw brokenDisposition()
  try {
    return decodeURIComponent(encoded)
  } catch {
    throw brokenDisposition()
  }
}

/** Some clients send the path of the file on their disk. */
function baseOf(filename: string): string {
  return filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1)
}

function brokenDisposition(): MultipartFault {
  return new MultipartFault('A part has a Content-Disposition that is none of a form.')
}
