/** Where the catalog lives: a file of SQLite or a database of PostgreSQL. */
import { join } from 'node:path'

export const SQLITE = 'sqlite:'

/** Over a database there may be other servers; a file has one. */
export type CatalogPlace =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'database'; readonly url: string }

/** Of settings that were read: without a URL it is a file in the data directory. */
export function findCatalogPlace(settings: {
  readonly dataDir: string
  readonly databaseUrl: string | null
}): CatalogPlace {
  const { dataDir, databaseUrl: url } = settings
  if (url === null) return { kind: 'file', path: join(dataDir, 'catalog.db') }
  return url.startsWith(SQLITE)
    ? { kind: 'file', path: url.slice(SQLITE.length) }
    : { kind: 'database', url }
}

/** The text of the setting, its scheme in small letters; throws an `Error` whose message goes on from the name of the setting. */
export function parseDatabaseUrl(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? ''
  if (scheme === 'sqlite') return parseSqliteUrl(text.slice(SQLITE.length))
  if (scheme === 'postgres' || scheme === 'postgresql') return parsePostgresUrl(text)
  const found = scheme === '' ? 'no scheme' : `the scheme ${scheme}:`
  throw new Error(`has ${found}; a catalog is kept in sqlite:PATH or postgres://…`)
}

function parseSqliteUrl(rest: string): string {
  const path = rest.replace(/^\/\/(?=\/)/, '')
  if (path.trim() === '' || path.startsWith('//')) throw new Error('must be sqlite:PATH')
  if (path.includes('\0')) throw new Error('holds a NUL byte')
  return `${SQLITE}${path}`
}

/** What it says is never repeated: it may hold a password. */
function parsePostgresUrl(text: string): string {
  const url = URL.parse(text)
  if (url !== null && url.hostname !== '' && /^\/[^/]+$/.test(url.pathname)) return text
  throw new Error('must be postgres://USER:PASSWORD@HOST:PORT/DATABASE')
}
