/**
 * `hallpass fsck`: whether everything that a service keeps is as it must be.
 *
 * @module
 */
import { checkService } from '@hallpass/server'
import type { Finding, Found } from '@hallpass/server'
import { Command } from 'commander'
import { EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { keepService } from '../keep-service.ts'
import { printable, write, writeJsonLine } from '../output.ts'
import { SERVICE_HELP, addServiceOptions, readServiceConfig } from '../service-options.ts'
import type { ServiceOptions } from '../service-options.ts'

const HELP = `
The server may run meanwhile. Every row of the catalog is compared with those that it goes with, over one state of the catalog, and every blob with
what the catalog says of it; docs/backup.md lists what can be found. --hashes reads every byte, which takes as long as reading the disk or the store does.

--repair puts right what can be: counts, lists, strays. Bytes that are gone it cannot bring back: it marks their blobs, so that what holds
them is answered with 500 store-corrupt and never with other bytes.

${SERVICE_HELP}

Examples:
  hallpass fsck --data-dir /var/lib/hallpass
  hallpass fsck --hashes --json
  hallpass fsck --repair

Exit codes: 0 nothing is wrong, or all of it was repaired · 1 something is wrong · 2 the command line or the data cannot be used ·
3 a disk, a store or the database failed.
`

export function createFsckCommand(io: CliIo): Command {
  const command = new Command('fsck')
    .description('Looks whether everything that is kept is as it must be, and repairs what can be.')
    .option('--repair', 'put right what can be')
    .option('--hashes', 'read every byte too')
    .option('--json', 'one line of JSON for each finding')
    .addHelpText('after', HELP)
  return addServiceOptions(command).action(async (options: ServiceOptions) => {
    const config = readServiceConfig(io, options)
    const isJson = options['json'] === true
    const counts = await keepService(io, (wish, clear) =>
      checkService(config, {
        ...wish,
        hashes: options['hashes'] === true,
        repair: options['repair'] === true,
        async onFinding(finding) {
          clear()
          if (isJson) await writeJsonLine(io.stdout, toJson(finding))
          else await write(io.stdout, describe(finding))
        },
      }),
    )
    if (!isJson) await write(io.stdout, sum(counts))
    if (counts.left > 0) io.exitCode = EXIT.negative
  })
}

function toJson({ isRepaired, ...finding }: Finding): object {
  return { ...finding, repaired: isRepaired }
}

function describe({ kind, says, subject, about, paths, isRepaired }: Finding): string {
  const end = isRepaired ? ' (repaired)' : ''
  const held = paths.map((path) => `    in ${printable(path)}\n`).join('')
  return `${kind}  ${printable(subject)}: ${says} (${printable(about)})${end}\n${held}`
}

function sum({ found, left }: Found): string {
  if (found === 0) return 'Nothing is wrong.\n'
  return left === 0
    ? `${found} found, all of them repaired.\n`
    : `${found} found, ${left} of them left.\n`
}
