/** A file that waits, or was refused, as clients see it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { HeldRecord } from '../../../catalog/held-steps.ts'
import { formatPath, nameOf } from '../../../core/paths.ts'
import { Id, Time, formatTime, formatTimeOrNull, named, strictObject } from '../schemas.ts'

export const HeldStateSchema = Type.Union([Type.Literal('waiting'), Type.Literal('rejected')])

const TextOrNull = Type.Union([Type.String(), Type.Null()])

export const HeldSchema = named(
  'HeldFile',
  strictObject(
    {
      id: Id,
      state: HeldStateSchema,
      path: Type.String({ description: 'Where it will be.' }),
      name: Type.String({ description: 'The last part of the path.' }),
      movesFrom: Type.Union([Type.String(), Type.Null()], {
        description: 'Where it is until then, of a file that is moved.',
      }),
      fileId: Type.Union([Id, Type.Null()], {
        description: 'The id of the file that it becomes, if no other is there by then.',
      }),
      size: Type.Integer({ description: 'Bytes.' }),
      contentType: Type.String(),
      key: Type.String({ description: 'The key that may see it.' }),
      link: Type.Union([Type.String(), Type.Null()], { description: 'The link it came by.' }),
      passed: Type.Array(Type.String(), { description: 'Who has looked at it and found nothing.' }),
      attempts: Type.Integer({ description: 'Looks at it that came to nothing.' }),
      receivedAt: Time,
      rejectedAt: Type.Union([Time, Type.Null()]),
      code: TextOrNull,
      reason: TextOrNull,
    },
    'A file that waits until it was looked at, or was refused.',
  ),
)

export function viewHeld(held: HeldRecord): Static<typeof HeldSchema> {
  const { heldId, state, holder, actor, move, passed, attempts, code, reason } = held
  return {
    id: heldId,
    state,
    path: formatPath(held),
    name: nameOf(held.key),
    movesFrom: move === null ? null : formatPath(move.from),
    fileId: state === 'waiting' ? held.id : null,
    size: held.size,
    contentType: held.contentType,
    key: holder,
    link: actor.linkId,
    passed: [...passed],
    attempts,
    receivedAt: formatTime(held.modifiedAt),
    rejectedAt: formatTimeOrNull(held.endedAt),
    code,
    reason,
  }
}
