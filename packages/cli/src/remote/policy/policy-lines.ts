/**
 * The lines of a policy as they are typed: `maxBytes=5000000`, `maxDownloadSeconds=1h`, `requireIp=true`, `methods=GET,PUT`. What each
 * may say is for the server to check; here it only becomes a number, a truth or a list.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander'
import { parseSeconds } from '../../option-values.ts'

export type Policy = Readonly<Record<string, unknown>>

/** An option that may be given more than once. */
export function collectLine(text: string, before: Policy = {}): Policy {
  const [, name = '', value = ''] = /^([A-Za-z]{1,64})=(.*)$/s.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('Expected a line such as maxBytes=5000000.')
  return { ...before, [name]: parseValue(name, value) }
}

/** Of these one word is a list, too. */
const LISTS = /^(?:methods|quarantine|.+Types|.+Origins)$/

function parseValue(name: string, value: string): unknown {
  if (value === 'true') return true
  if (value === 'false') return false
  if (/^\d{1,15}$/.test(value)) return Number(value)
  if (name.endsWith('Seconds')) return parseSeconds(value)
  if (LISTS.test(name) || value.includes(','))
    return value === '' ? [] : value.split(',').map((item) => item.trim())
  return value
}

/** As it is typed. */
export function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map(String).join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
