/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeCloudflare } from './decode.ts'

export const cloudflare: Dialect<'cloudflare'> = {
  name: 'cloudflare',
  decode: decodeCloudflare,
  // Only what follows the MAC breaks it, which the explainer itself looks at.
  signsQuery: false,
  bindsAddress: false,
  signsHeaders: false,
}
