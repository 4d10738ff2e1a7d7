/**
 * An event in one line.
 *
 * @module
 */
import { printable } from '../../output.ts'
import { memberOf, numberOf, textOf } from '../read-shape.ts'

const KIND_WIDTH = 'download'.length

/** `2026-03-14T09:26:53.000Z  download  acme/a.txt  link=…  key=…  from=203.0.113.7  4.0 KiB`; members without a value are left out. */
export function formatEvent(event: unknown): string {
  const count = numberOf(event, 'count')
  const columns = [
    textOf(event, 'at'),
    textOf(event, 'kind').padEnd(KIND_WIDTH),
    ...named('code', event, 'refused as'),
    ...named('path', event, ''),
    ...named('target', event, 'target'),
    ...named('link', event, 'link'),
    ...named('key', event, 'key'),
    ...named('address', event, 'from'),
    ...(count > 1 ? [`${count} times`] : []),
  ]
  return `${columns.map(printable).join('  ')}\n`
}

function named(member: string, event: unknown, label: string): string[] {
  const value = memberOf(event, member)
  if (typeof value !== 'string' || value === '') return []
  return [label === '' ? value : `${label} ${value}`]
}
