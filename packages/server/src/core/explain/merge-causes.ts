/** What the library says of the signature and what the server says beside it, in one order: what is dropped, and what comes first. */
import type { SigningError } from '@hallpass/signing/errors'
import type { Cause, Explanation } from '@hallpass/signing/explain'
import { isDomainError } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { REMEDIES } from '../remedies.ts'
import type { ServerCause } from './find-causes.ts'

export interface ExplainedCause extends Omit<ServerCause, 'code'> {
  readonly code: string
  /** In what it was seen: the request and its signature, or what the server knows. */
  readonly from: 'signature' | 'server'
}

export interface MergedExplanation {
  /** `refused`: it fits a key, and is refused all the same. */
  readonly signature: Explanation['signature']
  /** Likeliest first; never empty. */
  readonly causes: readonly ExplainedCause[]
  readonly advice: readonly ExplainedCause[]
}

/** `refusal`: what the server says of the signature, where it does not hold. */
export function mergeCauses(
  explanation: Explanation,
  refusal: DomainError | SigningError | null,
  known: readonly ServerCause[],
): MergedExplanation {
  const more = refusal === null ? [] : refusalCauses(explanation, refusal)
  const others = more.filter(({ code }) => !known.some((cause) => cause.code === code))
  const server = [...others, ...known.map(fromServer)]
  const isSaid = server.length > 0
  const signature = explanation.causes
    .filter(({ code }) => !SERVER_KNOWS.has(code) && !(isSaid && IF_NOTHING_ELSE.has(code)))
    .map(fromSignature)
  const all = [...signature, ...server].toSorted((a, b) => b.confidence - a.confidence)
  // What does not fit is refused for that before anything else is asked.
  const first = explanation.signature === 'invalid' ? all.toSorted(bySignature) : all
  return {
    signature:
      more.length > 0 && explanation.signature === 'valid' ? 'refused' : explanation.signature,
    causes: first.length === 0 ? [NOTHING] : first,
    advice: explanation.advice.map(fromSignature),
  }
}

function bySignature(a: ExplainedCause, b: ExplainedCause): number {
  return Number(a.from === 'server') - Number(b.from === 'server')
}

/** The server says of keys what it knows, in place of what the library guesses. */
const SERVER_KNOWS: ReadonlySet<string> = new Set([
  'key-not-given',
  'key-unknown',
  'url-unrecognised',
])
const IF_NOTHING_ELSE: ReadonlySet<string> = new Set([
  'nothing-found',
  'refused-though-valid',
  'signer-not-allowed',
  'object-missing',
  'bucket-missing',
])

const NOTHING: ExplainedCause = {
  code: 'nothing-found',
  from: 'server',
  confidence: 0.3,
  what: 'Nothing stands against the request here and now.',
  fix: 'Send it again. If it still fails, compare what arrives here with what was sent: a proxy may stand between.',
  evidence: null,
}

/** Refusals of the server's verifier that the library cannot come to: it takes the region of a request for granted, and knows no sealed token. */
const VERIFIERS_OWN: Readonly<
  Record<string, { readonly when: Explanation['signature']; readonly fix: string }>
> = {
  'scope-mismatch': {
    when: 'valid',
    fix: 'Sign for the region, service and day that are named.',
  },
  'key-unknown': {
    when: 'unchecked',
    fix: 'Sign with a key that lives. Temporary credentials end with the key that made them: ask for new ones.',
  },
  'parameter-duplicate': {
    when: 'unchecked',
    fix: 'Send it once: two readers could take two of them.',
  },
  'token-invalid': {
    when: 'unchecked',
    fix: 'Give the signer the id, the secret and the token of one answer, and send the token whole.',
  },
}

function refusalCauses(
  { signature }: Explanation,
  refusal: DomainError | SigningError,
): readonly ExplainedCause[] {
  const { code, message } = refusal
  const told = { code, from: 'server', confidence: 0.99, evidence: null } as const
  if (isDomainError(refusal)) return [{ ...told, what: message, fix: REMEDIES[refusal.code] }]
  const own = VERIFIERS_OWN[code]
  if (own === undefined || own.when !== signature) return []
  return [{ ...told, what: sentence(message), fix: own.fix }]
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

export function fromSignature({ evidence, ...cause }: Cause): ExplainedCause {
  return { ...cause, from: 'signature', evidence: evidence ?? null }
}

function fromServer({ code, confidence, what, fix, evidence }: ServerCause): ExplainedCause {
  return { code, from: 'server', confidence, what, fix, evidence }
}
