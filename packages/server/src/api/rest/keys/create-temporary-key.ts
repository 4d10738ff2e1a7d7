/** `POST /v1/access-keys/temporary`: S3 credentials with a session token, narrower than the key that asks for them. */
import { Type } from 'typebox'
import { TEMPORARY_ACTIONS, createTemporaryKey as make } from '../../../core/keys/temporary-keys.ts'
import { DEFAULT_TEMPORARY_SECONDS, MAX_TEMPORARY_SECONDS } from '../../../core/limits.ts'
import { parseFolderPath } from '../../../core/paths.ts'
import { authorize, authorizeReach } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { Cidrs, Id, Time, named, strictObject } from '../schemas.ts'

const Actions = Type.Array(
  Type.Unsafe<(typeof TEMPORARY_ACTIONS)[number]>({ type: 'string', enum: [...TEMPORARY_ACTIONS] }),
  { minItems: 1, maxItems: TEMPORARY_ACTIONS.length, uniqueItems: true },
)

const TemporaryKeySchema = named(
  'TemporaryKey',
  strictObject(
    {
      accessKeyId: Id,
      secretAccessKey: Type.String(),
      sessionToken: Type.String({ description: 'To be sent with every request.' }),
      actions: Actions,
      pathPrefix: Type.String(),
      cidrs: Type.Array(Type.String()),
      mayPresignDelete: Type.Boolean(),
      expiresAt: Time,
    },
    'The credentials, shown this once and stored nowhere.',
  ),
)

export const createTemporaryKey = defineOperation({
  id: 'createTemporaryKey',
  method: 'POST',
  path: '/v1/access-keys/temporary',
  tag: 'Keys',
  summary: 'Create temporary S3 credentials',
  description:
    'They may what the calling key may at most, and end with it, at their time, or with a sweep that ends its links. `pathPrefix` is the prefix of the calling key unless a narrower one is asked for. The right to share is needed there.',
  access: 'key',
  bodyKind: 'json',
  body: strictObject({
    actions: Actions,
    pathPrefix: Type.Optional(Type.String({ maxLength: 1100 })),
    cidrs: Type.Optional(Cidrs),
    expiresIn: Type.Optional(
      Type.Integer({
        minimum: 60,
        maximum: MAX_TEMPORARY_SECONDS,
        description: `Seconds; ${DEFAULT_TEMPORARY_SECONDS} unless said otherwise.`,
      }),
    ),
    mayPresignDelete: Type.Optional(Type.Boolean()),
  }),
  answers: { 201: TemporaryKeySchema },
  handle: async ({ core, principal, body }) => {
    const { expiresIn = DEFAULT_TEMPORARY_SECONDS, pathPrefix = '', ...asked } = body
    const permit =
      pathPrefix === ''
        ? await authorizeReach(core, principal, 'share')
        : await authorize(core, principal, 'share', parseFolderPath(pathPrefix))
    const { record, secretAccessKey, sessionToken } = await make(core, permit, {
      ...asked,
      pathPrefix: pathPrefix === '' ? principal.scope.pathPrefix : pathPrefix,
      expiresInSeconds: expiresIn,
    })
    const { scope, mayPresignDelete, expiresAt } = record
    return {
      status: 201,
      body: {
        accessKeyId: record.id,
        secretAccessKey,
        sessionToken,
        actions: [...scope.actions],
        pathPrefix: scope.pathPrefix,
        cidrs: [...scope.cidrs],
        mayPresignDelete,
        expiresAt: new Date(expiresAt ?? 0).toISOString(),
      },
    }
  },
})
