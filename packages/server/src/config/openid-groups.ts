/** Which groups of a provider of OpenID Connect may what, as a setting says it. */
import { ACTIONS } from '../catalog/records.ts'
import type { Action } from '../catalog/records.ts'
import { formatPath, parseFolderPath } from '../core/paths.ts'
import type { GroupRule } from '../core/sessions/group-rules.ts'

const MAX_RULES = 100
const MAX_GROUP_LENGTH = 256
const FIELDS: ReadonlySet<string> = new Set(['group', 'actions', 'pathPrefix'])
const EXAMPLE =
  '[{"group": "file-admins", "actions": ["read", "write", "delete", "list", "share", "publish", "admin"]}]'

/** JSON: a list of rules. Throws a plain `Error` whose message completes "HALLPASS_OIDC_GROUPS … ". */
export function parseOpenIdGroups(text: string): readonly GroupRule[] {
  const rules = readJson(text)
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > MAX_RULES) {
    throw new Error(`is not a JSON list of 1 to ${MAX_RULES} groups, such as ${EXAMPLE}`)
  }
  return rules.map((rule: unknown, index) => {
    try {
      return readRule(rule)
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
      throw new Error(`has a group that cannot be used, number ${index + 1}: ${reason}`, {
        cause: error,
      })
    }
  })
}

/** Words with spaces between, `openid` among them [OIDC-CORE 3.1.2.1]. */
export function parseOpenIdScope(text: string): string {
  const words = text.trim().split(/ +/)
  if (!words.every((word) => /^[\x21\x23-\x5B\x5D-\x7E]+$/.test(word))) {
    throw new Error('holds what no scope is made of; words with spaces between are expected')
  }
  if (!words.includes('openid'))
    throw new Error('lacks the word openid, without which no token comes')
  return words.join(' ')
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`is not JSON; it is a list of groups, such as ${EXAMPLE}`, { cause })
  }
}

function readRule(rule: unknown): GroupRule {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) {
    throw new Error('it is no object')
  }
  const fields = rule as Readonly<Record<string, unknown>>
  const unknown = Object.keys(fields).find((name) => !FIELDS.has(name))
  if (unknown !== undefined) throw new Error(`${unknown} is no part of it`)
  const { group } = fields
  if (typeof group !== 'string' || group === '' || group.length > MAX_GROUP_LENGTH) {
    throw new Error(`its group is no text of 1 to ${MAX_GROUP_LENGTH} letters`)
  }
  const scope = {
    actions: readActions(fields['actions']),
    pathPrefix: readPrefix(fields['pathPrefix']),
    cidrs: [],
  }
  return { group, scope }
}

function readActions(actions: unknown): readonly Action[] {
  const known = `its actions are a list of ${ACTIONS.join(', ')}`
  if (!Array.isArray(actions) || actions.length === 0) throw new Error(known)
  return actions.map((action: unknown) => {
    const found = ACTIONS.find((name) => name === action)
    if (found === undefined) throw new Error(known)
    return found
  })
}

function readPrefix(prefix: unknown): string {
  if (prefix === undefined || prefix === '') return ''
  if (typeof prefix !== 'string') throw new Error('its pathPrefix is no text')
  return formatPath(parseFolderPath(prefix))
}
