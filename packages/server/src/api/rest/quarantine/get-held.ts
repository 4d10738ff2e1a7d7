/** `GET /v1/quarantine/{id}`. */
import { authorizeHeld } from '../../../core/quarantine/held-files.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { HeldSchema, viewHeld } from './held-view.ts'

export const getHeld = defineOperation({
  id: 'getHeld',
  method: 'GET',
  path: '/v1/quarantine/{id}',
  tag: 'Quarantine',
  summary: 'Get a file that waits, or why it was refused',
  description: 'For the key that sent it, and for administrators.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: HeldSchema },
  handle: async ({ core, principal, params }) => {
    const { held } = await authorizeHeld(core, principal, params.id)
    return { status: 200, body: viewHeld(held) }
  },
})
