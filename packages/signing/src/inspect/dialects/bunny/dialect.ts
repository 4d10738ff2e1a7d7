/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeBunny } from './decode.ts'

export const bunny: Dialect<'bunny'> = {
  name: 'bunny',
  decode: decodeBunny,
  signsQuery: true,
  bindsAddress: true,
  signsHeaders: false,
}
