/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeCloudCdn } from './decode.ts'

export const cloudCdn: Dialect<'cloud-cdn'> = {
  name: 'cloud-cdn',
  decode: decodeCloudCdn,
  signsQuery: true,
  bindsAddress: false,
  signsHeaders: false,
}
