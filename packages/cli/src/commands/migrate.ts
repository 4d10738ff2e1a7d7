/**
 * `hallpass migrate`: the schema of a catalog, brought up to this version.
 *
 * @module
 */
import { migrateService } from '@hallpass/server'
import type { SchemaPlan } from '@hallpass/server'
import { Command } from 'commander'
import type { CliIo } from '../io.ts'
import { write, writeJsonLine } from '../output.ts'
import {
  SERVICE_HELP,
  addServiceOptions,
  readServiceConfig,
  withService,
} from '../service-options.ts'
import type { ServiceOptions } from '../service-options.ts'

const HELP = `
A server does the same when it starts. All steps are one transaction, under a lock: of many that try at once, one does it. A step never goes back:
to go back to an older Hallpass, restore a backup that the older one made.

${SERVICE_HELP}

Examples:
  hallpass migrate --plan --data-dir /var/lib/hallpass
  hallpass migrate --data-dir /var/lib/hallpass

Exit codes: 0 done, or nothing to do · 2 the command line or the data cannot be used · 3 a disk or the database failed: nothing was changed.
`

export function createMigrateCommand(io: CliIo): Command {
  const command = new Command('migrate')
    .description(
      'Brings the catalog to the schema of this version, as a server does when it starts.',
    )
    .option('--plan', 'say what would be done, and do nothing')
    .option('--json', 'one line of JSON')
    .addHelpText('after', HELP)
  return addServiceOptions(command).action(async (options: ServiceOptions) => {
    const config = readServiceConfig(io, options)
    const isPlan = options['plan'] === true
    const plan = await withService(() => migrateService(config, !isPlan))
    if (options['json'] === true) await writeJsonLine(io.stdout, plan)
    else await write(io.stdout, describe(plan, isPlan))
  })
}

function describe({ name, from, to, steps }: SchemaPlan, isPlan: boolean): string {
  if (steps.length === 0) return `${name} has schema ${to}; nothing is to be done.\n`
  const head = `${name}: schema ${from} ${isPlan ? 'would become' : 'became'} ${to}\n`
  return head + steps.map((step) => `  ${step.version}  ${step.name}\n`).join('')
}
