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
  const isUsual = !path.includes('%') && !path.includes('\\') && !hasSegmentWithDot(path)
  return !isUsual && DOT_SEGMENT.test(path)
}

/** True if a segment begins with a dot. Most dots are of an extension, and found without asking an expression. */
function hasSegmentWithDot(path: string): boolean {
  let dot = path.indexOf('.')
  while (dot !== -1) {
    if (dot === 0 || path.charCodeAt(dot - 1) === SLASH) return true
    dot = path.indexOf('.', dot + 1)
  }
  return false
}

const SLASH = 0x2f
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
    const wanted = pattern.charCodeAt(at)
    if (wanted === STAR) {
      star = at
      resume = position
      at += 1
      // The usual pattern ends so, and then the rest fits, whatever it is.
      if (at === pattern.length) return true
    } else if (wanted === ANY || wanted === text.charCodeAt(position)) {
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
  while (pattern.charCodeAt(at) === STAR) at += 1
  return at === pattern.length
}

const STAR = 0x2a
const ANY = 0x3f
