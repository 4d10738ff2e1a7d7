/**
 * Which names this server answers to, and what each of them serves. Any other name is foreign: a page whose name was pointed at
 * this machine would be of one origin with it, and read from inside a network what only that network may see.
 */
import { bucketOfHost, hostnameOf } from './virtual-host.ts'

export interface HostRole {
  /** The REST API with its pages, the object plane, or both where one name is for all. */
  readonly serves: 'all' | 'rest' | 'objects'
  /** The bucket that the name stands for, in virtual-host style. */
  readonly bucket: string | null
}

export interface HostOptions {
  readonly publicUrl: string
  /** With another host than `publicUrl`, each of the two serves its own face only. */
  readonly filesUrl: string
  /** As `normalizeDomain` writes it. */
  readonly domain: string | null
  /** The machine's own names for itself count too: nobody else can have them. */
  readonly listensOnLoopback: boolean
}

/** Finds the role of a `Host` header; `null` for a foreign one and for none. */
export function createHosts(options: HostOptions): (host: string | null) => HostRole | null {
  const { domain, listensOnLoopback } = options
  const roles = readRoles(options)
  const own = roles.get(hostnameOfUrl(options.publicUrl)) ?? null

  function find(host: string): HostRole | null {
    const name = hostnameOf(host)
    const role = roles.get(name)
    if (role !== undefined) return role
    const bucket = domain === null ? null : bucketOfHost(host, domain)
    if (bucket !== null) return { serves: 'objects', bucket }
    return listensOnLoopback && isLoopbackName(name) ? own : null
  }

  // Nearly every request has the same one.
  let last: { readonly host: string; readonly role: HostRole | null } | null = null
  return (host) => {
    if (host === null) return null
    if (last === null || last.host !== host) last = { host, role: find(host) }
    return last.role
  }
}

/** True for an address to listen on that is reached from this machine under its own names. */
export function isLoopbackAddress(address: string): boolean {
  const bare = address.replace(/^::ffff:(?=\d)/, '')
  return bare === '::' || bare === '0.0.0.0' || bare === '::1' || isLoopbackName(bare)
}

export function hostnameOfUrl(url: string): string {
  return new URL(url).hostname
}

function readRoles({ publicUrl, filesUrl, domain }: HostOptions): Map<string, HostRole> {
  const publicHost = hostnameOfUrl(publicUrl)
  const filesHost = hostnameOfUrl(filesUrl)
  const isSplit = publicHost !== filesHost
  const files = { serves: isSplit ? 'objects' : 'all', bucket: null } as const
  const roles = new Map<string, HostRole>()
  if (domain !== null) roles.set(domain, files)
  roles.set(filesHost, files)
  roles.set(publicHost, { serves: isSplit ? 'rest' : 'all', bucket: null })
  return roles
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(name)
}
