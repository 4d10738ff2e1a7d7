/**
 * Shows what was shared: the link alone on standard output, the rest beside it.
 *
 * @module
 */
import type { CliIo } from '../../io.ts'
import { write, writeJsonLine } from '../../output.ts'
import type { Shared } from './ask-for-link.ts'
import { copyText } from './copy-text.ts'

export interface ShowOptions {
  readonly qr?: boolean
  /** `false` with `--no-copy`. */
  readonly copy: boolean
  readonly json?: boolean
}

export async function showShared(
  io: CliIo,
  shared: Shared,
  { qr, copy, json }: ShowOptions,
): Promise<void> {
  const { id, url, expiresAt } = shared
  // First, so that a link that cannot be written down can be revoked.
  io.stderr.write(`link ${id} until ${expiresAt}; 'hallpass revoke ${id}' ends it\n`)
  if (json === true) await writeJsonLine(io.stdout, shared)
  else await write(io.stdout, `${url}\n`)
  if (qr === true) {
    const { renderUnicodeCompact } = await import('uqr')
    io.stderr.write(`${renderUnicodeCompact(url, { border: 2 })}\n`)
  }
  const isAtTerminal = 'isTTY' in io.stdout && io.stdout.isTTY === true
  if (!copy || !isAtTerminal) return
  const copier = await copyText(io, url)
  io.stderr.write(
    copier === null ? 'not copied: there is no clipboard here\n' : `copied by ${copier}\n`,
  )
}
