/**
 * What kind of text a file holds, from its name: where a URL leaked, and which rules can apply.
 *
 * @module
 */

/** Where something was found, for people. */
export type Place =
  | 'log'
  | 'HAR file'
  | 'source'
  | 'documentation'
  | 'configuration'
  | 'git history'
  | 'text'

export type Language = 'javascript' | 'python' | 'php' | 'go'

const LANGUAGES: Readonly<Record<string, Language>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'javascript',
  mts: 'javascript',
  cts: 'javascript',
  tsx: 'javascript',
  vue: 'javascript',
  svelte: 'javascript',
  py: 'python',
  php: 'php',
  go: 'go',
}
const DOCUMENTATION = /\.(?:md|mdx|markdown|rst|adoc|txt|html?)$/i
const CONFIGURATION =
  /(?:\.(?:ya?ml|json5?|toml|ini|cfg|conf|properties|tf|tfvars|xml)|(?:^|\/)(?:\.env[^/]*|Caddyfile|Dockerfile|\.netrc))$/i
const LOG = /(?:\.log(?:\.\d+)?|\.jsonl|\.ndjson|(?:^|\/)logs?\/[^/]*)$/i

function extensionOf(path: string): string {
  return /\.([A-Za-z0-9]{1,8})$/.exec(path)?.[1]?.toLowerCase() ?? ''
}

/** The programming language, `null` for anything else. */
export function languageOf(path: string): Language | null {
  const extension = extensionOf(path)
  return Object.hasOwn(LANGUAGES, extension) ? (LANGUAGES[extension] ?? null) : null
}

/** The kind of place a path is. */
export function placeOf(path: string): Place {
  if (/\.har$/i.test(path)) return 'HAR file'
  if (LOG.test(path)) return 'log'
  if (languageOf(path) !== null) return 'source'
  if (CONFIGURATION.test(path)) return 'configuration'
  return DOCUMENTATION.test(path) ? 'documentation' : 'text'
}
