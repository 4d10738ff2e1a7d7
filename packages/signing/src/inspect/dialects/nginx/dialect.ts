/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeNginx } from './decode.ts'

export const nginx: Dialect<'nginx'> = {
  name: 'nginx',
  decode: decodeNginx,
  signsQuery: false,
  bindsAddress: true,
  signsHeaders: false,
}
