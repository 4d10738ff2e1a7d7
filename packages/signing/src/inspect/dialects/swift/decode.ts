/**
 * Reads what an OpenStack Swift temporary URL says of itself. Verifies nothing.
 *
 * @module
 */
import {
  createDetection,
  parseEpochSeconds,
  presentNames,
  showText,
  valuesByName,
} from '../../facts/detection.ts'
import { hostHeader } from '../../facts/observed-url.ts'
import type { Detection, ObservedRequest } from '../../facts/dialect-facts.ts'

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/

/** What the temporary URL says of itself, or `null` if the request carries none. */
export function decodeSwift({ url }: ObservedRequest): Detection<'swift'> | null {
  const values = valuesByName(url.parameters)
  if (!values.has('temp_url_sig') && !values.has('temp_url_expires')) return null
  const prefix = values.get('temp_url_prefix')
  const ip = values.get('temp_url_ip_range')
  return createDetection({
    dialect: 'swift',
    scheme: prefix === undefined ? 'TempURL' : 'prefix TempURL',
    resource: {
      scope: prefix === undefined ? 'object' : 'prefix',
      text: showText(
        prefix === undefined ? hostHeader(url) + url.path : `${container(url.path)}/${prefix}`,
      ),
    },
    audience: { ip: ip === undefined ? null : showText(ip, 60), protocol: null, principal: null },
    expiresAt: parseSwiftTime(values.get('temp_url_expires')),
    secrets: presentNames(url, ['temp_url_sig']),
  })
}

function container(path: string): string {
  return path.split('/', 4).join('/')
}

/** Epoch seconds or `YYYY-MM-DDTHH:MM:SSZ`; `null` for any other text. */
export function parseSwiftTime(text: string | undefined): Date | null {
  if (text !== undefined && ISO_TIME.test(text)) {
    const date = new Date(text)
    return Number.isNaN(date.getTime()) ? null : date
  }
  return parseEpochSeconds(text)
}
