/** The type of a file that came without one: what the ending of its name says. */
import mime from 'mime'
import { nameOf } from '../core/paths.ts'

/** `null` for an ending that says nothing. */
export function guessContentType(key: string): string | null {
  return mime.getType(nameOf(key))
}
