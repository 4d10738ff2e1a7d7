/** Who can follow the links of a server, as far as the name in them says. */
import ipaddr from 'ipaddr.js'

export type Reach = 'machine' | 'network' | 'anybody'

/** Names that no public name server knows [RFC6761, RFC6762, RFC8375]. */
const OF_NETWORKS = /(?:^[^.]+|\.(?:local|internal|lan|home\.arpa|test|example|invalid))$/

export function reachOf(url: string): Reach {
  const name = new URL(url).hostname.replace(/^\[|\]$/g, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return 'machine'
  if (!ipaddr.isValid(name)) return OF_NETWORKS.test(name) ? 'network' : 'anybody'
  const range = ipaddr.process(name).range()
  if (range === 'loopback' || range === 'unspecified') return 'machine'
  return range === 'unicast' ? 'anybody' : 'network'
}
