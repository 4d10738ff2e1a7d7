/**
 * Checks the fields of a POST form against the policy it carries, as S3 and Google do, without the key.
 *
 * @module
 */
import { fromBase64 } from '../../lib/bytes.ts'
import type { Finding } from '../facts/dialect-facts.ts'
import type { ObservedField } from '../facts/observed-form.ts'
import { showText, valuesByName } from '../facts/detection.ts'

/** Which fields a dialect needs, and which need no condition. Lower case. */
export interface PolicyRules {
  readonly needed: readonly string[]
  readonly uncovered: readonly string[]
}

interface Condition {
  readonly kind: 'eq' | 'starts-with' | 'length'
  readonly name: string
  readonly value: string
  readonly min: number
  readonly max: number
}

const MAX_CONDITIONS = 500

/** Missing fields, broken conditions, fields no condition covers. */
export function policyFindings(fields: readonly ObservedField[], rules: PolicyRules): Finding[] {
  const values = valuesByName(fields)
  const missing = rules.needed.filter((name) => !values.has(name))
  const file = fields.findIndex(({ fileSize }) => fileSize !== null)
  if (file === -1) missing.push('file')
  const findings = missing.map((name): Finding => {
    return { code: 'policy-field-missing', confidence: 0.96, facts: { names: name } }
  })
  const late = file === -1 ? [] : fields.slice(file + 1).map(({ name }) => name)
  if (late.length > 0) {
    const facts = { names: `${showText(late.join(', '), 100)} (it comes after the file)` }
    findings.push({ code: 'policy-field-missing', confidence: 0.97, facts })
  }
  const policy = values.get('policy')
  if (policy === undefined) return findings
  const conditions = readConditions(policy)
  if (conditions === null) {
    const facts = { reason: 'it is not base64 of a JSON document with conditions' }
    return [...findings, { code: 'policy-malformed', confidence: 0.95, facts }]
  }
  return [...findings, ...conditionFindings(conditions, fields, values, rules)]
}

function conditionFindings(
  conditions: readonly Condition[],
  fields: readonly ObservedField[],
  values: ReadonlyMap<string, string>,
  rules: PolicyRules,
): Finding[] {
  const findings: Finding[] = []
  const size = fields.find(({ fileSize }) => fileSize !== null)?.fileSize ?? null
  for (const condition of conditions) {
    if (holds(condition, values, size)) continue
    const names = condition.kind === 'length' ? 'the length of the file' : condition.name
    findings.push({ code: 'policy-condition-failed', confidence: 0.95, facts: { names } })
  }
  const covered = new Set([...rules.uncovered, ...conditions.map(({ name }) => name)])
  const extra = [...values.keys()].filter(
    (name) => !covered.has(name) && !name.startsWith('x-ignore-') && name !== 'file',
  )
  const fileField = fields.find(({ fileSize }) => fileSize !== null)?.name.toLowerCase()
  const unknown = extra.filter((name) => name !== fileField)
  if (unknown.length > 0) {
    const facts = { names: showText(unknown.join(', '), 200) }
    findings.push({ code: 'policy-extra-field', confidence: 0.94, facts })
  }
  return findings
}

function holds(
  condition: Condition,
  values: ReadonlyMap<string, string>,
  size: number | null,
): boolean {
  if (condition.kind === 'length') {
    return size === null || (size >= condition.min && size <= condition.max)
  }
  const value = values.get(condition.name)
  // The bucket is mostly in the address, not among the fields.
  if (value === undefined) return condition.name === 'bucket' || condition.value === ''
  return condition.kind === 'eq' ? value === condition.value : value.startsWith(condition.value)
}

function readConditions(policy: string): Condition[] | null {
  const bytes = fromBase64(policy)
  if (bytes === null) return null
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const list = (parsed as { conditions?: unknown } | null)?.conditions
    if (!Array.isArray(list)) return null
    return list.slice(0, MAX_CONDITIONS).flatMap(toConditions)
  } catch {
    return null
  }
}

function toConditions(entry: unknown): Condition[] {
  if (!Array.isArray(entry)) {
    return Object.entries((entry ?? {}) as Record<string, unknown>).map(([name, value]) =>
      create('eq', name, value),
    )
  }
  const [kind, first, second] = entry as unknown[]
  if (kind === 'content-length-range') {
    return [{ kind: 'length', name: '', value: '', min: Number(first), max: Number(second) }]
  }
  const name = typeof first === 'string' ? first.replace(/^\$/, '') : ''
  return [create(kind === 'starts-with' ? 'starts-with' : 'eq', name, second)]
}

function create(kind: 'eq' | 'starts-with', name: string, value: unknown): Condition {
  return { kind, name: name.toLowerCase(), value: String(value), min: 0, max: 0 }
}
