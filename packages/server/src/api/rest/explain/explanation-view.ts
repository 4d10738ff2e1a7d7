/** Why a request fails, as clients see it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Explanation } from '@hallpass/signing/explain'
import { fromSignature } from '../../../core/explain/merge-causes.ts'
import type { MergedExplanation } from '../../../core/explain/merge-causes.ts'
import type { LinkView } from '../../../core/links/links.ts'
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

/** Of a request to this server. */
export function viewExplanation(
  { dialect }: Pick<Explanation, 'dialect'>,
  { signature, causes, advice }: MergedExplanation,
  link: LinkView | null,
): ExplanationView {
  const both = { causes: [...causes], advice: [...advice] }
  const view = link === null ? null : viewLink(link)
  return { isHere: true, dialect, signature, ...both, link: view }
}
