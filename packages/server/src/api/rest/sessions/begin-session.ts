/** `POST /v1/session`: the console signs in with a key, which it then forgets. */
import { formatConsoleSession } from '../../../auth/console-session.ts'
import { actorOf } from '../../../core/actor-of.ts'
import { refusal } from '../../../core/errors.ts'
import { beginKeySession } from '../../../core/sessions/sessions.ts'
import { defineOperation } from '../operation.ts'
import { Time, formatTime, named, strictObject } from '../schemas.ts'

const SessionSchema = named(
  'Session',
  strictObject({ expiresAt: Time }, 'Until when the cookie holds; the key may end it before.'),
)

export const beginSession = defineOperation({
  id: 'beginSession',
  method: 'POST',
  path: '/v1/session',
  tag: 'Sessions',
  summary: 'Sign in to the console with a key',
  description:
    'Answers with a cookie that has the rights of the key, for twelve hours at most. It counts in requests of the console’s own pages alone, which say so with the header `X-Hallpass-Console`; programs send the key.',
  access: 'key',
  bodyKind: 'none',
  answers: { 201: SessionSchema },
  handle: async ({ core, principal, request }) => {
    // A session that could make the next one would never end.
    const isKey = principal.kind === 'api-key' && request.headers.authorization !== undefined
    const keys = await core.keyRing.current()
    const key = isKey ? keys.findApiKeyById(principal.id, core.clock.now()) : null
    if (key === null) {
      const reason = 'The console is opened with an API key'
      throw refusal('forbidden', { action: 'begin a session', reason })
    }
    const session = await beginKeySession(core, key, actorOf(principal))
    return {
      status: 201,
      headers: { 'set-cookie': formatConsoleSession(core, session, core.clock.now()) },
      body: { expiresAt: formatTime(session.expiresAt) },
    }
  },
})
