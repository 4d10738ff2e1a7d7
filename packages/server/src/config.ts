/**
 * The only file that knows the environment. Flags win over environment variables, those over the config file,
 * that over the defaults. Everything is read once, checked, and frozen; all problems are reported together.
 */
import { resolve } from 'node:path'
import { SQLITE } from './config/database-url.ts'
import { findHostProblems } from './config/public-urls.ts'
import { SETTINGS, SETTING_NAMES } from './config/settings.ts'
import type { SettingName, SettingValues } from './config/settings.ts'

export type Config = SettingValues

/** Where settings come from. Flags carry setting names as keys, secrets also `…File`. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly flags: Readonly<Record<string, string | undefined>>
  /** Path of a JSON file, or `null`. */
  readonly configFile: string | null
  readonly cwd: string
  /** The text of a file; throws if it cannot be read. */
  readonly readFile: (path: string) => string
}

/** The settings cannot be used: `problems` says why, one sentence each, without any secret. */
export class ConfigError extends Error {
  override readonly name: string = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

interface Found {
  readonly text: string
  /** How the person named it: `HALLPASS_PORT`, `--port` or `port in hallpass.json`. */
  readonly label: string
}

/** Variables with our prefix that other commands read. */
const FOREIGN_VARIABLES: ReadonlySet<string> = new Set([
  'HALLPASS_API_KEY',
  'HALLPASS_DEBUG',
  'HALLPASS_PROFILE',
  'HALLPASS_SECRET',
  'HALLPASS_URL',
])
const SECRET_NAMES = SETTING_NAMES.filter((name) => SETTINGS[name].isSecret)

/** The frozen settings; throws `ConfigError`. */
export function readConfig(sources: ConfigSources): Config {
  const problems: string[] = []
  const layers = [
    readFlags(sources, problems),
    readEnvironment(sources, problems),
    readConfigFile(sources, problems),
  ]
  const values: Partial<Record<SettingName, unknown>> = {}
  const labels = new Map<SettingName, string>()
  for (const name of SETTING_NAMES) {
    const found = layers.map((layer) => layer.get(name)).find((value) => value !== undefined)
    labels.set(name, found?.label ?? SETTINGS[name].env)
    values[name] = found === undefined ? SETTINGS[name].default : parse(name, found, problems)
  }
  const config = values as unknown as Config
  // Settings that could not be read say nothing about the others.
  if (problems.length === 0) problems.push(...findContradictions(config, labels))
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze({
    ...config,
    dataDir: resolve(sources.cwd, config.dataDir),
    databaseUrl: resolveDatabase(sources.cwd, config.databaseUrl),
  })
}

function findContradictions(config: Config, labels: ReadonlyMap<SettingName, string>): string[] {
  const nameOf = (name: SettingName): string => labels.get(name) ?? name
  const problems = findHostProblems(config, nameOf)
  if ((config.accessKeyId === null) !== (config.secretAccessKey === null)) {
    const pair = `${nameOf('accessKeyId')} and ${nameOf('secretAccessKey')}`
    problems.push(`${pair} must be set together.`)
  }
  if ((config.blobsAccessKeyId === null) !== (config.blobsSecretAccessKey === null)) {
    const pair = `${nameOf('blobsAccessKeyId')} and ${nameOf('blobsSecretAccessKey')}`
    problems.push(`${pair} must be set together.`)
  }
  if (config.blobs === null && config.blobsAccessKeyId !== null) {
    problems.push(`${nameOf('blobsAccessKeyId')} needs ${nameOf('blobs')}, too.`)
  }
  if (config.masterKey !== null && config.masterKeyCommand !== null) {
    problems.push(
      `${nameOf('masterKey')} and ${nameOf('masterKeyCommand')} are both given; keep one.`,
    )
  }
  if ((config.verdictUrl === null) !== (config.verdictSecret === null)) {
    const pair = `${nameOf('verdictUrl')} and ${nameOf('verdictSecret')}`
    problems.push(`${pair} must be set together.`)
  }
  problems.push(...findTokenProblems(config, nameOf))
  problems.push(...findOpenIdProblems(config, nameOf))
  return problems
}

/** Tokens of nobody in particular, for nobody in particular, would be good for everything. */
function findTokenProblems(config: Config, nameOf: (name: SettingName) => string): string[] {
  const tokens = ['tokenIssuer', 'tokenAudience', 'tokenKeysUrl'] as const
  const authorizer = ['authorizerUrl', 'authorizerSecret'] as const
  const all = [...tokens, 'tokenRules', ...authorizer] as const
  const given = all.filter((name) => config[name] !== null)
  const isAsked = authorizer.some((name) => config[name] !== null)
  const needed = [...tokens, ...(isAsked ? authorizer : (['tokenRules'] as const))]
  const missing = needed.filter((name) => config[name] === null)
  if (given.length === 0 || missing.length === 0) return []
  return [`${given.map(nameOf).join(' and ')} needs ${missing.map(nameOf).join(' and ')}, too.`]
}

/** A provider without groups would let everybody in who has an account there. */
function findOpenIdProblems(config: Config, nameOf: (name: SettingName) => string): string[] {
  const needed = ['oidcIssuer', 'oidcClientId', 'oidcGroups'] as const
  const given = [...needed, 'oidcClientSecret' as const].filter((name) => config[name] !== null)
  const missing = needed.filter((name) => config[name] === null)
  if (given.length === 0 || missing.length === 0) return []
  return [`${given.map(nameOf).join(' and ')} needs ${missing.map(nameOf).join(' and ')}, too.`]
}

/** The settings as JSON text for people; secrets show only that they are set. */
export function formatConfig(config: Config): string {
  const shown = SETTING_NAMES.map((name) => {
    const isSet = config[name] !== null
    return [name, SETTINGS[name].isSecret && isSet ? '[secret]' : config[name]]
  })
  return `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n`
}

function parse(name: SettingName, { text, label }: Found, problems: string[]): unknown {
  try {
    return SETTINGS[name].parse(text)
  } catch (error) {
    problems.push(`${label} ${(error as Error).message}.`)
    return null
  }
}

function readFlags(sources: ConfigSources, problems: string[]): Map<SettingName, Found> {
  const known = namesIn((name) => SETTINGS[name].flag, '-file')
  const given = Object.entries(sources.flags).flatMap(([key, text]) => {
    const name = SETTING_NAMES.find((setting) => key === setting || key === `${setting}File`)
    if (text === undefined) return []
    if (name === undefined) {
      problems.push(`${key} is not a setting.`)
      return []
    }
    return [{ label: `${SETTINGS[name].flag}${key === name ? '' : '-file'}`, text }]
  })
  return collect(given, known, sources, problems)
}

function readEnvironment(sources: ConfigSources, problems: string[]): Map<SettingName, Found> {
  const known = namesIn((name) => SETTINGS[name].env, '_FILE')
  const given = Object.entries(sources.env).flatMap(([label, text]) => {
    // An empty variable counts as absent: that is how shells and compose files unset one.
    if (!label.startsWith('HALLPASS_') || text === undefined || text === '') return []
    if (FOREIGN_VARIABLES.has(label)) return []
    if (known.has(label)) return [{ label, text }]
    problems.push(`${label} is not a setting. Known are ${[...known.keys()].join(', ')}.`)
    return []
  })
  return collect(given, known, sources, problems)
}

/** What is JSON in a variable may be JSON in a file of JSON. */
const JSON_SETTINGS: ReadonlySet<string> = new Set<SettingName>(['tokenRules', 'oidcGroups'])

function readConfigFile(sources: ConfigSources, problems: string[]): Map<SettingName, Found> {
  if (sources.configFile === null) return new Map()
  const path = sources.configFile
  const known = namesIn((name) => `${name} in ${path}`, null)
  for (const name of SECRET_NAMES) {
    known.set(`${name}File in ${path}`, { name, isFile: true })
  }
  const given = Object.entries(loadJsonObject(sources, path, problems)).flatMap(([key, value]) => {
    const label = `${key} in ${path}`
    if (!known.has(label)) {
      const names = [...SETTING_NAMES, ...SECRET_NAMES.map((name) => `${name}File`)]
      problems.push(`${label} is not a setting. Known are ${names.join(', ')}.`)
      return []
    }
    if (typeof value === 'string' || typeof value === 'number') return [{ label, text: `${value}` }]
    if (JSON_SETTINGS.has(key)) return [{ label, text: JSON.stringify(value) }]
    problems.push(
      `${label} is neither text nor a number. Write several of something as text with commas between, and leave out what is not set.`,
    )
    return []
  })
  return collect(given, known, sources, problems)
}

function loadJsonObject(sources: ConfigSources, path: string, problems: string[]): object {
  try {
    const value: unknown = JSON.parse(sources.readFile(resolve(sources.cwd, path)))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    problems.push(`${path} is not a JSON object.`)
  } catch (error) {
    const isSyntax = error instanceof SyntaxError
    // The parser's own message quotes the text around the fault, which may be a secret.
    problems.push(
      isSyntax ? `${path} is not valid JSON.` : `${path} cannot be read${codeOf(error)}.`,
    )
  }
  return {}
}

type Known = Map<string, { readonly name: SettingName; readonly isFile: boolean }>

function namesIn(label: (name: SettingName) => string, fileSuffix: string | null): Known {
  const known: Known = new Map()
  for (const name of SETTING_NAMES) {
    known.set(label(name), { name, isFile: false })
    if (SETTINGS[name].isSecret && fileSuffix !== null) {
      known.set(`${label(name)}${fileSuffix}`, { name, isFile: true })
    }
  }
  return known
}

/** Resolves `_FILE` variants; a secret given both ways is a problem, because nobody could say which one counts. */
function collect(
  given: readonly Found[],
  known: Known,
  sources: ConfigSources,
  problems: string[],
): Map<SettingName, Found> {
  const layer = new Map<SettingName, Found>()
  for (const { label, text } of given) {
    const target = known.get(label)
    if (target === undefined) continue
    const before = layer.get(target.name)
    if (before !== undefined) {
      problems.push(`${before.label} and ${label} are both given; keep one.`)
      continue
    }
    const value = target.isFile ? readSecretFile(sources, label, text, problems) : text
    if (value !== null) layer.set(target.name, { text: value, label })
  }
  return layer
}

function readSecretFile(
  sources: ConfigSources,
  label: string,
  path: string,
  problems: string[],
): string | null {
  try {
    return sources.readFile(resolve(sources.cwd, path)).replace(/\r?\n$/, '')
  } catch (error) {
    problems.push(`${label} names ${path}, which cannot be read${codeOf(error)}.`)
    return null
  }
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? ` (${code})` : ''
}

function resolveDatabase(cwd: string, url: string | null): string | null {
  if (url === null || !url.startsWith(SQLITE)) return url
  return `${SQLITE}${resolve(cwd, url.slice(SQLITE.length))}`
}
