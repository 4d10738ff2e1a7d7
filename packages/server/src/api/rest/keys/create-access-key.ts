/** `POST /v1/access-keys`: an S3 key pair. */
import { Type } from 'typebox'
import { createAccessKey as makeAccessKey } from '../../../core/keys/access-keys.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { parseKeyExpiry } from './expiry.ts'
import {
  CreatedAccessKeySchema,
  MaxExpiresIn,
  QuotaWish,
  scopeProperties,
  viewAccessKey,
} from './key-view.ts'

export const createAccessKey = defineOperation({
  id: 'createAccessKey',
  method: 'POST',
  path: '/v1/access-keys',
  tag: 'Keys',
  summary: 'Create an S3 key pair',
  description:
    'The secret is shown in this answer and never again. URLs presigned with the pair live at most `maxExpiresIn` seconds, a day unless said otherwise.',
  access: 'admin',
  bodyKind: 'json',
  body: strictObject({
    ...scopeProperties,
    quota: QuotaWish,
    maxExpiresIn: Type.Optional(MaxExpiresIn),
    mayPresignDelete: Type.Optional(Type.Boolean()),
  }),
  answers: { 201: CreatedAccessKeySchema },
  handle: async ({ core, permit, body }) => {
    const { expiresAt, maxExpiresIn, ...scope } = body
    const { record, secretAccessKey } = await makeAccessKey(core, permit, {
      ...scope,
      ...(maxExpiresIn === undefined ? {} : { maxExpiresInSeconds: maxExpiresIn }),
      ...(expiresAt === undefined
        ? {}
        : { expiresAt: parseKeyExpiry(expiresAt, core.clock.now()) }),
    })
    return {
      status: 201,
      headers: { location: `/v1/access-keys/${record.id}` },
      body: { ...viewAccessKey(record), secretAccessKey },
    }
  },
})
