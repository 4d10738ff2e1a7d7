/**
 * Recomputes a SAS under each hypothesis: account, resource, values that were changed, key, layout.
 *
 * @module
 */
import { fromBase64, utf8 } from '../../../lib/bytes.ts'
import type { CauseCode } from '../../causes.ts'
import { equalText } from '../../../lib/constant-time.ts'
import type {
  DialectExplanation,
  ExplainContext,
  ExplainKey,
  Finding,
} from '../../facts/dialect-facts.ts'
import { headerValue } from '../../facts/detection.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import type { Hypothesis, Variant } from '../../hypotheses/hypotheses.ts'
import { pathVariants } from '../../hypotheses/path-variants.ts'
import { keysFor, otherSecrets, secretVariants } from '../../hypotheses/secret-variants.ts'
import { hmacBase64, prepareHmacKey } from '../../../lib/hmac.ts'
import { percentDecode, percentEncode } from '../../../lib/percent-encode.ts'
import { isPathStyle } from './explain-grant.ts'
import { AZURE_PARAMETERS } from '../../../dialects/azure/params.ts'
import type { AzureFields } from '../../../dialects/azure/params.ts'
import {
  formatAccountString,
  formatHeaderBlock,
  formatQueryBlock,
  formatServiceString,
  formatUserDelegationString,
} from '../../../dialects/azure/string-to-sign.ts'
import { sha256 } from '../../../lib/sha256.ts'

type Kind = 'account' | 'service' | 'user-delegation'

/** What is signed, every part open to change. */
interface SasView {
  readonly kind: Kind
  readonly fields: AzureFields
  readonly account: string
  readonly container: string
  /** Decoded, without a slash in front; empty for a container. */
  readonly name: string
  readonly snapshot: string
  readonly headers: string
  readonly query: string
  readonly secret: string
  /** Values go into the string percent-encoded: a mistake of hand-made signers. */
  readonly isEncoded: boolean
  /** The line feed at the end of an account SAS is there. */
  readonly hasFinalFeed: boolean
}

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
  const usable = [...keys, ...keysFor(context.keys, 'azure', null)].filter(({ secret }) =>
    Boolean(secret),
  )
  if (usable.length === 0 || !/^[A-Za-z0-9+/]{43}=$/.test(sig)) return UNCHECKED
  const computed: string[] = []
  const fits = (candidate: SasView): boolean => {
    const expected = sign(candidate)
    if (computed.length < 4) computed.push(expected)
    return equalText(expected, sig)
  }
  for (const key of new Set(usable)) {
    if (fits({ ...view, secret: key.secret ?? '' })) {
      return { findings: [], signature: 'valid', computed }
    }
  }
  const [first] = usable
  const key = first ?? {}
  const findings = search(context, { ...view, secret: key.secret ?? '' }, key, fits)
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  // Signed headers nobody told cannot be recomputed: then a mismatch says nothing.
  const isOpen = !context.request.headersKnown && values.has('srh')
  if (isOpen && findings.length === 0) return { ...UNCHECKED, computed }
  return {
    findings: findings.length > 0 ? findings : [mismatch],
    signature: 'invalid',
    computed,
  }
}

function search(
  { keys }: ExplainContext,
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
  return searchHypotheses({ view, hypotheses, fits, cost: stringOf(view).length })
}

function sign(view: SasView): string {
  const bytes = fromBase64(view.secret) ?? utf8(view.secret)
  return hmacBase64(prepareHmacKey(sha256, bytes), stringOf(view))
}

function stringOf(view: SasView): string {
  const fields = view.isEncoded ? encodeFields(view.fields) : view.fields
  const { sr } = fields
  const below = sr === 'c' ? '' : sr === 'd' ? directoryOf(view) : `/${view.name}`
  const path = `/blob/${view.account}/${view.container}${below}`
  const { snapshot, headers, query } = view
  const resource = { path: view.isEncoded ? encodePath(path) : path, snapshot, headers, query }
  if (view.kind === 'account') {
    const text = formatAccountString(fields, view.account)
    return view.hasFinalFeed ? text : text.replace(/\n$/, '')
  }
  return view.kind === 'service'
    ? formatServiceString(fields, resource)
    : formatUserDelegationString(fields, resource)
}

function directoryOf({ name, fields }: SasView): string {
  const depth = Number(fields.sdd ?? '')
  if (!Number.isInteger(depth) || depth < 1) return ''
  return `/${name.split('/').slice(0, depth).join('/')}`
}

function encodeFields(fields: AzureFields): AzureFields {
  const encoded: AzureFields = {}
  for (const [name, value] of Object.entries(fields)) {
    encoded[name as keyof AzureFields] = encodeURIComponent((value ?? '').toWellFormed())
  }
  return encoded
}

function encodePath(path: string): string {
  return percentEncode(path.toWellFormed()).replaceAll('%2F', '/')
}

function toView({ request }: ExplainContext, values: ReadonlyMap<string, string>): SasView {
  const fields: AzureFields = {}
  for (const name of AZURE_PARAMETERS) {
    const value = values.get(name)
    if (value !== undefined) fields[name] = value
  }
  const { host, path } = request.url
  const decoded = (percentDecode(path) ?? path).replace(/^\//, '')
  const segments = decoded.split('/')
  const account = isPathStyle(host) ? (segments.shift() ?? '') : (host.split('.', 1)[0] ?? '')
  const [container = '', ...name] = segments
  return {
    kind: kindOf(values),
    fields,
    account: account.replace(/-secondary$/, ''),
    container,
    name: name.join('/'),
    snapshot: values.get('snapshot') ?? values.get('versionid') ?? '',
    headers: formatHeaderBlock(
      namesOf(values.get('srh')).map((header) => [header, headerValue(request, header) ?? '']),
    ),
    query: formatQueryBlock(
      namesOf(values.get('srq')).map((parameter) => [
        parameter,
        values.get(parameter.toLowerCase()) ?? '',
      ]),
    ),
    secret: '',
    isEncoded: false,
    hasFinalFeed: true,
  }
}

function namesOf(list: string | undefined): string[] {
  return (list ?? '').split(',', 100).filter((name) => name !== '')
}

function kindOf(values: ReadonlyMap<string, string>): Kind {
  if (values.has('ss') || values.has('srt')) return 'account'
  return values.has('skoid') || values.has('sktid') ? 'user-delegation' : 'service'
}

type Variants = Generator<Variant<SasView>>

function* secrets(view: SasView, key: ExplainKey, keys: readonly ExplainKey[]): Variants {
  for (const { secret, code, facts } of otherSecrets(keys, key)) {
    yield { view: { ...view, secret }, code, facts }
  }
  for (const { secret, code, facts } of secretVariants(view.secret)) {
    yield { view: { ...view, secret }, code, facts }
  }
  const bytes = fromBase64(view.secret)
  if (bytes === null) return
  // The key taken as text instead of being decoded: base64 again, so that signing decodes it back to the text.
  const asText = btoa(view.secret)
  const facts = { encoding: 'as base64 text, not decoded' }
  yield { view: { ...view, secret: asText }, code: 'secret-encoded', facts }
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

function* layouts(view: SasView): Variants {
  yield { view: { ...view, isEncoded: true }, code: 'policy-not-canonical' }
  if (view.kind === 'account') {
    yield { view: { ...view, hasFinalFeed: false }, code: 'policy-not-canonical' }
  }
  for (const sv of VERSIONS) {
    if (sv === view.fields.sv) continue
    const fields = { ...view.fields, sv }
    yield { view: { ...view, fields }, code: 'parameter-changed', facts: { names: 'sv' } }
  }
}
