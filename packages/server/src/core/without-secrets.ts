/** Strangers' words, as they may be kept: an agent or the name of a file that was asked for may hold a whole URL, query and all, a share's address, or a key alone. */
import { redact } from '@hallpass/signing/redact'

/** What no usual name of a file or a program has: marks of a query, of a user in a URL and of a share, or letters as many as a key has. */
const SUSPECT = /[=?%\\&@]|\/s\/|[0-9A-Za-z+_-]{16}/

export function withoutSecrets(text: string): string {
  return SUSPECT.test(text) ? redact(text) : text
}

/** Names of programs have no long runs of mixed letters and digits: such a run is a key or a signature, whoever made it. */
export function agentWithoutSecrets(agent: string): string {
  return withoutSecrets(agent).replaceAll(LONG_RUN, (run) => (isRandom(run) ? '[redacted]' : run))
}

const LONG_RUN = /[0-9A-Za-z+_=-]{16,}/g
const HEX = /^[0-9A-Fa-f]{32,}$/

function isRandom(run: string): boolean {
  return HEX.test(run) || (/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run))
}
