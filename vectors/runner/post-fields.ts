/** The fields of a browser form, and the policy among them. */
import { fromBase64, toText } from './bytes.ts'
import { isRecord } from './family.ts'

export type FormFields = Readonly<Record<string, string>>

/** A condition as a list; `{ name: value }` is an `eq`. */
export type Condition = readonly [operator: string, name: string, value: unknown]

/** The field of that name, in any case; '' if there is none. */
export function fieldOf(fields: FormFields, name: string): string {
  const found = Object.entries(fields).find(([candidate]) => candidate.toLowerCase() === name)
  return found?.[1] ?? ''
}

/** What the form's policy asks for, and of which bucket. */
export function policyOf(fields: FormFields): {
  readonly bucket: string
  readonly conditions: readonly Condition[]
} {
  const policy: unknown = JSON.parse(toText(fromBase64(fieldOf(fields, 'policy'))))
  const list: unknown = isRecord(policy) ? policy['conditions'] : []
  const conditions = (Array.isArray(list) ? list : []).flatMap(toConditions)
  const bucket = conditions.find(([, name]) => name === '$bucket')?.[2]
  return { bucket: typeof bucket === 'string' ? bucket : fieldOf(fields, 'bucket'), conditions }
}

function toConditions(entry: unknown): Condition[] {
  if (isRecord(entry)) {
    return Object.entries(entry).map(([name, value]) => ['eq', `$${name}`, value] as const)
  }
  return Array.isArray(entry) ? [[String(entry[0]), String(entry[1]), entry[2]]] : []
}
