/** Headers of the PROXY protocol, version 2, as balancers write them, whole and broken. */
import { isIPv4 } from 'node:net'

export interface ProxyHeaderParts {
  readonly source?: string
  readonly command?: number
  readonly family?: number
  /** Instead of addresses and ports. */
  readonly body?: Buffer
  readonly extensions?: Buffer
}

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

export function formatProxyHeader(parts: ProxyHeaderParts): Buffer {
  const { source = '203.0.113.9', command = 0x21, extensions = Buffer.alloc(0) } = parts
  const address = toBytes(source)
  const addresses = Buffer.concat([
    address,
    Buffer.alloc(address.length, 1),
    Buffer.from([1, 2, 3, 4]),
  ])
  const body = parts.body ?? Buffer.concat([addresses, extensions])
  const head = Buffer.from([command, parts.family ?? (isIPv4(source) ? 0x11 : 0x21), 0, 0])
  head.writeUInt16BE(body.length, 2)
  return Buffer.concat([SIGNATURE, head, body])
}

/** `2001:db8::9`: one `::` at most, as everywhere. */
function toBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [left = '', right = ''] = address.split('::')
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const missing = 8 - groups(left).length - groups(right).length
  const all = [...groups(left), ...Array.from({ length: missing }, () => '0'), ...groups(right)]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}
