/** Origins of web pages that a setting names. */

/** Spelled as browsers send them, or with `:*` for every port of the name; `*` is every origin, `null` none. */
export type AllowedOrigins = '*' | readonly string[] | null

/** Tells whether the list, in which `*` is nothing, names an origin. */
export function createOriginList(origins: readonly string[]): (origin: string) => boolean {
  const exact = new Set(origins)
  const names = origins.filter((origin) => origin.endsWith(ANY_PORT))
  const anyPort = new Set(names.map((origin) => origin.slice(0, -ANY_PORT.length)))
  return (origin) => {
    if (exact.has(origin)) return !origin.endsWith(ANY_PORT)
    return anyPort.size > 0 && anyPort.has(origin.replace(/:\d{1,5}$/, ''))
  }
}

const ANY_PORT = ':*'
