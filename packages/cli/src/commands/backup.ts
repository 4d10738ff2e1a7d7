/**
 * `hallpass backup`: the whole service into a folder or an object store, while it runs.
 *
 * @module
 */
import { backUpService } from '@hallpass/server'
import type { BackedUp } from '@hallpass/server'
import { Command } from 'commander'
import { EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { BACKUP_PLACES, backupPlace, keepService } from '../keep-service.ts'
import { formatBytes, write, writeJsonLine } from '../output.ts'
import { SERVICE_HELP, addServiceOptions, readServiceConfig } from '../service-options.ts'
import type { ServiceOptions } from '../service-options.ts'

const HELP = `
The backup is the state of one moment: every file, version, link, key, policy and event. The server may go on meanwhile. Blobs that an earlier
backup brought to the same place are not copied again. The credentials of an object store that backups lie in are what Amazon's chain finds, such
as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.

The master key is NOT in it unless --with-master-key is given: without it no access key, signing key or webhook of the backup can be used.
With it, whoever reads the backup can sign anything: keep it as you keep the key.

${SERVICE_HELP}

Examples:
  hallpass backup --data-dir /var/lib/hallpass /mnt/backup/hallpass
  hallpass backup --config hallpass.json --with-master-key /mnt/backup/hallpass
  hallpass backup --data-dir /var/lib/hallpass 's3://backups/hallpass?region=eu-central-1'

Exit codes: 0 done · 1 done, and blobs are missing in it because they are damaged · 2 the command line or the data cannot be used ·
3 a disk, a store or the database failed: what was begun is no backup.
`

export function createBackupCommand(io: CliIo): Command {
  const command = new Command('backup')
    .description(
      'Copies the whole service into a folder or an object store, consistently, while it runs.',
    )
    .argument('<TO>', `${BACKUP_PLACES}: empty, or with earlier backups`)
    .option('--with-master-key', 'copy the master key too')
    .option('--json', 'say what was done as one line of JSON')
    .addHelpText('after', HELP)
  return addServiceOptions(command).action(async (to: string, options: ServiceOptions) => {
    const config = readServiceConfig(io, options)
    const withMasterKey = options['withMasterKey'] === true
    const done = await keepService(io, (wish) =>
      backUpService(config, { ...wish, at: backupPlace(io, to), withMasterKey }),
    )
    if (options['json'] === true) await writeJsonLine(io.stdout, toJson(done))
    else await write(io.stdout, describe(done))
    if (done.manifest.damaged.length > 0) io.exitCode = EXIT.negative
  })
}

function toJson({ snapshot, manifest, added, addedBytes }: BackedUp): object {
  const { takenAt, blobs, damaged, rows, masterKey } = manifest
  return {
    snapshot,
    takenAt,
    rows: Object.values(rows).reduce((sum, count) => sum + count, 0),
    blobs: blobs.count,
    bytes: blobs.size,
    addedBlobs: added,
    addedBytes,
    damaged,
    hasMasterKey: masterKey !== null,
  }
}

function describe({ snapshot, manifest, added, addedBytes }: BackedUp): string {
  const { rows, blobs, damaged, masterKey } = manifest
  const { files = 0, versions = 0 } = rows
  const lines = [
    `snapshot ${snapshot}`,
    `  ${files} files and ${versions} older versions, ${blobs.count} blobs of ${formatBytes(blobs.size)}; ${added} of them new, ${formatBytes(addedBytes)}`,
    masterKey === null
      ? '  The master key is NOT in it. Keep master.key, or what HALLPASS_MASTER_KEY says, somewhere else.'
      : '  The master key is in it: whoever reads the backup can sign anything.',
  ]
  if (damaged.length > 0) {
    lines.push(
      `  ${damaged.length} blobs are damaged and NOT in it, ${damaged[0] ?? ''} among them: hallpass fsck says which files they belong to.`,
    )
  }
  return `${lines.join('\n')}\n`
}
