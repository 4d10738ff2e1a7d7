const UNSHOWN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu

/** Text with names in it that others chose, on one line and in the direction in which it is stored. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll(UNSHOWN, '\uFFFD')
}
