/** Strangers' words, as they may be kept: an agent or the name of a file that was asked for may hold a whole URL, query and all, or a share's address. */
import { redact } from '@hallpass/signing/redact'

export function withoutSecrets(text: string): string {
  return /[=?%\\&]|\/s\//.test(text) ? redact(text) : text
}
