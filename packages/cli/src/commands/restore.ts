/**
 * `hallpass restore`: a service out of a backup.
 *
 * @module
 */
import { checkServiceBackup, restoreService } from '@hallpass/server'
import type { Checked, Restored } from '@hallpass/server'
import { Command } from 'commander'
import { EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { backupPlace, keepService } from '../keep-service.ts'
import { formatBytes, write, writeJsonLine } from '../output.ts'
import { SERVICE_HELP, addServiceOptions, readServiceConfig } from '../service-options.ts'
import type { ServiceOptions } from '../service-options.ts'

const HELP = `
The data directory, the database and the object store must be empty. It does not matter whether the backup was made over SQLite or PostgreSQL, or where
its files lay. Every blob is compared with its hash. One that was cut off is gone on with when it is called again; until it is through, no server starts on the directory.

With the state of the backup its links and keys come back, also those that were revoked after it: hallpass revoke --all ends every link
that was issued before.

${SERVICE_HELP}

Examples:
  hallpass restore --data-dir ./restored /mnt/backup/hallpass
  hallpass restore --check /mnt/backup/hallpass

Exit codes: 0 done · 1 --check found blobs that are not what was written · 2 the command line cannot be used, the backup is none, or the target is not
empty · 3 the backup is damaged, or a disk, a store or the database failed.
`

export function createRestoreCommand(io: CliIo): Command {
  const command = new Command('restore')
    .description('Makes a service of a backup, and compares every byte.')
    .argument(
      '<FROM>',
      'what was given to hallpass backup: a folder, or the address of an object store',
    )
    .option('--snapshot <NAME>', 'another than the newest')
    .option('--check', 'read and compare everything, and write nothing')
    .option('--json', 'say what was done as one line of JSON')
    .addHelpText('after', HELP)
  return addServiceOptions(command).action(async (from: string, options: ServiceOptions) => {
    const { snapshot } = options
    const asked = {
      at: backupPlace(io, from),
      snapshot: typeof snapshot === 'string' ? snapshot : null,
    }
    if (options['check'] === true) {
      const checked = await keepService(io, (wish) => checkServiceBackup({ ...wish, ...asked }))
      await tellChecked(io, checked, options['json'] === true)
      return
    }
    const config = readServiceConfig(io, options)
    const done = await keepService(io, (wish) => restoreService(config, { ...wish, ...asked }))
    await tellRestored(io, done, options['json'] === true)
  })
}

async function tellChecked(io: CliIo, checked: Checked, isJson: boolean): Promise<void> {
  const { snapshot, manifest, faulty } = checked
  const { count, size } = manifest.blobs
  if (isJson) await writeJsonLine(io.stdout, { snapshot, blobs: count, bytes: size, faulty })
  else {
    const found =
      faulty.length === 0
        ? 'every one is what was written'
        : `${faulty.length} are NOT what was written:\n${faulty.map((id) => `    ${id}`).join('\n')}`
    await write(
      io.stdout,
      `snapshot ${snapshot}\n  ${count} blobs of ${formatBytes(size)}; ${found}\n`,
    )
  }
  if (faulty.length > 0) io.exitCode = EXIT.negative
}

async function tellRestored(io: CliIo, done: Restored, isJson: boolean): Promise<void> {
  const { snapshot, manifest, hasMasterKey } = done
  const { rows, blobs, damaged } = manifest
  if (isJson) {
    const { count, size } = blobs
    await writeJsonLine(io.stdout, {
      snapshot,
      files: rows['files'] ?? 0,
      blobs: count,
      bytes: size,
      damaged,
      hasMasterKey,
    })
    return
  }
  const lines = [
    `restored snapshot ${snapshot}`,
    `  ${rows['files'] ?? 0} files and ${rows['versions'] ?? 0} older versions, ${blobs.count} blobs of ${formatBytes(blobs.size)}`,
    hasMasterKey
      ? '  The master key came with it.'
      : '  The master key was NOT in the backup: put master.key into the data directory, or set HALLPASS_MASTER_KEY, before the server is started.',
  ]
  if (damaged.length > 0) {
    lines.push(
      `  ${damaged.length} blobs were damaged when the backup was made; what they hold is not served.`,
    )
  }
  await write(io.stdout, `${lines.join('\n')}\n`)
}
