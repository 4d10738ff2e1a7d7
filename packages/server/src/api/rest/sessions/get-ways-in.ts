/** `GET /v1/session/ways`: how somebody may sign in to the console. */
import { Type } from 'typebox'
import { readConsoleSession } from '../../../auth/console-session.ts'
import { findSession } from '../../../core/sessions/sessions.ts'
import { defineOperation } from '../operation.ts'
import { named, strictObject } from '../schemas.ts'

const WaysInSchema = named(
  'WaysIn',
  strictObject(
    {
      openId: Type.Union([strictObject({ issuer: Type.String() }), Type.Null()], {
        description: 'The provider of OpenID Connect that signs people in; `null` without one.',
      }),
      isSignedIn: Type.Boolean({
        description: 'The page that asks is the console, in a browser that is signed in to it.',
      }),
    },
    'How people sign in, besides with an API key.',
  ),
)

export const getWaysIn = defineOperation({
  id: 'getWaysIn',
  method: 'GET',
  path: '/v1/session/ways',
  tag: 'Sessions',
  summary: 'See how the console can be signed in to',
  access: 'anyone',
  bodyKind: 'none',
  answers: { 200: WaysInSchema },
  handle: async ({ core, request }) => {
    const { signIn } = core
    const sent = readConsoleSession(core, request.rawHeaders)
    const session = sent?.isOwnPage === true ? await findSession(core, sent.token) : null
    const openId = signIn === null ? null : { issuer: signIn.issuer }
    return { status: 200, body: { openId, isSignedIn: session !== null } }
  },
})
