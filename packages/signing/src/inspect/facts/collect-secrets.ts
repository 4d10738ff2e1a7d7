/**
 * Collects every text an explanation must never show: secrets of keys, secret values of the request, and
 * signatures computed on the way.
 *
 * @module
 */
import type {
  DialectExplanation,
  ExplainContext,
  ExplainKey,
  ObservedRequest,
} from './dialect-facts.ts'
import { headerValue } from './detection.ts'
import { isUnset } from '../rules/unset-values.ts'
import { observeForm } from './observed-form.ts'

/** The texts, each also in the encodings in which it may turn up. */
export function collectSecrets(context: ExplainContext, explanation: DialectExplanation): string[] {
  const { request, detection, keys } = context
  const names = new Set(detection.secrets.map((name) => name.toLowerCase()))
  const texts = [
    ...keySecrets(keys),
    ...(explanation.computed ?? []),
    ...parameterSecrets(request, names),
    ...headerSecrets(request, names),
    ...pathSecrets(request, names),
  ]
  return texts.filter((text) => !isUnset(text))
}

function parameterSecrets(request: ObservedRequest, names: ReadonlySet<string>): string[] {
  const secrets: string[] = []
  for (const { rawName, rawValue, value } of request.url.parameters) {
    if (names.has(rawName.toLowerCase())) secrets.push(rawValue, value)
  }
  for (const { name, value } of observeForm(request) ?? []) {
    if (names.has(name.toLowerCase())) secrets.push(value)
  }
  if (names.has('query string') && request.url.query !== null) secrets.push(request.url.query)
  return secrets
}

function headerSecrets(request: ObservedRequest, names: ReadonlySet<string>): string[] {
  return ['authorization', 'cookie', ...names].flatMap((name) => {
    const value = headerValue(request, name)
    if (value === null) return []
    const pieces = value.split(/[\s;,]+/).filter(isLong)
    return [value, ...pieces.filter(isValue)]
  })
}

/** Some tokens stand in the path: every long segment of such a path is kept out. */
function pathSecrets({ url }: ObservedRequest, names: ReadonlySet<string>): string[] {
  if (names.has('path')) return url.path.split(/[/&=]/).filter(isMiddling)
  const isInPath = [...names].some((name) => url.path.toLowerCase().includes(`${name}=`))
  return isInPath ? url.path.split(/[/&~=]/).filter(isLong) : []
}

function keySecrets(keys: readonly ExplainKey[]): string[] {
  return keys.flatMap(({ secret, sessionToken }) =>
    [secret, secret?.trim(), sessionToken].filter((text) => text !== undefined),
  )
}

/** The names of headers, parameters and fields that stand beside the secrets are none. */
function isValue(piece: string): boolean {
  return !/^(?:SignedHeaders=|Credential=|x-(?:amz|goog|ms)-[a-z0-9-]+$|[a-z]+(?:-[a-z0-9]+)*$)/i.test(
    piece,
  )
}

/** Signatures in paths can be short. */
function isMiddling(piece: string): boolean {
  return piece.length >= 12
}

function isLong(piece: string): boolean {
  return piece.length >= 16
}
