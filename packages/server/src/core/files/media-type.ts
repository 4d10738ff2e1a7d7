/**
 * Reads a media type as strictly as it is defined [RFC9110 8.3.1]: what has a second reading, such as `image/png;, text/html`, is
 * none. Browsers then read the text the way it was judged.
 */

export interface MediaType {
  /** `image/png`, in lower case. */
  readonly essence: string
  /** Names in lower case, values without quotes, in order. */
  readonly parameters: readonly (readonly [name: string, value: string])[]
}

/** Longer ones are no types of files. */
const MAX_LENGTH = 1024
const ESSENCE = /([\w!#$%&'*+.^`|~-]+)\/([\w!#$%&'*+.^`|~-]+)/y
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/
const SEPARATOR = /[ \t]*;[ \t]*/y
const PARAMETER =
  /([\w!#$%&'*+.^`|~-]+)=(?:([\w!#$%&'*+.^`|~-]+)|"((?:[\t !\u0023-\u005B\u005D-\u007E\u0080-\uFFFF]|\\[\t -\u007E\u0080-\uFFFF])*)")/y
const END = /[ \t]*$/y

/** `null` if it is no media type. */
export function parseMediaType(text: string): MediaType | null {
  if (text.length > MAX_LENGTH) return null
  const essence = matchAt(ESSENCE, text, 0)
  if (essence === null) return null
  const parameters: [string, string][] = []
  let at = essence[0].length
  while (matchAt(END, text, at) === null) {
    const separator = matchAt(SEPARATOR, text, at)
    if (separator === null) return null
    at += separator[0].length
    // A semicolon with nothing behind it is allowed, and means nothing.
    if (text.length === at || text[at] === ';') continue
    const parameter = matchAt(PARAMETER, text, at)
    if (parameter === null) return null
    const [whole, name = '', token, quoted = ''] = parameter
    at += whole.length
    // Two readers could take two of them.
    if (parameters.some(([taken]) => taken === name.toLowerCase())) return null
    parameters.push([name.toLowerCase(), token ?? quoted.replaceAll(/\\(.)/g, '$1')])
  }
  return { essence: essence[0].toLowerCase(), parameters }
}

/** One spelling of each type: what is sent is what was understood. */
export function formatMediaType({ essence, parameters }: MediaType): string {
  return essence + parameters.map(([name, value]) => `; ${name}=${formatValue(value)}`).join('')
}

/** True if the type is one of `allowed`, or of a family like `image/*` there. */
export function isMediaTypeAllowed({ essence }: MediaType, allowed: readonly string[]): boolean {
  return allowed.some((range) =>
    range.endsWith('/*')
      ? essence.startsWith(range.slice(0, -1).toLowerCase())
      : essence === range.toLowerCase(),
  )
}

function formatValue(value: string): string {
  return TOKEN.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
