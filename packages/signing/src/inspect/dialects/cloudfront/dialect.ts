/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeCloudFront } from './decode.ts'
import { explainCloudFront } from './explain.ts'

export const cloudfront: Dialect<'cloudfront'> = {
  name: 'cloudfront',
  decode: decodeCloudFront,
  explain: explainCloudFront,
  signsQuery: true,
  bindsAddress: true,
  signsHeaders: false,
}
