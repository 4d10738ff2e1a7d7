/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeMediaCdn } from './decode.ts'
import { explainMediaCdn } from './explain.ts'

export const mediaCdn: Dialect<'media-cdn'> = {
  name: 'media-cdn',
  decode: decodeMediaCdn,
  explain: explainMediaCdn,
  signsQuery: true,
  bindsAddress: true,
  signsHeaders: false,
}
