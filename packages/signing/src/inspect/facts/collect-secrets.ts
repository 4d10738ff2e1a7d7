/**
 * Collects every text an explanation must never show: secrets of keys, secret values of the request, and
 * signatures computed on the way.
 *
 * @module
 */
import type { DialectExplanation, ExplainContext, ExplainKey } from './dialect-facts.ts'
import { headerValue } from './detection.ts'
import { observeForm } from './observed-form.ts'

/** The texts, each also in the encodings in which it may turn up. */
export function collectSecrets(context: ExplainContext, explanation: DialectExplanation): string[] {
  const { request, detection, keys } = context
  const secrets: string[] = [...keySecrets(keys), ...(explanation.computed ?? [])]
  const names = new Set(detection.secrets.map((name) => name.toLowerCase()))
  for (const { rawName, rawValue, value } of request.url.parameters) {
    if (names.has(rawName.toLowerCase())) secrets.push(rawValue, value)
  }
  for (const { name, value } of observeForm(request) ?? []) {
    if (names.has(name.toLowerCase())) secrets.push(value)
  }
  for (const name of ['authorization', 'cookie']) {
    const value = headerValue(request, name)
    if (value !== null) secrets.push(value, ...value.split(/[\s;,]+/).filter(isLong))
  }
  // Some tokens stand in the path: every long segment of such a path is kept out.
  const isInPath = [...names].some((name) => request.url.path.toLowerCase().includes(`${name}=`))
  if (isInPath) secrets.push(...request.url.path.split(/[/&~=]/).filter(isLong))
  if (names.has('query string') && request.url.query !== null) secrets.push(request.url.query)
  return secrets
}

function keySecrets(keys: readonly ExplainKey[]): string[] {
  return keys.flatMap(({ secret, sessionToken }) =>
    [secret, secret?.trim(), sessionToken].filter((text) => text !== undefined),
  )
}

function isLong(piece: string): boolean {
  return piece.length >= 16
}
