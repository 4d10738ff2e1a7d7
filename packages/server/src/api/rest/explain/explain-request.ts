/** `POST /v1/explain`: why a request fails, told with what only the server knows. */
import { explain } from '@hallpass/signing/explain'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { SHARE_ACTIONS } from '../../../auth/authenticate-share.ts'
import { examineRequest, examineShare } from '../../../auth/examine-request.ts'
import type { ExaminedRequest } from '../../../auth/examine-request.ts'
import { locateRequest, toExplainable } from '../../../auth/locate-request.ts'
import type { DescribedRequest, LocatedRequest } from '../../../auth/locate-request.ts'
import type { Asked, FindAsked } from '../../../core/explain/asked.ts'
import { findCauses } from '../../../core/explain/find-causes.ts'
import { mergeCauses } from '../../../core/explain/merge-causes.ts'
import { findLink } from '../../../core/links/links.ts'
import type { LinkView } from '../../../core/links/links.ts'
import { authorizeInstance } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { named, strictObject } from '../schemas.ts'
import { ExplanationSchema, viewElsewhere, viewExplanation } from './explanation-view.ts'

const ExplainRequest = named(
  'ExplainRequest',
  strictObject({
    url: Type.String({ minLength: 1, maxLength: 16_384 }),
    method: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{1,16}$',
        description: 'Without it, the one with which the signature fits.',
      }),
    ),
    headers: Type.Optional(
      Type.Array(Type.Array(Type.String({ maxLength: 8192 }), { minItems: 2, maxItems: 2 }), {
        maxItems: 100,
        description: 'Names and values, as they were sent.',
      }),
    ),
    ip: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: 'The address it came from.' }),
    ),
    answer: Type.Optional(
      strictObject(
        {
          status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
          body: Type.Optional(Type.String({ maxLength: 65_536 })),
        },
        'What was answered.',
      ),
    ),
  }),
)

export const explainRequest = defineOperation({
  id: 'explainRequest',
  method: 'POST',
  path: '/v1/explain',
  tag: 'Links',
  summary: 'Say why a request fails',
  description:
    'Of a request to this server: the signature is computed again with its own keys, ended ones too, and beside it stands what the record of the link, the policy of the folder, the key that signed and the file say. For administrators of the instance: whoever reads the answers could mend a signature that is nearly right. Nothing is counted as a use, and the URL is kept nowhere. Of requests to other services it says what can be seen.',
  access: 'key',
  bodyKind: 'json',
  body: ExplainRequest,
  answers: { 200: ExplanationSchema },
  handle: async ({ core, context, principal, body }) => {
    await authorizeInstance(core, principal)
    const described = describe(body)
    const located = await locateRequest(core, described)
    if (located === null) {
      const now = new Date(core.clock.now())
      const response = described.answer === null ? {} : { response: described.answer }
      const explanation = explain(toExplainable(described), { now, ...response })
      return { status: 200, body: viewElsewhere(explanation) }
    }
    const link = located.linkId === null ? null : await findLink(core, located.linkId)
    const examined = located.isShare
      ? await examineShare(core, located, link?.grant ?? null)
      : await examineRequest(core, described, located)
    const causes = await findCauses(core, {
      ...located,
      ...examined,
      link,
      ...(located.isShare ? askedOfShare(link) : askedOf(context.findAsked, examined, located)),
      isAddressKnown: described.ip !== null,
    })
    const { explanation, refusal } = examined
    const merged = mergeCauses(explanation, refusal, causes)
    return { status: 200, body: viewExplanation(explanation, merged, link) }
  },
})

function describe({
  url,
  method,
  headers,
  ip,
  answer,
}: Static<typeof ExplainRequest>): DescribedRequest {
  return {
    url,
    method: method ?? null,
    headers: headers?.map(([name = '', value = '']) => [name, value] as const) ?? null,
    ip: ip ?? null,
    answer: answer ?? null,
  }
}

function askedOf(
  findAsked: FindAsked,
  { method }: Pick<ExaminedRequest, 'method'>,
  { path, raw }: LocatedRequest,
): Asked {
  return path === null
    ? { action: null, path, meets: null }
    : findAsked({ raw: { ...raw, method }, path })
}

function askedOfShare(link: LinkView | null): Asked {
  const { grant } = link ?? { grant: null }
  if (grant === null || grant.share === null) return { action: null, path: null, meets: null }
  const { bucket, key, share } = grant
  const meets = share.kind === 'file' ? 'file' : 'bucket'
  return { action: SHARE_ACTIONS[share.kind], path: { bucket, key }, meets }
}
