/** How the ledger and the REST API call an object. */

export const BUCKET = 'crash'

const PREFIX = 'object '

export function objectName(key: string): string {
  return PREFIX + key
}

/** `null` for the name of something else. */
export function keyOfName(name: string): string | null {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null
}

export function pathOf(key: string): string {
  return `${BUCKET}/${key}`
}
