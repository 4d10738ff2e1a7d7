/** Why the way back from the provider did not lead in, by the code in the address. */
import { HallpassError } from '@hallpass/client'

const SENTENCES: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  'sign-in-stale': [
    'This sign-in was not begun in this browser a moment ago.',
    'Begin again from here, and allow this page its cookies.',
  ],
  'sign-in-refused': [
    'The provider did not sign you in.',
    'Try again. If it stays so, the log of the server says why.',
  ],
  'sign-in-no-group': [
    'You are signed in at the provider, and in none of the groups that may come in here.',
    'Ask whoever runs this server which group you need.',
  ],
  'sign-in-unavailable': [
    'The provider that signs people in does not answer.',
    'Try again in a moment, or sign in with an API key.',
  ],
  'too-many-requests': [
    'So many requests came from here that this one was not answered.',
    'Wait a moment.',
  ],
}

/** `null` where nothing was refused. Anybody can write an address: only codes that are known say something. */
export function refusedSignIn(): HallpassError | null {
  const code = new URLSearchParams(location.search).get('refused') ?? ''
  const [message, remedy] = (Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined) ?? []
  if (message === undefined || remedy === undefined) return null
  return new HallpassError({ code: code as HallpassError['code'], message, remedy })
}
