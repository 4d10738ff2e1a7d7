/** Which pages may show files: the server's own, and those that may use its URLs. */

/** `origins`: as settings have them, `*` for all; an origin that ends in `:*` has every port. Referrers are compared by host. */
export function createOwnPages(
  ownUrls: () => readonly string[],
  origins: '*' | readonly string[],
): (host: string) => boolean {
  if (origins === '*') return () => true
  const hosts = new Set(origins.map((origin) => origin.replace(/^https?:\/\//, '')))
  return (host) =>
    hosts.has(host) ||
    hosts.has(`${host.replace(/:\d+$/, '')}:*`) ||
    ownUrls().some((url) => new URL(url).host === host)
}
