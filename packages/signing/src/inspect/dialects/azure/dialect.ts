/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeAzure } from './decode.ts'

export const azure: Dialect<'azure'> = {
  name: 'azure',
  decode: decodeAzure,
  signsQuery: false,
  bindsAddress: true,
  signsHeaders: false,
}
