/** `POST /v1/revocations`: every link of a file, below a folder, of a key or of the instance, made before now. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { DomainError } from '../../../core/errors.ts'
import { revokeBefore } from '../../../core/links/links.ts'
import type { RevocationTarget } from '../../../core/links/links.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { Id, Path, Time, strictObject } from '../schemas.ts'

const TARGETS = ['file', 'folder', 'key', 'all'] as const

const Body = strictObject({
  file: Type.Optional(Path),
  folder: Type.Optional(Path),
  key: Type.Optional(Id),
  all: Type.Optional(Type.Literal(true)),
})

export const createRevocation: Operation = defineOperation({
  id: 'createRevocation',
  method: 'POST',
  path: '/v1/revocations',
  tag: 'Links',
  summary: 'Revoke every link made before now',
  description:
    'Exactly one of `file`, `folder`, `key` (an access key or signing key) and `all` says which. URLs that clients presigned themselves die too. Links made from now on work.',
  access: 'key',
  bodyKind: 'json',
  body: Body,
  answers: { 201: strictObject({ notBefore: Time }) },
  handle: async ({ core, principal, body }) => {
    const notBefore = await revokeBefore(core, principal, toTarget(body))
    return { status: 201, body: { notBefore: notBefore.toISOString() } }
  },
})

function toTarget(body: Static<typeof Body>): RevocationTarget {
  const given = TARGETS.filter((target) => body[target] !== undefined)
  if (given.length !== 1) {
    const reason = `exactly one of ${TARGETS.join(', ')} is needed`
    throw new DomainError('field-invalid', `body: ${reason}.`, { field: 'body', reason })
  }
  if (body.file !== undefined) return { kind: 'file', path: body.file }
  if (body.folder !== undefined) return { kind: 'folder', path: body.folder }
  return body.key === undefined ? { kind: 'instance' } : { kind: 'key', keyId: body.key }
}
