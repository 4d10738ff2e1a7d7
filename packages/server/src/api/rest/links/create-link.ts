/** `POST /v1/links`: a signed URL for one file and one method, with a record behind it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { CoreContext } from '../../../core/context.ts'
import { DomainError } from '../../../core/errors.ts'
import { getFile } from '../../../core/files/files.ts'
import type { Principal } from '../../../core/identity.ts'
import { MAX_PUT_BYTES } from '../../../core/limits.ts'
import { issueLink } from '../../../core/links/issue-link.ts'
import type { LinkOptions } from '../../../core/links/issue-link.ts'
import { parseFilePath } from '../../../core/paths.ts'
import type { ObjectPath } from '../../../core/paths.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { Cidrs, Id, Path, Time, strictObject } from '../schemas.ts'

const ContentType = Type.String({
  pattern: '^[A-Za-z0-9!#$&^_.+-]{1,127}/(?:[A-Za-z0-9!#$&^_.+-]{1,127}|\\*)$',
})

const Body = strictObject({
  path: Type.Optional(Path),
  fileId: Type.Optional(Id),
  method: Type.Optional(
    Type.Union([Type.Literal('GET'), Type.Literal('PUT')], {
      description: 'GET downloads (and allows HEAD), PUT uploads. GET unless said otherwise.',
    }),
  ),
  expiresIn: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 2 ** 31 - 1,
      description:
        'Seconds. 300 for downloads and 900 for uploads unless said otherwise; over 24 hours only with a reason, never over 7 days.',
    }),
  ),
  ip: Type.Optional(
    Type.Union([Type.String({ minLength: 1, maxLength: 64 }), Cidrs], {
      description: 'An address or range, or several, from which alone the link works.',
    }),
  ),
  maxUses: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'How often it works. HEAD, 304, 416 and a resumed download use nothing.',
    }),
  ),
  filename: Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: 'What a download is saved as.' }),
  ),
  reason: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Why the link exists; kept with its record. Needed for more than 24 hours.',
    }),
  ),
  maxBytes: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_PUT_BYTES,
      description: 'Uploads: a larger body is stopped on the way.',
    }),
  ),
  contentType: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7E]+(?: [\\x21-\\x7E]+)*$',
      description: 'Uploads: signed in, so that exactly this Content-Type must be sent.',
    }),
  ),
  contentTypes: Type.Optional(
    Type.Array(ContentType, {
      minItems: 1,
      maxItems: 32,
      description: 'Uploads: one of these must be sent; `image/*` takes a family.',
    }),
  ),
})

const Answer = strictObject(
  {
    id: Id,
    url: Type.String(),
    method: Type.Union([Type.Literal('GET'), Type.Literal('PUT')]),
    headers: Type.Record(Type.String(), Type.String(), {
      description: 'What must be sent with the request.',
    }),
    expiresAt: Time,
  },
  'The link. Its URL is shown this once.',
)

export const createLink: Operation = defineOperation({
  id: 'createLink',
  method: 'POST',
  path: '/v1/links',
  tag: 'Links',
  summary: 'Issue a signed URL',
  description:
    'Name the file by `path` or by `fileId`. Method and life are signed: the URL does one thing, for that long.',
  access: 'key',
  bodyKind: 'json',
  body: Body,
  answers: { 201: Answer },
  handle: async ({ core, principal, body }) => {
    const target = await findTarget(core, principal, body)
    const { id, url, method, headers, expiresAt } = await issueLink(
      core,
      principal,
      toLinkOptions(target, body),
    )
    return {
      status: 201,
      headers: { location: `/v1/links/${id}` },
      body: { id, url, method, headers, expiresAt: expiresAt.toISOString() },
    }
  },
})

type LinkBody = Static<typeof Body>

async function findTarget(
  core: CoreContext,
  principal: Principal,
  { path, fileId }: LinkBody,
): Promise<ObjectPath> {
  if ((path === undefined) === (fileId === undefined)) {
    throw fieldInvalid('path', 'either path or fileId is needed, and not both')
  }
  return fileId === undefined ? parseFilePath(path ?? '') : getFile(core, principal, fileId)
}

/** What is meant for the other method is refused instead of ignored: it would be a limit that nobody keeps. */
function toLinkOptions({ bucket, key }: ObjectPath, body: LinkBody): LinkOptions {
  const { path: _path, fileId: _fileId, expiresIn, ip, method = 'GET', ...rest } = body
  const foreign =
    method === 'GET'
      ? (['maxBytes', 'contentType', 'contentTypes'] as const)
      : (['filename'] as const)
  for (const field of foreign) {
    if (body[field] !== undefined) throw fieldInvalid(field, `it does not apply to ${method} links`)
  }
  return {
    bucket,
    key,
    method,
    ...rest,
    ...(expiresIn === undefined ? {} : { expiresInSeconds: expiresIn }),
    ...(ip === undefined ? {} : { ips: typeof ip === 'string' ? [ip] : ip }),
  }
}

function fieldInvalid(field: string, reason: string): DomainError<'field-invalid'> {
  return new DomainError('field-invalid', `${field}: ${reason}.`, { field, reason })
}
