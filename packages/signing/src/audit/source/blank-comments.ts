/**
 * Source text with its comments blanked out: same length, same lines, so that places stay places.
 *
 * @module
 */
import type { Language } from '../file-kind.ts'

interface Syntax {
  readonly lineComments: readonly string[]
  readonly hasBlockComments: boolean
  readonly quotes: string
}

const SYNTAX: Readonly<Record<Language, Syntax>> = {
  javascript: { lineComments: ['//'], hasBlockComments: true, quotes: '\'"`' },
  python: { lineComments: ['#'], hasBlockComments: false, quotes: '\'"' },
  php: { lineComments: ['//', '#'], hasBlockComments: true, quotes: '\'"' },
  go: { lineComments: ['//'], hasBlockComments: true, quotes: '"`' },
}

/** The text with spaces where its comments were. Strings keep their contents. */
export function blankComments(text: string, language: Language): string {
  const syntax = SYNTAX[language]
  let output = ''
  let copied = 0
  let at = 0
  while (at < text.length) {
    const character = text.charAt(at)
    if (syntax.quotes.includes(character)) {
      at = stringEnd(text, at, character)
      continue
    }
    const end = commentEnd(text, at, syntax)
    if (end === at) {
      at += 1
      continue
    }
    output += text.slice(copied, at) + text.slice(at, end).replaceAll(/[^\n]/g, ' ')
    copied = end
    at = end
  }
  return output + text.slice(copied)
}

function commentEnd(text: string, at: number, syntax: Syntax): number {
  const character = text.charAt(at)
  if (character !== '/' && character !== '#') return at
  if (syntax.lineComments.some((mark) => text.startsWith(mark, at))) {
    const end = text.indexOf('\n', at)
    return end === -1 ? text.length : end
  }
  if (syntax.hasBlockComments && text.startsWith('/*', at)) {
    const end = text.indexOf('*/', at + 2)
    return end === -1 ? text.length : end + 2
  }
  return at
}

/** Behind the string that begins at `at`. A string of one line that does not end there ends with its line. */
export function stringEnd(text: string, at: number, quote: string): number {
  const triple = quote.repeat(3)
  if (quote !== '`' && text.startsWith(triple, at)) {
    const end = text.indexOf(triple, at + 3)
    return end === -1 ? text.length : end + 3
  }
  for (let position = at + 1; position < text.length; position += 1) {
    const character = text.charAt(position)
    if (character === '\\') position += 1
    else if (character === quote) return position + 1
    else if (character === '\n' && quote !== '`') return position
  }
  return text.length
}
