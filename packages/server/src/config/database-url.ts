/** Where the catalog lives: a file of SQLite or a database of PostgreSQL. */

/** The text of the setting, its scheme in small letters; throws an `Error` whose message goes on from the name of the setting. */
export function parseDatabaseUrl(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase() ?? ''
  if (scheme === 'sqlite') return parseSqliteUrl(text.slice('sqlite:'.length))
  if (scheme === 'postgres' || scheme === 'postgresql') return parsePostgresUrl(text)
  const found = scheme === '' ? 'no scheme' : `the scheme ${scheme}:`
  throw new Error(`has ${found}; a catalog is kept in sqlite:PATH or postgres://…`)
}

function parseSqliteUrl(rest: string): string {
  const path = rest.replace(/^\/\/(?=\/)/, '')
  if (path.trim() === '' || path.startsWith('//')) throw new Error('must be sqlite:PATH')
  if (path.includes('\0')) throw new Error('holds a NUL byte')
  return `sqlite:${path}`
}

/** What it says is never repeated: it may hold a password. */
function parsePostgresUrl(text: string): string {
  const url = URL.parse(text)
  if (url !== null && url.hostname !== '' && /^\/[^/]+$/.test(url.pathname)) return text
  throw new Error('must be postgres://USER:PASSWORD@HOST:PORT/DATABASE')
}
