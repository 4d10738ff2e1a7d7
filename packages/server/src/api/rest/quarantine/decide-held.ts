/** `POST /v1/quarantine/{id}/verdict`: somebody decides. */
import { Type } from 'typebox'
import { authorizeHeld, decideHeld as decideHeldOf } from '../../../core/quarantine/held-files.ts'
import { defineOperation } from '../operation.ts'
import { IdParams, strictObject } from '../schemas.ts'

export const decideHeld = defineOperation({
  id: 'decideHeld',
  method: 'POST',
  path: '/v1/quarantine/{id}/verdict',
  tag: 'Quarantine',
  summary: 'Admit or refuse a file that waits',
  description:
    'For administrators. It counts at once, whatever the scanners would say. An admitted file can still turn out not to fit its place, as when its bucket is gone: then the answer says `rejected`.',
  access: 'key',
  bodyKind: 'json',
  params: IdParams,
  body: strictObject({
    verdict: Type.Union([Type.Literal('accept'), Type.Literal('reject')]),
    reason: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, description: 'Why; the uploader sees it.' }),
    ),
  }),
  answers: {
    200: strictObject({
      outcome: Type.Union([Type.Literal('admitted'), Type.Literal('rejected')]),
    }),
  },
  handle: async ({ core, principal, params, body }) => {
    const { permit, held } = await authorizeHeld(core, principal, params.id)
    const { verdict, reason = null } = body
    const decision = { admit: verdict === 'accept', reason }
    return { status: 200, body: { outcome: await decideHeldOf(core, permit, held, decision) } }
  },
})
