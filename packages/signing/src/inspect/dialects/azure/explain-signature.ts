/**
 * Recomputes a SAS under each hypothesis: account, resource, values that were changed, key, layout.
 *
 * @module
 */
import type { CauseCode } from '../../causes.ts'
import { equalText } from '../../../lib/constant-time.ts'
import type {
  DialectExplanation,
  ExplainContext,
  ExplainKey,
  Finding,
} from '../../facts/dialect-facts.ts'
import { writingFindings } from '../../hypotheses/mac-writing.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import type { Hypothesis, Variant } from '../../hypotheses/hypotheses.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { pathVariants } from '../../hypotheses/path-variants.ts'
import {
  keysFor,
  misreadSecrets,
  otherSecrets,
  secretVariants,
} from '../../hypotheses/secret-variants.ts'
import { percentDecode } from '../../../lib/percent-encode.ts'
import { sasLayouts } from './sas-layouts.ts'
import { encodePath, signSas, stringOf, toView } from './sas-view.ts'
import type { SasView } from './sas-view.ts'
import type { AzureFields } from '../../../dialects/azure/params.ts'

const UNCHECKED: DialectExplanation = { findings: [], signature: 'unchecked' }

/** What the signature shows with the keys given; nothing without one. */
export function checkAzureSignature(
  context: ExplainContext,
  values: ReadonlyMap<string, string>,
): DialectExplanation {
  const sig = (values.get('sig') ?? '').replaceAll(' ', '+')
  const view = toView(context, values)
  const isDelegation = view.kind === 'user-delegation'
  const keys = keysFor(context.keys, 'azure', isDelegation ? context.detection.keyId : view.account)
  const usable = [...new Set([...keys, ...keysFor(context.keys, 'azure', null)])].filter(
    ({ secret }) => Boolean(secret),
  )
  if (usable.length === 0 || sig === '') return UNCHECKED
  const computed: string[] = []
  const cost = stringOf(view).length
  const fits = withinBudget(context.budget, cost, (candidate: SasView): boolean => {
    const expected = signSas(candidate)
    if (computed.length < 4) computed.push(expected)
    return equalText(expected, sig)
  })
  for (const key of usable) {
    if (fits({ ...view, secret: key.secret ?? '' })) {
      return { findings: [], signature: 'valid', computed }
    }
  }
  const written = writingFindings(computed, sig, 'standard base64')
  if (written.length > 0) return { findings: written, signature: 'invalid', computed }
  if (!/^[A-Za-z0-9+/]{43}=$/.test(sig)) return { ...UNCHECKED, computed }
  return { ...searchKeys(context, values, view, { usable, fits }), computed }
}

interface KeysToTry {
  readonly usable: readonly ExplainKey[]
  readonly fits: (view: SasView) => boolean
}

function searchKeys(
  context: ExplainContext,
  values: ReadonlyMap<string, string>,
  view: SasView,
  { usable, fits }: KeysToTry,
): DialectExplanation {
  const key = usable[0] ?? {}
  const findings = search(context, { ...view, secret: key.secret ?? '' }, key, fits)
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  // Keys of other accounts alone: none of them was to be expected to fit.
  const isOfOthers = usable.every(({ id }) => id !== undefined && id !== ownIdOf(context, view))
  if (isOfOthers && findings.length === 0) return UNCHECKED
  // Signed headers nobody told cannot be recomputed: then a mismatch says nothing.
  const isOpen = !context.request.headersKnown && values.has('srh')
  if (isOpen && findings.length === 0) return UNCHECKED
  return { findings: findings.length > 0 ? findings : [mismatch], signature: 'invalid' }
}

function ownIdOf({ detection }: ExplainContext, { kind, account }: SasView): string | null {
  return kind === 'user-delegation' ? detection.keyId : account
}

function search(
  { keys, budget }: ExplainContext,
  view: SasView,
  key: ExplainKey,
  fits: (view: SasView) => boolean,
): Finding[] {
  const hypotheses: Hypothesis<SasView>[] = [
    (start) => secrets(start, key, keys),
    resources,
    values,
    layouts,
  ]
  return searchHypotheses({ view, hypotheses, fits, cost: stringOf(view).length, budget })
}

type Variants = Generator<Variant<SasView>>

function* secrets(view: SasView, key: ExplainKey, keys: readonly ExplainKey[]): Variants {
  for (const { secret, code, facts } of otherSecrets(keys, key)) {
    yield { view: { ...view, secret }, code, facts }
  }
  // Before the others: a text with a NUL behind it, which is no base64, is for an HMAC the text itself.
  for (const { secret, code, facts } of misreadSecrets(view.secret, 'base64')) {
    yield { view: { ...view, secret }, code, facts }
  }
  for (const { secret, code, facts } of secretVariants(view.secret)) {
    yield { view: { ...view, secret }, code, facts }
  }
}

