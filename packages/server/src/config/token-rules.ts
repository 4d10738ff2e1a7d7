/** The rules of end users as settings say them, checked so that each means what it says and nothing beyond. */
import { USER_ACTIONS } from '../core/users/user-rules.ts'
import type { RuleSegment, UserAction, UserRule } from '../core/users/user-rules.ts'
import { parseBucketName, parseObjectKey } from '../core/paths.ts'

const MAX_RULES = 100
const FIELDS: ReadonlySet<string> = new Set(['path', 'actions', 'when'])
/** Between segments; names of claims in braces may have some of their own. */
const SLASH = /\/(?![^{}]*\})/
const EXAMPLE = '[{"path": "acme/users/{sub}/**", "actions": ["read", "write", "share"]}]'

/** JSON: a list of rules. Throws a plain `Error` whose message completes "HALLPASS_TOKEN_RULES … ". */
export function parseTokenRules(text: string): readonly UserRule[] {
  const rules = readJson(text)
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > MAX_RULES) {
    throw new Error(`is not a JSON list of 1 to ${MAX_RULES} rules, such as ${EXAMPLE}`)
  }
  return rules.map((rule: unknown, index) => {
    try {
      return readRule(rule)
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
      throw new Error(`has a rule that cannot be used, number ${index + 1}: ${reason}`, {
        cause: error,
      })
    }
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`is not JSON; it is a list of rules, such as ${EXAMPLE}`, { cause })
  }
}

function readRule(rule: unknown): UserRule {
  if (!isRecord(rule)) throw new Error('it is no object')
  const unknown = Object.keys(rule).find((name) => !FIELDS.has(name))
  if (unknown !== undefined) throw new Error(`${unknown} is no part of a rule`)
  return { ...readPath(rule['path']), actions: readActions(rule['actions']), when: readWhen(rule) }
}

function readPath(path: unknown): Pick<UserRule, 'segments' | 'isFolder'> {
  if (typeof path !== 'string') throw new Error('its path is no text')
  const isFolder = path === '**' || path.endsWith('/**')
  const named = isFolder ? path.slice(0, -'/**'.length) : path
  const segments = named === '' ? [] : named.split(SLASH).map(readSegment)
  if (!isFolder && segments.length < 2) {
    throw new Error(`its path ${path} is no file; all below a folder is written ${path}/**`)
  }
  const [bucket, ...rest] = segments
  if (bucket?.claim === null) parseBucketName(bucket.before)
  // With a letter for each claim, the rest has to be a key.
  const key = rest.map(({ before, claim, after }) => before + (claim === null ? '' : 'x') + after)
  if (key.length > 0) parseObjectKey(key.join('/'))
  return { segments, isFolder }
}

function readSegment(text: string): RuleSegment {
  if (text === '') throw new Error('its path has an empty segment')
  if (text.includes('*')) throw new Error('its path has a * before its end: only /** may end it')
  const [, before = '', claim = null, after = ''] =
    /^([^{}]*)(?:\{([^{}]+)\}([^{}]*))?$/.exec(text) ?? []
  if (before + after === '' && claim === null) {
    throw new Error(`a segment of its path holds one claim in braces at most, unlike ${text}`)
  }
  return { before, claim, after }
}

function readActions(actions: unknown): readonly UserAction[] {
  const known = `its actions are a list of ${USER_ACTIONS.join(', ')}`
  if (!Array.isArray(actions) || actions.length === 0) throw new Error(known)
  return actions.map((action: unknown) => {
    const found = USER_ACTIONS.find((name) => name === action)
    if (found === undefined) throw new Error(known)
    return found
  })
}

function readWhen(rule: Readonly<Record<string, unknown>>): UserRule['when'] {
  const { when } = rule
  if (when === undefined) return []
  if (!isRecord(when)) throw new Error('when is an object of claims and what they must be')
  return Object.entries(when).map(([claim, wanted]) => {
    const values: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted]
    if (
      claim === '' ||
      values.length === 0 ||
      !values.every((value) => typeof value === 'string')
    ) {
      throw new Error(
        'when is an object of claims and the text, or the list of texts, they must be',
      )
    }
    return { claim, values }
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
