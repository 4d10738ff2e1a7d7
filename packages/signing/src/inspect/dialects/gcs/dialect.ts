/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeGcs } from './decode.ts'

export const gcs: Dialect<'gcs'> = {
  name: 'gcs',
  decode: decodeGcs,
  signsQuery: true,
  bindsAddress: false,
  signsHeaders: true,
}
