/** Buckets named by the Host header: `BUCKET.files.example.com` under the domain `files.example.com`. */

const PORT = /:\d+$/

/** Lower case, without port or dots at the ends; `null` for none. */
export function normalizeDomain(domain: string | null): string | null {
  const bare = (domain ?? '')
    .toLowerCase()
    .replace(PORT, '')
    .replace(/^\.+|\.+$/g, '')
  return bare === '' ? null : bare
}

/** The name in a `Host` header, in lower case. An IPv6 address keeps its brackets. */
export function hostnameOf(host: string): string {
  return host.toLowerCase().replace(PORT, '')
}

/** The labels before the domain, as sent but in lower case; `null` for the domain itself and for foreign hosts. */
export function bucketOfHost(host: string | null, domain: string): string | null {
  if (host === null) return null
  const name = hostnameOf(host)
  if (!name.endsWith(domain) || name.length <= domain.length + 1) return null
  return name.charAt(name.length - domain.length - 1) === '.'
    ? name.slice(0, name.length - domain.length - 1)
    : null
}
