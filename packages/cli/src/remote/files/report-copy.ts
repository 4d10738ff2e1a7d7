/**
 * Says what became of one file of a copy.
 *
 * @module
 */
import type { CliIo } from '../../io.ts'
import { formatBytes, printable, write, writeJsonLine } from '../../output.ts'

/** How a copy was asked for. */
export interface CopyOptions {
  readonly recursive?: boolean
  /** `false` with `--no-overwrite`. */
  readonly overwrite: boolean
  readonly contentType?: string
  readonly json?: boolean
}

export interface Copied {
  readonly from: string
  readonly to: string
  /** Bytes. */
  readonly size: number
  /** Hex; `null` where the server knows none, and the size alone was compared. */
  readonly sha256: string | null
  /** It was there already. */
  readonly skipped?: boolean
  /** It waits in quarantine under this id. */
  readonly heldId?: string | null
}

export async function reportCopy(
  io: CliIo,
  { json }: Pick<CopyOptions, 'json'>,
  { from, to, size, sha256, skipped = false, heldId = null }: Copied,
): Promise<void> {
  if (json === true) {
    await writeJsonLine(io.stdout, { from, to, size, sha256, skipped, heldId })
    return
  }
  const note = skipped ? 'there already' : noteOf(size, sha256)
  const wait = heldId === null ? '' : `, waits in quarantine (${printable(heldId)})`
  await write(io.stdout, `${printable(from)} -> ${printable(to)}  ${note}${wait}\n`)
}

function noteOf(size: number, sha256: string | null): string {
  return sha256 === null ? `${formatBytes(size)}, no hash to compare with` : formatBytes(size)
}
