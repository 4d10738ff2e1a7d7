/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeMediaCdn } from './decode.ts'

export const mediaCdn: Dialect<'media-cdn'> = {
  name: 'media-cdn',
  decode: decodeMediaCdn,
  signsQuery: true,
  bindsAddress: true,
  signsHeaders: false,
}
