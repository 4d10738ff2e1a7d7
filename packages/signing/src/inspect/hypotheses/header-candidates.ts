/**
 * Values a header may have had when it was signed, where the request does not show them.
 *
 * @module
 */
import type { ObservedRequest } from '../facts/dialect-facts.ts'
import { hostHeader } from '../facts/observed-url.ts'
import { providerHosts } from './provider-hosts.ts'

const FORWARDED = /^x-(?:forwarded-host|original-host|forwarded-server|host)$/i
const USUAL_PORTS = ['9000', '8080', '443', '80', '8443', '3900', '8333', '4566', '8787', '3000']
const USUAL_HOSTS = ['localhost', '127.0.0.1', 'minio', 'host.docker.internal', 's3', '0.0.0.0']

/** Hosts, with and without ports, that may have been signed instead of the one sent. */
export function hostCandidates(request: ObservedRequest, sent: string): string[] {
  const bare = sent.replace(/:\d{1,5}$/, '')
  const candidates = new Set<string>([hostHeader(request.url), request.url.host])
  if (request.url.port !== '') candidates.add(`${request.url.host}:${request.url.port}`)
  for (const [name, value] of request.headers) {
    if (FORWARDED.test(name)) {
      for (const host of value.split(',').slice(0, 5)) candidates.add(host.trim())
    }
    if (/^forwarded$/i.test(name))
      candidates.add(/host="?([^";,]{1,255})/i.exec(value)?.[1] ?? bare)
    if (/^(?:origin|referer)$/i.test(name)) candidates.add(hostOf(value))
  }
  for (const port of USUAL_PORTS) candidates.add(`${bare}:${port}`)
  candidates.add(bare)
  candidates.add(sent.toLowerCase())
  for (const host of USUAL_HOSTS) {
    candidates.add(host)
    for (const port of USUAL_PORTS.slice(0, 2)) candidates.add(`${host}:${port}`)
  }
  for (const host of providerHosts(request, bare)) candidates.add(host)
  for (const host of spelledHosts(request, sent)) candidates.add(host)
  candidates.delete(sent)
  candidates.delete('')
  return [...candidates]
}

/** The setting of an endpoint, pasted as it is: with a scheme, a slash, a path, capitals. A host has none of them. */
function* spelledHosts(request: ObservedRequest, sent: string): Generator<string> {
  const first = /^\/([^/]{1,200})/.exec(request.url.path)?.[1]
  const bucket = sent.split('.', 1)[0] ?? ''
  const bare = sent.slice(bucket.length + 1)
  const hosts = [sent, ...(bare.includes('.') ? [bare] : [])]
  const ends = ['', '/', ...(first === undefined ? [] : [`/${first}`, `/${first}/`]), `/${bucket}`]
  for (const host of hosts) {
    for (const scheme of ['', 'https://', 'http://']) {
      for (const end of ends) yield `${scheme}${host}${end}`
    }
    yield `${host}:443`
    yield host.toUpperCase()
    yield host.replace(/^[a-z]/, (letter) => letter.toUpperCase())
    yield host.replace(/(?:^|[.-])[a-z]/g, (letter) => letter.toUpperCase())
  }
  yield `${sent}${request.url.path}`
  yield `${sent}.`
}

function hostOf(url: string): string {
  return /^https?:\/\/([^/?#]{1,255})/i.exec(url)?.[1] ?? ''
}

const USUAL_TYPES = [
  'application/octet-stream',
  'binary/octet-stream',
  'application/x-www-form-urlencoded',
  'text/plain;charset=UTF-8',
  'text/plain',
  'application/json',
  'text/html',
  'text/csv',
  'image/png',
  'image/jpeg',
  'image/jpg',
  'image/webp',
  'image/gif',
  'image/svg+xml',
  'application/pdf',
  'application/zip',
  'video/mp4',
  'audio/mpeg',
  'multipart/form-data',
]

/** Content types that may have been signed: the one sent in other spellings, then the usual ones. */
export function typeCandidates(sent: string | undefined, path: string): string[] {
  const candidates = new Set<string>()
  if (sent !== undefined) {
    const bare = sent.split(';', 1)[0]?.trim() ?? ''
    candidates.add(bare)
    for (const charset of ['utf-8', 'UTF-8']) {
      candidates.add(`${bare}; charset=${charset}`)
      candidates.add(`${bare};charset=${charset}`)
    }
    candidates.add(sent.toLowerCase())
  }
  const extension = /\.([a-z0-9]{2,5})$/i.exec(path)?.[1]?.toLowerCase()
  for (const type of USUAL_TYPES) {
    if (extension !== undefined && type.includes(extension)) candidates.add(type)
  }
  for (const type of USUAL_TYPES) candidates.add(type)
  for (const type of USUAL_TYPES.filter((name) => /^text|json|xml/.test(name))) {
    candidates.add(`${type}; charset=utf-8`)
    candidates.add(`${type};charset=UTF-8`)
  }
  candidates.add('')
  if (sent !== undefined) candidates.delete(sent)
  return [...candidates]
}
