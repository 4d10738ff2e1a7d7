/**
 * Lines and columns of places in a text, both counted from one.
 *
 * @module
 */

export interface TextPosition {
  readonly line: number
  readonly column: number
}

/** Answers positions in a text; they must be asked in rising order, and the text is then read once. */
export function createPositions(text: string): (offset: number) => TextPosition {
  let line = 1
  let lineStart = 0
  let next = text.indexOf('\n')
  return (offset) => {
    while (next !== -1 && next < offset) {
      line += 1
      lineStart = next + 1
      next = text.indexOf('\n', lineStart)
    }
    return { line, column: offset - lineStart + 1 }
  }
}
