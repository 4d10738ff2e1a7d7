/** Who may upload what, and see what: the application's own rules. */
import process from 'node:process'
import { createHallpass } from '@hallpass/client'

export const hp = createHallpass({
  url: process.env.HALLPASS_URL ?? 'http://localhost:8787',
  key: process.env.HALLPASS_API_KEY,
})

/** Stands for your sessions: whoever comes is this user. */
export async function userOf(_request) {
  return 'ada'
}
