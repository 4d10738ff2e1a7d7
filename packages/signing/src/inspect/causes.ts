/**
 * Every cause `explain` can name: one closed list, each with what it means and what to change.
 * The same codes are the headings of docs/explain.md. `{name}` is filled from the facts of a finding.
 *
 * @module
 */
import { GRANTS } from './causes/grants.ts'
import { BROWSER, REQUEST } from './causes/request.ts'
import { KEYS_AND_SCOPE, TIME } from './causes/time-and-keys.ts'
import { PARAMETERS, URL_TEXT } from './causes/url-text.ts'

/** The two sentences of a cause. */
export interface CauseText {
  readonly what: string
  readonly fix: string
}

/** The stable name of a cause; each has its paragraph in docs/explain.md. */
export type CauseCode =
  | keyof typeof URL_TEXT
  | keyof typeof PARAMETERS
  | keyof typeof TIME
  | keyof typeof KEYS_AND_SCOPE
  | keyof typeof REQUEST
  | keyof typeof BROWSER
  | keyof typeof GRANTS

/** What each cause means and what to change, with `{name}` places for facts. */
export const CAUSES: Readonly<Record<CauseCode, CauseText>> = {
  ...URL_TEXT,
  ...PARAMETERS,
  ...TIME,
  ...KEYS_AND_SCOPE,
  ...REQUEST,
  ...BROWSER,
  ...GRANTS,
}

/** All codes, in the order of the catalogue. */
export const CAUSE_CODES: readonly CauseCode[] = Object.keys(CAUSES) as CauseCode[]
