/** `POST /v1/revocations`: every link of a file, below a folder, of a key or of the instance, made before now. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { refusal } from '../../../core/errors.ts'
import { authorizeSweep, revokeBefore } from '../../../core/links/revocations.ts'
import type { RevocationTarget } from '../../../core/links/revocations.ts'
import { MAX_SWEPT_COUNTED } from '../../../core/links/swept-links.ts'
import { defineOperation } from '../operation.ts'
import { Id, Path, Time, named, strictObject } from '../schemas.ts'
import { RevocationId, formatRevocationId } from './revocation-view.ts'

const TARGETS = ['file', 'folder', 'key', 'subject', 'all'] as const

const Body = named(
  'RevocationRequest',
  strictObject({
    file: Type.Optional(Path),
    folder: Type.Optional(Path),
    key: Type.Optional(Id),
    subject: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: 'The `sub` of an end user.' }),
    ),
    all: Type.Optional(Type.Literal(true)),
  }),
)

const Answer = strictObject(
  {
    id: RevocationId,
    notBefore: Time,
    foreignNotBefore: Time,
    links: Type.Integer({
      minimum: 0,
      description: `How many links with a record it ended, of the newest ${MAX_SWEPT_COUNTED} within its reach. URLs that clients presigned have no record, nor have those that come with files.`,
    }),
    holdsFiles: Type.Boolean({
      description:
        'False if no file lies at the path, or below the folder, by now: it may be another one that was meant.',
    }),
    notice: Type.String({
      description: 'What a revocation cannot do, and what to look at where it met nothing.',
    }),
  },
  'Links that the server issued before `notBefore` are dead, and URLs that clients signed with a date before `foreignNotBefore`.',
)

export const createRevocation = defineOperation({
  id: 'createRevocation',
  method: 'POST',
  path: '/v1/revocations',
  tag: 'Revocations',
  summary: 'Revoke every link made before now',
  description:
    'Exactly one of `file`, `folder`, `key` (any key: those it signed, those it issued), `subject` (an end user: the links issued with their tokens, and the tokens) and `all` says which. URLs that clients presigned themselves die too, also if they are dated up to a minute ahead; but whoever holds an access key can sign again, and only revoking the key ends that. Links made from now on work. A key or a bucket that there is not is `404`; a path at which nothing lies is not, because its links may.',
  access: 'key',
  bodyKind: 'json',
  body: Body,
  answers: { 201: Answer },
  handle: async ({ core, principal, body }) => {
    const sweep = await authorizeSweep(core, principal, toTarget(body))
    const { scope, notBefore, foreignNotBefore, ...met } = await revokeBefore(core, sweep)
    const id = formatRevocationId(scope)
    return {
      status: 201,
      headers: { location: `/v1/revocations/${id}` },
      body: {
        id,
        notBefore: notBefore.toISOString(),
        foreignNotBefore: foreignNotBefore.toISOString(),
        ...met,
      },
    }
  },
})

function toTarget(body: Static<typeof Body>): RevocationTarget {
  const given = TARGETS.filter((target) => body[target] !== undefined)
  if (given.length !== 1) {
    const reason = `exactly one of ${TARGETS.join(', ')} is needed`
    throw refusal('field-invalid', { field: 'body', reason })
  }
  if (body.file !== undefined) return { kind: 'file', path: body.file }
  if (body.folder !== undefined) return { kind: 'folder', path: body.folder }
  if (body.subject !== undefined) return { kind: 'subject', subject: body.subject }
  return body.key === undefined ? { kind: 'instance' } : { kind: 'key', keyId: body.key }
}
