/**
 * Checks the headers a caller wants signed.
 *
 * @module
 */
import type { PairList } from '../../lib/pairs.ts'
import { wrongOption } from '../../lib/wrong-option.ts'

const TOKEN = /^[\w!#$%&'*+\-.^`|~]+$/
// What is not ASCII leaves each client in another encoding, and CR or LF would end the header.
const FIELD_VALUE = /^[\x20-\x7e\t]*$/
// `host` comes from the endpoint; the others would cover themselves or are the client's own.
const NOT_SIGNABLE = /^(?:host|authorization|connection|transfer-encoding)$/i

/** The headers, unchanged; `TypeError` if one cannot be signed or would not arrive as signed. */
export function checkSignedHeaders(headers: PairList): PairList {
  for (const [name, value] of headers) {
    if (!TOKEN.test(name)) throw wrongOption('headers must have names that are tokens')
    if (NOT_SIGNABLE.test(name)) throw wrongOption(`headers must not hold ${name}`)
    if (!FIELD_VALUE.test(value)) {
      throw wrongOption(`headers: the value of ${name} must be printable ASCII on one line`)
    }
  }
  return headers
}

/** What the sender has to send: names in lower case, repeats joined by a comma. */
export function toHeaderRecord(headers: PairList): Record<string, string> {
  const record: Record<string, string> = {}
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    const before = record[lower]
    record[lower] = before === undefined ? value : `${before},${value}`
  }
  return record
}
