/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeS3 } from './decode.ts'

export const s3: Dialect<'s3'> = {
  name: 's3',
  decode: decodeS3,
  signsQuery: true,
  bindsAddress: false,
  signsHeaders: true,
}
