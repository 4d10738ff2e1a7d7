/**
 * Finds out how a MAC over the text of a URL came about: as the scheme says, in another alphabet, or after one of the
 * changes URLs are known to go through.
 *
 * @module
 */
import { equalText } from '../../../lib/constant-time.ts'
import type {
  DialectExplanation,
  ExplainContext,
  ExplainKey,
  Finding,
} from '../../facts/dialect-facts.ts'
import type { Hypothesis } from '../../hypotheses/hypotheses.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import { writingFindings } from '../../hypotheses/mac-writing.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { toUrlView, urlHypotheses } from '../../hypotheses/url-hypotheses.ts'
import type { UrlHypothesisOptions, UrlView } from '../../hypotheses/url-hypotheses.ts'

/** What a scheme tells of its MAC. */
export interface UrlTextCheck {
  readonly dialect: string
  /** As it came, decoded once. */
  readonly sent: string
  /** What the right alphabet is called. */
  readonly wanted: string
  /** Parameters that are not signed, lower case. */
  readonly reserved: ReadonlySet<string>
  /** The MACs of a view: more than one where the operator's settings decide. */
  readonly macsOf: (view: UrlView) => readonly string[]
  readonly varies: Pick<UrlHypothesisOptions, 'hasMethod' | 'hasOrigin' | 'hasQuery'>
  /** Further ways of being wrong, tried before those of every URL. */
  readonly own?: readonly Hypothesis<UrlView>[]
}

const MAX_COMPUTED = 8
/** The texts a view may stand for, where settings decide. */
const TEXTS = 2

/** What the signature shows with the keys given; nothing without one. */
export function checkUrlText(context: ExplainContext, check: UrlTextCheck): DialectExplanation {
  const { request, detection } = context
  const keys = keysFor(context.keys, check.dialect, detection.keyId).filter(hasSecret)
  if (keys.length === 0 || check.sent === '') return { findings: [], signature: 'unchecked' }
  const computed: string[] = []
  const cost = (request.url.text.length + 100) * TEXTS
  const fits = withinBudget(context.budget, cost, (view: UrlView): boolean => {
    const macs = check.macsOf(view)
    if (computed.length < MAX_COMPUTED) computed.push(...macs)
    return macs.some((mac) => equalText(mac, check.sent))
  })
  const view = toUrlView(request, check.reserved)
  const starts = keys.map((key) => ({ key, view: { ...view, secret: key.secret } }))
  if (starts.some((start) => fits(start.view))) {
    return { findings: [], signature: 'valid', computed }
  }
  const written = writingFindings(computed, check.sent, check.wanted)
  if (written.length > 0) return { findings: written, signature: 'invalid', computed }
  for (const start of starts) {
    const findings = searchHypotheses({
      view: start.view,
      hypotheses: [
        ...(check.own ?? []),
        ...urlHypotheses({ request, key: start.key, keys: context.keys, ...check.varies }),
      ],
      fits,
      cost,
      budget: context.budget,
    })
    if (findings.length > 0) return { findings, signature: 'invalid', computed }
  }
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  return { findings: [mismatch], signature: 'invalid', computed }
}

function hasSecret(key: ExplainKey): key is ExplainKey & { readonly secret: string } {
  return typeof key.secret === 'string' && key.secret !== ''
}
