/** Why a request fails, as clients see it: what the library says of the signature, and what the server says beside it, in one order. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Cause, Explanation } from '@hallpass/signing/explain'
import type { ExaminedRequest } from '../../../auth/examine-request.ts'
import { isDomainError } from '../../../core/errors.ts'
import type { ServerCause } from '../../../core/explain/find-causes.ts'
import type { LinkView } from '../../../core/links/links.ts'
import { REMEDIES } from '../../../core/remedies.ts'
import { LinkSchema, viewLink } from '../links/link-view.ts'
import { named, strictObject } from '../schemas.ts'

const CauseSchema = named(
  'ExplainedCause',
  strictObject({
    code: Type.String({
      description: 'Stable: of `signature` in docs/explain.md, of `server` in docs/errors.md.',
    }),
    from: Type.Union([Type.Literal('signature'), Type.Literal('server')], {
      description: 'What it was seen in: the request and its signature, or what the server knows.',
    }),
    confidence: Type.Number({ description: 'From 0 to 1.' }),
    what: Type.String(),
    fix: Type.Union([Type.String(), Type.Null()]),
    evidence: Type.Union([Type.String(), Type.Null()]),
  }),
)

export const ExplanationSchema = named(
  'RequestExplanation',
  strictObject(
    {
      isHere: Type.Boolean({
        description:
          'Whether it is a request to this server; of others no more is known than what can be seen.',
      }),
      dialect: Type.Union([Type.String(), Type.Null()]),
      signature: Type.Union(
        [
          Type.Literal('valid'),
          Type.Literal('refused'),
          Type.Literal('invalid'),
          Type.Literal('unchecked'),
        ],
        {
          description:
            '`refused`: it fits a key, and is refused all the same; `unchecked`: no key for it is here.',
        },
      ),
      causes: Type.Array(CauseSchema, { description: 'Likeliest first.' }),
      advice: Type.Array(CauseSchema, {
        description: 'What would be better and keeps no request from working.',
      }),
      link: Type.Union([LinkSchema, Type.Null()], {
        description: 'The link that it names, as `GET /v1/links/{id}` has it.',
      }),
    },
    'Why a request fails. Holds no secret, no signature and no URL.',
  ),
)

type ExplanationView = Static<typeof ExplanationSchema>
type CauseView = ExplanationView['causes'][number]

/** Of a request to another service. */
export function viewElsewhere({
  dialect,
  signature,
  causes,
  advice,
}: Explanation): ExplanationView {
  const both = { causes: causes.map(fromSignature), advice: advice.map(fromSignature) }
  return { isHere: false, dialect, signature, ...both, link: null }
}

export function viewExplanation(
  { explanation, refusal }: Pick<ExaminedRequest, 'explanation' | 'refusal'>,
  known: readonly ServerCause[],
  link: LinkView | null,
): ExplanationView {
  const { dialect, advice } = explanation
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
    isHere: true,
    dialect,
    signature:
      more.length > 0 && explanation.signature === 'valid' ? 'refused' : explanation.signature,
    causes: first.length === 0 ? [NOTHING] : first,
    advice: advice.map(fromSignature),
    link: link === null ? null : viewLink(link),
  }
}

function bySignature(a: CauseView, b: CauseView): number {
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

const NOTHING: CauseView = {
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
  'token-invalid': {
    when: 'unchecked',
    fix: 'Give the signer the id, the secret and the token of one answer, and send the token whole.',
  },
}

function refusalCauses(
  { signature }: Explanation,
  refusal: NonNullable<ExaminedRequest['refusal']>,
): readonly CauseView[] {
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

function fromSignature({ evidence, ...cause }: Cause): CauseView {
  return { ...cause, from: 'signature', evidence: evidence ?? null }
}

function fromServer({ code, confidence, what, fix, evidence }: ServerCause): CauseView {
  return { code, from: 'server', confidence, what, fix, evidence }
}
