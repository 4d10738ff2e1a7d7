/** `GET /v1/me`: the key, the end user, or the person at the console that asks. */
import { Type } from 'typebox'
import { refusal } from '../../../core/errors.ts'
import { usageOf } from '../../../core/files/quota.ts'
import { defineOperation } from '../operation.ts'
import {
  CallingKeySchema,
  PersonSchema,
  UserSchema,
  viewApiKey,
  viewPerson,
  viewUser,
} from './key-view.ts'

export const getMe = defineOperation({
  id: 'getMe',
  method: 'GET',
  path: '/v1/me',
  tag: 'Keys',
  summary: 'Get the key that is calling',
  description:
    'What it may do, where, from which addresses and until when, and how much of its quota is taken. Every key may ask, every end user, and whoever is signed in to the console.',
  access: 'key',
  bodyKind: 'none',
  answers: { 200: Type.Union([CallingKeySchema, UserSchema, PersonSchema]) },
  handle: async ({ core, principal }) => {
    if (principal.user !== undefined) return { status: 200, body: viewUser(principal.user) }
    if (principal.person !== undefined) {
      return { status: 200, body: viewPerson(principal, principal.person) }
    }
    const key = (await core.keyRing.current()).findApiKeyById(principal.id, core.clock.now())
    if (key === null) throw refusal('api-key-invalid', {})
    const { quota } = key.scope
    const quotaUsed = quota === undefined ? null : await usageOf(core, quota)
    return { status: 200, body: { ...viewApiKey(key), quotaUsed } }
  },
})
