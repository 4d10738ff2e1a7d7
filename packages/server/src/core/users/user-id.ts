/**
 * Ids of end users and of people at the console: `user.` or `person.`, and the subject of their token. Letters, digits, dots and dashes stand for themselves, every other byte of
 * its UTF-8 is `_HH`, so that two subjects never share an id, an id can be signed into a link, and it says whose it is.
 */

const USER = 'user.'
const PERSON = 'person.'
const ESCAPE = /_([0-9A-F]{2})/g
/** What ids are kept and asked for by; a subject is mostly ASCII and at most 255 bytes [OIDC-CORE 2]. */
const MAX_ID_LENGTH = 800

/** `null` for a subject that is empty, no text in Unicode, or too long for an id. */
export function userIdOf(subject: string): string | null {
  return idOf(USER, subject)
}

/** The same of whoever signed in to the console. */
export function personIdOf(subject: string): string | null {
  return idOf(PERSON, subject)
}

function idOf(prefix: string, subject: string): string | null {
  if (subject === '' || !subject.isWellFormed()) return null
  let id = prefix
  for (const byte of Buffer.from(subject)) {
    const letter = String.fromCharCode(byte)
    id += /[0-9A-Za-z.-]/.test(letter)
      ? letter
      : `_${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return id.length > MAX_ID_LENGTH ? null : id
}

/** True for the id of a person at the console, and not of an end user. */
export function isPersonId(id: string): boolean {
  return id.startsWith(PERSON)
}

/** The subject behind an id; `null` for keys. */
export function subjectOf(id: string | null): string | null {
  const prefix = [USER, PERSON].find((known) => id?.startsWith(known) === true)
  if (id === null || prefix === undefined) return null
  const text = id.slice(prefix.length)
  const bytes = text.replace(ESCAPE, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  const subject = Buffer.from(bytes, 'latin1').toString('utf8')
  return idOf(prefix, subject) === id ? subject : null
}
