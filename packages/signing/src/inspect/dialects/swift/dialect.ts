/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeSwift } from './decode.ts'
import { explainSwift } from './explain.ts'

export const swift: Dialect<'swift'> = {
  name: 'swift',
  decode: decodeSwift,
  explain: explainSwift,
  signsQuery: false,
  bindsAddress: true,
  signsHeaders: false,
}
