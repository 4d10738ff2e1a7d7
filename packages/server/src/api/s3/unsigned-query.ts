/** The query of somebody anonymous. It chooses the operation, and nothing in it may change an answer. */
import { refusal } from '../../core/errors.ts'
import type { QueryPair } from './face.ts'

/** Decoded once, a plus read as a space; throws `path-invalid` for broken escapes. */
export function parseUnsignedQuery(target: string): readonly QueryPair[] {
  const mark = target.indexOf('?')
  if (mark === -1 || mark === target.length - 1) return []
  const pairs: QueryPair[] = []
  for (const piece of target.slice(mark + 1).split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = equals === -1 ? piece : piece.slice(0, equals)
    pairs.push([decode(name), equals === -1 ? '' : decode(piece.slice(equals + 1))])
  }
  return pairs
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (error) {
    const reason = 'the query holds an escape that is broken or not UTF-8'
    throw refusal('path-invalid', { reason }, error)
  }
}
