/** `GET /v1/policy/presets`: the policies that have a name. */
import { PRESETS, PRESET_NAMES } from '../../../core/policy/presets.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { PolicySchema } from './policy-schema.ts'

export const listPresets = defineOperation({
  id: 'listPresets',
  method: 'GET',
  path: '/v1/policy/presets',
  tag: 'Policies',
  summary: 'List the presets',
  description: 'A preset is put in as its lines, which can then be changed one by one.',
  access: 'key',
  bodyKind: 'none',
  answers: {
    200: strictObject({ strict: PolicySchema, standard: PolicySchema, open: PolicySchema }),
  },
  handle: async () => ({
    status: 200,
    body: Object.fromEntries(PRESET_NAMES.map((name) => [name, PRESETS[name]])),
  }),
})
