/** What a caller gave that cannot be meant: told by name, before anything is sent. */
import { HallpassError } from './hallpass-error.ts'

export function invalidArgument(field: string, reason: string): HallpassError {
  return new HallpassError({ code: 'argument-invalid', message: `${field}: ${reason}.`, field })
}

/** `rest` is what is left of the caller's object: an option under a wrong name would be no option, such as `overwrite: false`. */
export function requireNothingElse(rest: object): void {
  const [unknown] = Object.entries(rest).find(([, value]) => value !== undefined) ?? []
  if (unknown !== undefined) throw invalidArgument(unknown, 'it is not known here')
}