function* resources(view: SasView): Variants {
  if (view.kind === 'account') return
  const path = encodePath(view.name)
  for (const { path: other, code } of pathVariants(path)) {
    yield { view: { ...view, name: percentDecode(other) ?? other }, code }
  }
  yield { view: { ...view, name: path }, code: 'path-double-encoded' }
  yield { view: { ...view, name: `/${view.name}` }, code: 'path-slashes-merged' }
  for (const sr of ['b', 'c', 'd', 'bs', 'bv']) {
    const fields = { ...view.fields, sr }
    yield { view: { ...view, fields }, code: 'parameter-changed', facts: { names: 'sr' } }
  }
  const segments = view.name.split('/')
  const { sdd } = view.fields
  for (const depth of [1, 2, 3, 4, 5]) {
    if (sdd === undefined || sdd === String(depth) || depth > segments.length) continue
    const fields = { ...view.fields, sdd: String(depth) }
    yield { view: { ...view, fields }, code: 'parameter-changed', facts: { names: 'sdd' } }
  }
  yield* shortResources(view)
}

/** The whole name, without container, or the container alone: what was signed was another resource. */
function* shortResources(view: SasView): Variants {
  const granted = `another resource than ${view.container}/${view.name}`.slice(0, 200)
  const facts = { granted }
  const code = 'resource-mismatch'
  const [head = '', ...rest] = view.name.split('/')
  yield { view: { ...view, name: rest.join('/'), container: head }, code, facts }
  yield { view: { ...view, name: view.name.toLowerCase() }, code, facts }
  yield {
    view: { ...view, container: '$root', name: `${view.container}/${view.name}` },
    code,
    facts,
  }
  yield { view: { ...view, account: view.container }, code, facts }
}

const USUAL_PERMISSIONS = [
  'r',
  'w',
  'rw',
  'rl',
  'racw',
  'rcw',
  'cw',
  'rwd',
  'racwd',
  'racwdl',
  'rwdl',
  'acw',
  'racwdxltmei',
  'd',
  'l',
  'c',
]

function* values(view: SasView): Variants {
  const change = (name: keyof AzureFields, value: string | undefined, code: CauseCode) => {
    const fields = { ...view.fields }
    if (value === undefined) delete fields[name]
    else fields[name] = value
    return { view: { ...view, fields }, code, facts: { names: name } }
  }
  for (const letters of USUAL_PERMISSIONS) yield change('sp', letters, 'parameter-changed')
  for (const name of [
    'sip',
    'spr',
    'st',
    'rscd',
    'rsct',
    'rscc',
    'rsce',
    'rscl',
    'si',
    'ses',
  ] as const) {
    const value = view.fields[name]
    if (value === undefined) continue
    yield change(name, undefined, 'parameter-added')
    const once = percentDecode(value)
    if (once !== null && once !== value) yield change(name, once, 'url-double-encoded')
    if (value.includes(' ')) yield change(name, value.replaceAll(' ', '+'), 'query-plus-for-space')
  }
  for (const spr of ['https', 'https,http', 'http,https']) {
    if (view.fields.spr === undefined) yield change('spr', spr, 'parameter-removed')
    else yield change('spr', spr, 'parameter-changed')
  }
  yield* laterEnds(view)
}

/** An end moved by hand: the usual lives before the one that is written. */
function* laterEnds(view: SasView): Variants {
  const { se, st } = view.fields
  const end = Date.parse(se ?? '')
  if (se === undefined || Number.isNaN(end)) return
  const start = Date.parse(st ?? '')
  const moments = [1, 7, 30, 31, 90, 180, 365, 366, 730, 3650].map(
    (days) => end - days * 86_400_000,
  )
  for (const hours of [0.25, 0.5, 1, 2, 6, 12, 24, 168]) {
    if (!Number.isNaN(start)) moments.push(start + hours * 3_600_000)
    moments.push(end - hours * 3_600_000)
  }
  for (const moment of moments) {
    if (!(Math.abs(moment) < 8.64e15)) continue
    const text = `${new Date(moment).toISOString().slice(0, 19)}Z`
    const fields = { ...view.fields, se: text }
    yield { view: { ...view, fields }, code: 'parameter-changed', facts: { names: 'se' } }
  }
}

const VERSIONS = [
  '2015-04-05',
  '2018-11-09',
  '2019-12-12',
  '2020-02-10',
  '2020-12-06',
  '2025-07-05',
  '2026-04-06',
]

/** Values encoded before they were signed, another version, and the lines of another version under this one. */
function* layouts(view: SasView): Variants {
  const code = 'string-to-sign-differs'
  const difference = 'its values are percent-encoded'
  yield { view: { ...view, isEncoded: true }, code, facts: { difference } }
  const { sv = '' } = view.fields
  for (const other of VERSIONS) {
    if (other === sv) continue
    const changed = { ...view, fields: { ...view.fields, sv: other } }
    yield { view: changed, code: 'parameter-changed', facts: { names: 'sv' } }
    const lines = stringOf(changed).split('\n')
    const text = lines.map((line) => (line === other ? sv : line)).join('\n')
    const facts = { difference: `it has the lines of version ${other}` }
    yield { view: { ...view, text }, code, facts }
  }
  yield* sasLayouts(view, stringOf(view))
}
