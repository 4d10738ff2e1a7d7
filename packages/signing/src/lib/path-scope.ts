/**
 * What a grant for more than one path may open.
 *
 * @module
 */

/**
 * True if some segment of the raw path is `.` or `..` in any spelling a later parser may fold: `%2e`, `%2f` and `%5c`
 * as separators, a backslash. A grant for `/public/` must not open `/public/..%2fsecret`: the signature check sees a
 * path below the prefix, and the origin behind it may see another file.
 */
export function hasDotSegment(path: string): boolean {
  if (!path.includes('/.') && !path.startsWith('.') && !UNUSUAL.test(path)) return false
  return DOT_SEGMENT.test(path)
}

const UNUSUAL = /[%\\]/
const DOT_SEGMENT = /(?:^|[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:$|[/\\]|%2f|%5c)/i

/**
 * True if `text` fits `pattern`, in which `*` is any run of characters, slashes included, and `?` is one character.
 * At most `pattern.length * text.length` steps, no recursion.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0
  let position = 0
  let star = -1
  let resume = 0
  while (position < text.length) {
    if (pattern[at] === '*') {
      star = at
      resume = position
      at += 1
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[position])) {
      at += 1
      position += 1
    } else if (star !== -1) {
      at = star + 1
      resume += 1
      position = resume
    } else {
      return false
    }
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}
