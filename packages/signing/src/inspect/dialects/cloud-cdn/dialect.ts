/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeCloudCdn } from './decode.ts'
import { explainCloudCdn } from './explain.ts'

export const cloudCdn: Dialect<'cloud-cdn'> = {
  name: 'cloud-cdn',
  decode: decodeCloudCdn,
  explain: explainCloudCdn,
  signsQuery: true,
  bindsAddress: false,
  signsHeaders: false,
}
