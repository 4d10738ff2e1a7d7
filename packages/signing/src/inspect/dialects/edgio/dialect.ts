/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeEdgio } from './decode.ts'

export const edgio: Dialect<'edgio'> = {
  name: 'edgio',
  decode: decodeEdgio,
  signsQuery: false,
  bindsAddress: false,
  signsHeaders: false,
}
