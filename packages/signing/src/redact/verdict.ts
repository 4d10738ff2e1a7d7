/**
 * What is said of a place in the text where a secret may stand.
 *
 * @module
 */
import type { Alphabet } from './value.ts'
import { MAX_LAYERS } from './value.ts'

/** The text ends before the answer is known. */
export const UNDECIDED = 'undecided'

/** The characters to take out. `isOpen`: the secret goes on behind the end of the text. */
export interface Secret {
  readonly start: number
  readonly end: number
  readonly isOpen: boolean
  /** How to go on reading an open secret. */
  readonly stopsAtSlash: boolean
  readonly alphabet: Alphabet
  readonly layers: number
}

/** `null`: nothing to take out. `undecided`: the text ends too early to tell. */
export type Verdict = Secret | typeof UNDECIDED | null

/** What a reader answers when the text ended under it. */
export function atEnd(isFinal: boolean): typeof UNDECIDED | null {
  return isFinal ? null : UNDECIDED
}

/** A secret of the ordinary alphabet, whatever it is wrapped in. */
export function plainSecret(
  start: number,
  run: { readonly end: number; readonly isOpen: boolean },
  options: { readonly stopsAtSlash?: boolean } = {},
): Secret {
  return {
    start,
    end: run.end,
    isOpen: run.isOpen,
    stopsAtSlash: options.stopsAtSlash ?? false,
    alphabet: 'secret',
    layers: MAX_LAYERS,
  }
}
