/** `GET /v1/me`: the key, or the end user, that asks. */
import { Type } from 'typebox'
import { refusal } from '../../../core/errors.ts'
import { defineOperation } from '../operation.ts'
import { ApiKeySchema, UserSchema, viewApiKey, viewUser } from './key-view.ts'

export const getMe = defineOperation({
  id: 'getMe',
  method: 'GET',
  path: '/v1/me',
  tag: 'Keys',
  summary: 'Get the key that is calling',
  description:
    'What it may do, where, from which addresses and until when. Every key may ask, and every end user.',
  access: 'key',
  bodyKind: 'none',
  answers: { 200: Type.Union([ApiKeySchema, UserSchema]) },
  handle: async ({ core, principal }) => {
    if (principal.user !== undefined) return { status: 200, body: viewUser(principal.user) }
    const key = (await core.keyRing.current()).findApiKeyById(principal.id, core.clock.now())
    if (key === null) throw refusal('api-key-invalid', {})
    return { status: 200, body: viewApiKey(key) }
  },
})
