/** Who is signed in to the console, in which browser. */
import { integer, integerOrNull, jsonOrNull, shape, table, text, textOrNull } from '../table.ts'

/** Somebody of whom a provider of OpenID Connect said who they are. */
export interface SessionPerson {
  /** Of `issuer`, letter by letter. */
  readonly issuer: string
  readonly subject: string
  /** How people call them. */
  readonly name: string
  /** Those that the settings had a word on when they signed in. */
  readonly groups: readonly string[]
}

export const sessions = table('sessions', {
  /** Hex SHA-256 of what the cookie holds. */
  id: text('id'),
  /** The API key they signed in with; `null` for people. */
  keyId: textOrNull('key_id'),
  person: jsonOrNull('person', shape<SessionPerson>()),
  /** Hex SHA-256 of the state that the provider gave back: no two sessions have the same. */
  signInId: textOrNull('sign_in_id'),
  createdAt: integer('created_at'),
  expiresAt: integer('expires_at'),
  /** Signed out; `null`: not yet. It is kept until its time, so that no state is used again. */
  endedAt: integerOrNull('ended_at'),
})
