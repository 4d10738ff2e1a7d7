/** Who guessed passwords lately. */
import { integer, json, shape, table, text } from '../table.ts'

export const passwordGuesses = table('password_guesses', {
  /** A share, or a network. */
  who: text('who'),
  /** Of the guesses that count, in milliseconds, the oldest first. */
  times: json('times', shape<readonly number[]>()),
  /** From when on none of them counts. */
  forgetAt: integer('forget_at'),
})
