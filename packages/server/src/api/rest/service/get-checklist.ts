/** `GET /v1/checklist`: what settings, policies and keys make of the security checklist. */
import { Type } from 'typebox'
import { answerChecklist } from '../../../core/checklist/answer-checklist.ts'
import { CHECKLIST } from '../../../core/checklist/checklist.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'

const StatusSchema = Type.Union(
  [Type.Literal('passed'), Type.Literal('advice'), Type.Literal('failed')],
  { description: '`advice`: nothing is wrong, and it could be better.' },
)

const ItemSchema = strictObject(
  {
    id: Type.String({ enum: CHECKLIST.map(({ id }) => id) }),
    number: Type.Union([Type.Integer(), Type.Null()], {
      description: '1 to 17; null of what came on top.',
    }),
    title: Type.String(),
    status: StatusSchema,
    findings: Type.Array(
      strictObject({
        id: Type.String({ description: 'Stable.' }),
        status: StatusSchema,
        found: Type.String(),
        remedy: Type.Union([Type.String(), Type.Null()], { description: 'How to mend it.' }),
      }),
      { description: 'None where the server keeps to the item whatever is set.' },
    ),
  },
  'An item of the checklist.',
)

export const getChecklist = defineOperation({
  id: 'getChecklist',
  method: 'GET',
  path: '/v1/checklist',
  tag: 'Service',
  summary: 'Answer the security checklist',
  description:
    'What settings, policies and keys make of each item, and how to mend it. `hallpass doctor` asks the same, and tries from outside what can be tried.',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: strictObject({ items: Type.Array(ItemSchema) }) },
  handle: async ({ core, context, permit }) => {
    const items = await answerChecklist(core, permit, context.settings)
    return {
      status: 200,
      body: {
        items: items.map(({ findings, ...item }) => ({
          ...item,
          findings: findings.map(({ item: _item, ...rest }) => rest),
        })),
      },
    }
  },
})
