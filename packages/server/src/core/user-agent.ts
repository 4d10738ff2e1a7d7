/** What a request calls itself, as far as it is kept: in the log, and with what happened. */

import { agentWithoutSecrets } from './without-secrets.ts'

const MAX_LENGTH = 200

/** The first `User-Agent`, cut short and without secrets; `null` without one. */
export function findUserAgent(rawHeaders: readonly string[]): string | null {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (name.length !== 10 || name.toLowerCase() !== 'user-agent') continue
    return agentWithoutSecrets((rawHeaders[index + 1] ?? '').slice(0, MAX_LENGTH))
  }
  return null
}
