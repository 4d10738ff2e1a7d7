/**
 * What programs write where a variable was empty: `undefined` for a key id, `NaN` for an end, a template that was not filled.
 *
 * @module
 */
import { showText } from '../facts/detection.ts'
import type { ExplainContext, Finding } from '../facts/dialect-facts.ts'
import type { ObservedParameter } from '../facts/observed-url.ts'

const UNSET =
  /^(?:undefined|null|nil|None|NaN|\[object (?:Object|Promise)\]|<nil>|<no value>|\$\{[\w.]{1,60}\}|\{\{[^{}]{1,60}\}\}|process\.env\.\w{1,60}|%s)$/
/** In a name, a program means only these. */
const IN_PATH = /^(?:undefined|NaN|\[object (?:Object|Promise)\])$/
/** Parameters that belong to a signature; others may mean their `null`. */
const OF_SIGNATURE =
  /^(?:x-(?:amz|goog)-.{1,40}|awsaccesskeyid|googleaccessid|key-pair-id|expires|signature|sig|s[vrtep]|policy|keyname|token|hmac|temp_url_.{1,20})$/i

/** Whether a text is what programs write for nothing. */
export function isUnset(text: string): boolean {
  return UNSET.test(text)
}

/** The first value that nobody meant. */
export function unsetFindings({ request: { url } }: ExplainContext): Finding[] {
  for (const parameter of url.parameters) {
    const value = OF_SIGNATURE.test(parameter.name) ? unsetPart(parameter) : null
    if (value !== null) return [unset(showText(parameter.name, 60), value, 0.98)]
  }
  const label = url.host.split('.', 20).find((part) => UNSET.test(part))
  if (label !== undefined) return [unset('A part of the host', label, 0.97)]
  const segment = url.path.split('/', 200).find((part) => IN_PATH.test(part))
  return segment === undefined ? [] : [unset('A part of the path', segment, 0.6)]
}

/** A credential and a list of headers have parts. */
function unsetPart({ value }: ObservedParameter): string | null {
  return value.split(/[/;]/, 20).find((part) => UNSET.test(part)) ?? null
}

function unset(where: string, value: string, confidence: number): Finding {
  return { code: 'value-unset', confidence, facts: { where, value: showText(value, 60) } }
}
