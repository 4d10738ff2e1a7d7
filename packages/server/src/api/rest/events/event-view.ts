/** An event as clients see it. */
import { Type } from 'typebox'
import { EVENT_KINDS } from '../../../catalog/event-steps.ts'
import type { EventKind } from '../../../catalog/event-steps.ts'
import { Id, Time, named, strictObject } from '../schemas.ts'

export const EventKindSchema = Type.Unsafe<EventKind>(
  Type.String({ enum: [...EVENT_KINDS], description: 'What happened.' }),
)

const TextOrNull = Type.Union([Type.String(), Type.Null()])

export const EventSchema = named(
  'AuditEvent',
  strictObject(
    {
      id: Id,
      at: Time,
      kind: EventKindSchema,
      code: Type.Union([Type.String(), Type.Null()], {
        description: 'Why it was refused or broke off; null for what was done.',
      }),
      link: TextOrNull,
      key: Type.Union([Type.String(), Type.Null()], {
        description:
          'Whose rights were used; of a link the key that signed it; null for the server.',
      }),
      subject: Type.Union([Type.String(), Type.Null()], {
        description: 'The `sub` of the end user who did it; null for everybody else.',
      }),
      path: TextOrNull,
      target: Type.Union([Type.String(), Type.Null()], {
        description:
          'What was changed, if it is neither link nor path; of a refused REST call the operation.',
      }),
      address: TextOrNull,
      agent: TextOrNull,
      referrer: Type.Union([Type.String(), Type.Null()], {
        description: 'The host of the page that led here.',
      }),
      bytes: Type.Integer(),
      count: Type.Integer({
        description: 'How many that differed in time and bytes alone, within a second.',
      }),
      detail: Type.Unsafe<Readonly<Record<string, unknown>>>(
        Type.Object({}, { additionalProperties: true, description: 'What was set, of a change.' }),
      ),
    },
    'What happened. Never a URL.',
  ),
)
