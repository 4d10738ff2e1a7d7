/**
 * Token authentication of further CDNs.
 *
 * @module
 */
import { parseEpochSeconds } from '../facts/detection.ts'
import type { Scheme } from './scheme.ts'
import { MD5, until, value } from './scheme.ts'

export const fastly: Scheme<'fastly'> = {
  name: 'fastly',
  title: 'Fastly token URL',
  matches: value('token', /^\d{10}_(?:0x)?[0-9a-f]{40,64}$/i),
  life: ({ values }) => ({ expiresAt: parseEpochSeconds(values.get('token')?.slice(0, 10)) }),
  secrets: ['token'],
}

export const keycdn: Scheme<'keycdn'> = {
  name: 'keycdn',
  title: 'KeyCDN URL',
  matches: ({ values }) =>
    /^[\w-]{22}(?:==)?$/.test(values.get('token') ?? '') && values.has('expire'),
  life: until('expire'),
  secrets: ['token'],
  needed: ['token', 'expire'],
  weakness: MD5,
}

export const cdn77: Scheme<'cdn77'> = {
  name: 'cdn77',
  title: 'CDN77 URL',
  matches: value('secure', /^[\w+/-]{22}(?:==)?(?:,\d{10})?$/),
  life: ({ values }) => {
    const expiresAt = parseEpochSeconds(/,(\d{10})$/.exec(values.get('secure') ?? '')?.[1])
    return expiresAt === null ? { isEndless: true } : { expiresAt }
  },
  secrets: ['secure'],
  weakness: MD5,
}
