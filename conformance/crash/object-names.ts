/** How the ledger and the REST API call an object. */

export const BUCKET = 'crash'

/** It keeps versions. */
export const VERSIONED_BUCKET = 'crash-versions'

const PREFIX = 'object '
/** What is current at a key of the bucket that keeps versions. */
export const CURRENT_PREFIX = 'current '
const VERSION_PREFIX = 'version '

export function objectName(key: string): string {
  return PREFIX + key
}

/** `null` for the name of something else. */
export function keyOfName(name: string): string | null {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null
}

export function versionName(key: string, versionId: string): string {
  return `${VERSION_PREFIX}${versionId} ${key}`
}

/** Of the bucket that keeps versions: a version, or what is current (`null`); `null` for the name of something else. */
export function versionOfName(
  name: string,
): { readonly key: string; readonly versionId: string | null } | null {
  if (name.startsWith(CURRENT_PREFIX)) {
    return { key: name.slice(CURRENT_PREFIX.length), versionId: null }
  }
  if (!name.startsWith(VERSION_PREFIX)) return null
  const [versionId = '', ...words] = name.slice(VERSION_PREFIX.length).split(' ')
  return { key: words.join(' '), versionId }
}

export function pathOf(key: string): string {
  return `${BUCKET}/${key}`
}
