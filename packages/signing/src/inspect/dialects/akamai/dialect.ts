/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeAkamai } from './decode.ts'
import { explainAkamai } from './explain.ts'

export const akamai: Dialect<'akamai'> = {
  name: 'akamai',
  decode: decodeAkamai,
  explain: explainAkamai,
  signsQuery: false,
  bindsAddress: true,
  signsHeaders: false,
}
