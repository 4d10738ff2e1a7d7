/**
 * What is left to be done about names, and about a `Content-Disposition`, that somebody else wrote: marks that turn the reading direction
 * make `exe.fdp` look like another kind of file.
 */
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** The marks of DIRECTION as escapes of `filename*`. */
const WRITTEN_DIRECTION = /%D8%9C|%E2%80%(?:8[EF]|A[A-E])|%E2%81%A[6-9]/gi

/** A name to be shown to people, with such marks as `[U+202E]`. */
export function showDirectionMarks(name: string): string {
  return name.replace(DIRECTION, (mark) => {
    const digits = mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return `[U+${digits}]`
  })
}

/** A disposition that somebody else wrote, without what would turn the reading direction of its names. */
export function withoutDirectionMarks(disposition: string): string {
  const clean = disposition.replace(WRITTEN_DIRECTION, '').replace(DIRECTION, '')
  // What stood around a mark may make another.
  return clean === disposition ? clean : withoutDirectionMarks(clean)
}
