/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeCloudFront } from './decode.ts'

export const cloudfront: Dialect<'cloudfront'> = {
  name: 'cloudfront',
  decode: decodeCloudFront,
  signsQuery: true,
  bindsAddress: true,
  signsHeaders: false,
}
