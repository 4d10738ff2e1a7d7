/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeSwift } from './decode.ts'

export const swift: Dialect<'swift'> = {
  name: 'swift',
  decode: decodeSwift,
  signsQuery: false,
  bindsAddress: true,
  signsHeaders: false,
}
