/**
 * nginx's text with variables: `$name`, `${name}`, and everything else as it stands.
 *
 * @module
 */

/** A piece of text, or a variable. */
export interface TemplatePart {
  readonly variable: string | null
  readonly text: string
}

const PART = /\$(?:(\w+)|\{(\w+)\})|[^$]+/gy

/** The pieces of a directive's value; a dollar sign that begins no name is a `TypeError`, as it is for nginx. */
export function parseTemplate(text: string, parameter: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let end = 0
  for (const match of text.matchAll(PART)) {
    const variable = match[1] ?? match[2] ?? null
    parts.push({ variable, text: variable === null ? match[0] : '' })
    end = match.index + match[0].length
  }
  if (end !== text.length) throw new TypeError(`${parameter} must have a name after each "$"`)
  return parts
}

/** The text with every variable looked up. */
export function expandTemplate(
  parts: readonly TemplatePart[],
  lookup: (variable: string) => string,
): string {
  let expanded = ''
  for (const { variable, text } of parts) expanded += variable === null ? text : lookup(variable)
  return expanded
}
