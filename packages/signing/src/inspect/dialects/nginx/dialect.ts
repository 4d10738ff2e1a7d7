/**
 * What the tools know of this dialect.
 *
 * @module
 */
import type { Dialect } from '../../facts/dialect-facts.ts'
import { decodeNginx } from './decode.ts'
import { explainNginx } from './explain.ts'

export const nginx: Dialect<'nginx'> = {
  name: 'nginx',
  decode: decodeNginx,
  explain: explainNginx,
  signsQuery: false,
  bindsAddress: true,
  signsHeaders: false,
}
