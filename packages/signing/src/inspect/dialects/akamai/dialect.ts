/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeAkamai } from './decode.ts'

export const akamai: Dialect<'akamai'> = {
  name: 'akamai',
  decode: decodeAkamai,
  signsQuery: false,
  bindsAddress: true,
  signsHeaders: false,
}
