/**
 * Compares the canonical request a provider printed into its error with the one this request should give.
 * Where the two differ, something between signer and provider changed the request: no key is needed to see it.
 *
 * @module
 */
import type { Finding } from '../facts/dialect-facts.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { pathVariants } from './path-variants.ts'
import { canonicalRequestOf } from './v4-view.ts'
import type { V4View } from './v4-view.ts'

const CONFIDENCE = 0.93

interface Canonical {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly headers: ReadonlyMap<string, string>
  readonly payloadHash: string
}

/** The differences as findings; empty if there are none or the text is not a canonical request. */
export function diffCanonicalRequest(
  view: V4View,
  printed: string,
  headersKnown: boolean,
): Finding[] {
  if (printed.length > 131_072) return []
  const ours = parseCanonical(canonicalRequestOf(view))
  const theirs = parseCanonical(printed.replaceAll('\r\n', '\n'))
  if (ours === null || theirs === null) return []
  return [
    ...diffMethod(ours, theirs),
    ...diffPath(ours.path, theirs.path),
    ...diffQuery(ours.query, theirs.query),
    ...diffHeaders(ours, theirs, headersKnown),
    ...(headersKnown ? diffPayload(ours, theirs) : []),
  ]
}

function parseCanonical(text: string): Canonical | null {
  const lines = text.split('\n')
  const [method, path, query] = lines
  const payloadHash = lines.at(-1)
  if (lines.length < 6 || method === undefined || path === undefined) return null
  if (query === undefined || payloadHash === undefined) return null
  const headers = new Map<string, string>()
  for (const line of lines.slice(3, -3)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return { method, path, query, headers, payloadHash }
}

function diffMethod(ours: Canonical, theirs: Canonical): Finding[] {
  if (ours.method === '' || ours.method === theirs.method) return []
  const facts = { signed: ours.method, sent: theirs.method }
  return [{ code: 'method-differs', confidence: CONFIDENCE, facts }]
}

function diffPath(ours: string, theirs: string): Finding[] {
  if (ours === theirs) return []
  if (theirs.endsWith(ours) || ours.endsWith(theirs)) {
    const length = Math.abs(ours.length - theirs.length)
    const prefix = (ours.length > theirs.length ? ours : theirs).slice(0, length)
    if (prefix !== '/') return [{ code: 'proxy-path-prefix', confidence: 0.9, facts: { prefix } }]
  }
  for (const { path, code } of pathVariants(theirs)) {
    if (path === ours || percentDecode(path) === ours) return [{ code, confidence: CONFIDENCE }]
  }
  for (const { path, code } of pathVariants(ours)) {
    if (path === theirs) return [{ code, confidence: CONFIDENCE }]
  }
  return [{ code: 'path-changed', confidence: 0.85, evidence: 'the provider saw another path' }]
}

function diffQuery(ours: string, theirs: string): Finding[] {
  if (ours === theirs) return []
  const mine = new Map(pairsOf(ours))
  const other = new Map(pairsOf(theirs))
  const added = [...other.keys()].filter((name) => !mine.has(name))
  const removed = [...mine.keys()].filter((name) => !other.has(name))
  const changed = [...mine].filter(([name, value]) => (other.get(name) ?? value) !== value)
  const findings: Finding[] = []
  const list = (names: readonly string[]) => ({ names: names.join(', ').slice(0, 200) })
  if (added.length > 0) {
    findings.push({ code: 'parameter-added', confidence: CONFIDENCE, facts: list(added) })
  }
  if (removed.length > 0) {
    findings.push({ code: 'parameter-removed', confidence: CONFIDENCE, facts: list(removed) })
  }
  if (changed.length > 0) findings.push(changedFinding(changed, other, list))
  return findings
}

function changedFinding(
  changed: readonly [string, string][],
  other: ReadonlyMap<string, string>,
  list: (names: readonly string[]) => { names: string },
): Finding {
  const isPlus = changed.every(
    ([name, value]) =>
      (other.get(name) ?? '').replaceAll('%2B', '%20') === value.replaceAll('%2B', '%20'),
  )
  if (isPlus) return { code: 'query-plus-for-space', confidence: CONFIDENCE }
  const names = changed.map(([name]) => name)
  return { code: 'parameter-changed', confidence: CONFIDENCE, facts: list(names) }
}

function pairsOf(query: string): [name: string, value: string][] {
  return query === '' ? [] : query.split('&').map(splitPair)
}

function splitPair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=')
  return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
}

function diffHeaders(ours: Canonical, theirs: Canonical, headersKnown: boolean): Finding[] {
  const findings: Finding[] = []
  for (const [name, value] of theirs.headers) {
    const mine = ours.headers.get(name)
    if (mine === undefined || mine === value) continue
    if (!headersKnown && name !== 'host') continue
    findings.push(name === 'host' ? hostFinding(mine, value) : headerFinding(name, mine, value))
  }
  return findings
}

function hostFinding(signed: string, sent: string): Finding {
  const isPort = signed.replace(/:\d+$/, '') === sent.replace(/:\d+$/, '')
  const code = isPort ? 'port-changed' : 'host-changed'
  return { code, confidence: CONFIDENCE, facts: { signed, sent } }
}

function headerFinding(name: string, ours: string, theirs: string): Finding {
  const code = theirs === '' || ours === '' ? 'header-missing' : 'header-changed'
  return { code, confidence: 0.9, facts: { names: name } }
}

function diffPayload(ours: Canonical, theirs: Canonical): Finding[] {
  if (ours.payloadHash === theirs.payloadHash) return []
  return [{ code: 'payload-mismatch', confidence: 0.9 }]
}
