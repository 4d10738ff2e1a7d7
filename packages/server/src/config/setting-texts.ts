/** Reads the texts of settings. Each throws a plain `Error` whose message completes "HALLPASS_X … ". */
import { parseAddress, parseCidr } from '../core/addresses.ts'
import { LOG_LEVELS } from '../platform/log.ts'
import type { LogLevel } from '../platform/log.ts'
import { createSecret } from '../platform/secret.ts'
import type { Secret } from '../platform/secret.ts'
import { findAccessKeyIdWeakness, findSecretWeakness } from './weak-secrets.ts'

export function parseSwitch(text: string): 'on' | 'off' {
  if (text === 'on' || text === 'off') return text
  throw new Error('is neither on nor off')
}

export function parseText(text: string): string {
  if (text.trim() === '') throw new Error('is empty')
  if (text.includes('\0')) throw new Error('holds a NUL byte')
  return text
}

export function parseHost(text: string): string {
  const host = parseText(text).replace(/^\[(.*)\]$/, '$1')
  // A zone is part of where to listen, and of nothing else.
  if (host.includes(':') && parseAddress(host.replace(/%[\w.-]+$/, '')) !== null) return host
  if (!/^[A-Za-z0-9._-]+$/.test(host) || !URL.canParse(`http://${host}`)) {
    throw new Error('is not a host name or an IP address')
  }
  // Numbers that are no address in full are one to some resolvers, and which one depends on the resolver.
  if (/(?:^|\.)(?:\d+|0x[\da-f]*)$/i.test(host) && parseAddress(host) === null) {
    throw new Error('is not an IP address in full, such as 127.0.0.1')
  }
  return host
}

export function parseWhole(text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new Error(`is not a whole number from ${min} to ${max}`)
}

/** An origin and nothing else: links hold the bucket right after it, so a path in front would break every signature. */
export function parsePublicUrl(text: string): string {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error('is not an http:// or https:// address')
  }
  if (url.username !== '' || url.password !== '') throw new Error('holds a user name or password')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new Error('must end after the host and port, without a path or query')
  }
  // `http://127.1` would turn into another text than the one that was given.
  if (/^[\d.]+$/.test(url.hostname) && !text.includes(url.hostname)) {
    throw new Error(`must write its address in full: ${url.hostname}`)
  }
  return url.origin
}

export function parseNetworks(text: string): string[] {
  return text.split(',').map((item) => {
    const cidr = parseCidr(item.trim())
    if (cidr !== null) return cidr
    throw new Error('is not a list of IP addresses or CIDR ranges such as 10.0.0.0/8')
  })
}

export function parseDomain(text: string): string {
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  if (new RegExp(`^${label}(?:\\.${label})*$`, 'i').test(text)) return text.toLowerCase()
  throw new Error('is not a host name without a port')
}

export function parseRegion(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(text))
    throw new Error('must be letters a-z, digits and dashes')
  return text
}

export function parseAccessKeyId(text: string): string {
  const weakness = findAccessKeyIdWeakness(text)
  if (weakness !== null) throw new Error(`is refused: ${weakness}`)
  return text
}

export function parseSecret(text: string): Secret {
  const weakness = findSecretWeakness(text)
  if (weakness !== null) throw new Error(`is refused: ${weakness}`)
  return createSecret(text)
}

export function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text)
  if (level === undefined) throw new Error(`is not one of ${LOG_LEVELS.join(', ')}`)
  return level
}
