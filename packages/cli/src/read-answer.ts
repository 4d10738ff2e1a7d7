/**
 * Reads what a provider answered: the body alone, or the whole answer as `curl -i` writes it.
 *
 * @module
 */
import type { ExplainableResponse } from '@hallpass/signing/explain'
import { CliError } from './io.ts'
import type { CliIo } from './io.ts'
import { readDocument } from './read-input.ts'

const STATUS_LINE = /^HTTP\/[\d.]{1,3} (\d{3})[^\n]*\n/

/** The answer in a file, or on standard input for `-`. `status` is what was told beside it. */
export async function readAnswer(
  io: CliIo,
  path: string,
  status: number | undefined,
): Promise<ExplainableResponse> {
  return parseAnswer((await readDocument(io, path)).replaceAll('\r\n', '\n'), status)
}

/** After redirects and `100 Continue` the last head counts. */
function parseAnswer(text: string, status: number | undefined): ExplainableResponse {
  const head = STATUS_LINE.exec(text)
  if (head === null) return { ...(status === undefined ? {} : { status }), body: text }
  const end = text.indexOf('\n\n')
  const lines = text.slice(head[0].length, end === -1 ? text.length : end).split('\n')
  const body = end === -1 ? '' : text.slice(end + 2)
  if (STATUS_LINE.test(body)) return parseAnswer(body, status)
  const headers = lines.flatMap((line): [name: string, value: string][] => {
    const colon = line.indexOf(':')
    return colon > 0 ? [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]] : []
  })
  return { status: status ?? Number(head[1]), headers, body }
}

/** `403`. */
export function parseStatus(text: string): number {
  if (/^[1-5]\d\d$/.test(text)) return Number(text)
  throw new CliError(`${text} is no status of HTTP: expected three digits, as in 403.`)
}
