/** `DELETE /v1/revocations/{id}`: takes a rule back. */
import { authorizeSweep, removeRevocation } from '../../../core/links/revocations.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { RevocationId, parseRevocationId } from './revocation-view.ts'

export const deleteRevocation = defineOperation({
  id: 'deleteRevocation',
  method: 'DELETE',
  path: '/v1/revocations/{id}',
  tag: 'Revocations',
  summary: 'Take a revocation back',
  description:
    'For one that was a mistake, or that a clock running ahead has dated into the future: what it alone had ended works again, within its life.',
  access: 'key',
  bodyKind: 'none',
  params: strictObject({ id: RevocationId }),
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    await removeRevocation(
      core,
      await authorizeSweep(core, principal, parseRevocationId(params.id)),
    )
    return { status: 204 }
  },
})
