/**
 * `hallpass cp`: files and folders to a server, and from it.
 *
 * @module
 */
import { Command } from 'commander'
import { CliError } from '../io.ts'
import type { CliIo } from '../io.ts'
import { CONNECTION_HELP, addConnectionOptions, readConnection } from '../remote/connection.ts'
import type { ConnectionOptions } from '../remote/connection.ts'
import { copyDown } from '../remote/files/copy-down.ts'
import { copyUp } from '../remote/files/copy-up.ts'
import type { CopyOptions } from '../remote/files/report-copy.ts'
import { findRemotePath } from '../remote/files/remote-path.ts'

const HELP = `
A path on the server begins with hp: and has the bucket first; one that ends in a slash, or is a bucket, is a folder.
With -r everything that lies in SOURCE comes to lie in TARGET. Files that are there already with the same content are left out, so that a
copy that broke off goes on when it is called again; a single download goes on within the file.

${CONNECTION_HELP}

Examples:
  hallpass cp report.pdf hp:acme/reports/
  hallpass cp hp:acme/reports/report.pdf .
  hallpass cp -r ./site hp:acme/site
  hallpass cp -r hp:acme/site ./site

Exit codes: 0 done · 2 the command line cannot be used, or the server refuses · 3 a file, the disk or the server failed.
`

export function createCpCommand(io: CliIo): Command {
  const command = new Command('cp')
    .description('Copies files to a server and from it, compared by their hash.')
    .argument('<SOURCE>', 'a file or folder, here or on the server (hp:acme/report.pdf)')
    .argument('<TARGET>', 'the place it shall have, on the other side')
    .option('-r, --recursive', 'a folder, with all that lies below it')
    .option('--no-overwrite', 'replace nothing')
    .option(
      '--content-type <TYPE>',
      'of one file that goes up; else the ending of its name says it',
    )
    .option('--json', 'one line of JSON for each file')
    .addHelpText('after', HELP)
  return addConnectionOptions(command).action(
    async (source: string, target: string, options: CopyOptions & ConnectionOptions) => {
      const [from, to] = [findRemotePath(source), findRemotePath(target)]
      if ((from === null) === (to === null)) {
        throw new CliError(
          'one of SOURCE and TARGET must be on the server, and begin with hp: (hp:acme/report.pdf).',
        )
      }
      const connection = await readConnection(io, options)
      if (to !== null) await copyUp(io, connection, { ...options, source, target: to })
      else await copyDown(io, connection, { ...options, source: from ?? '', target })
    },
  )
}
