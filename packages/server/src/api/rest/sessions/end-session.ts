/** `DELETE /v1/session`. */
import { clearConsoleSession, readConsoleSession } from '../../../auth/console-session.ts'
import { actorOf } from '../../../core/actor-of.ts'
import { endSession as end, findSession } from '../../../core/sessions/sessions.ts'
import { defineOperation } from '../operation.ts'

export const endSession = defineOperation({
  id: 'endSession',
  method: 'DELETE',
  path: '/v1/session',
  tag: 'Sessions',
  summary: 'Sign out of the console',
  description: 'The cookie is good for nothing from then on, wherever else it is kept.',
  access: 'key',
  bodyKind: 'none',
  answers: { 204: null },
  handle: async ({ core, principal, request }) => {
    const sent = readConsoleSession(core, request.rawHeaders)
    const session = sent === null ? null : await findSession(core, sent.token)
    if (session !== null) await end(core, session, actorOf(principal))
    return { status: 204, headers: { 'set-cookie': clearConsoleSession(core) } }
  },
})
