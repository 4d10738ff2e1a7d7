/**
 * `hallpass doctor`: a running server against the security checklist, or a bucket of an object store.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { Command } from 'commander'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { isBucketUrl } from '../buckets/bucket-access.ts'
import { formatLook } from '../buckets/format-look.ts'
import { loadWithServer } from '../load-with-server.ts'
import { write, writeJsonLine } from '../output.ts'
import { unreachable } from '../remote/call-server.ts'
import { CONNECTION_HELP, addConnectionOptions, findConnection } from '../remote/connection.ts'
import type { Connection, ConnectionOptions } from '../remote/connection.ts'
import { askChecklist } from '../remote/doctor/ask-checklist.ts'
import { findCanary } from '../remote/doctor/find-canary.ts'
import { attempt } from '../remote/doctor/findings.ts'
import type { Finding } from '../remote/doctor/findings.ts'
import { formatChecklist, gather } from '../remote/doctor/format-checklist.ts'
import { lookFromOutside } from '../remote/doctor/look-from-outside.ts'
import { probeLinks } from '../remote/doctor/probe-links.ts'
import { probeUploads } from '../remote/doctor/probe-uploads.ts'
import { inProbeWorld } from '../remote/doctor/probe-world.ts'

interface Options extends ConnectionOptions {
  /** `false` with `--no-probe`. */
  readonly probe: boolean
  readonly strict?: boolean
  readonly verbose?: boolean
  readonly json?: boolean
}

const HELP = `
Without a key it tries what a stranger can. With one of an administrator (the actions admin, read, write, delete, list and share, no
prefix) it asks the server about settings, policies and keys too, and tries what links and uploads must not do, in a bucket of its own
that it takes away again; --no-probe leaves that out. docs/checklist.md says what each item means.

With the address of a bucket in place of that of a server it looks at the bucket, as one does before it is mounted or named in HALLPASS_BLOBS: what is public,
CORS, versions, unfinished uploads, encryption, region, clocks, and with an object of its own, which it takes away again, whether conditions of writes are kept to.
It needs the package of the server, and the key comes from where the AWS command line finds it. What a store does not say is unknown, and never good.

${CONNECTION_HELP}

Examples:
  hallpass doctor
  hallpass doctor https://files.example.com --verbose
  hallpass doctor --json --strict > checklist.json
  hallpass doctor 's3://acme-reports/2026?region=eu-central-1'

Exit codes: 0 nothing failed · 1 something failed, or with --strict could be better or is not known · 2 the command line cannot be used, or the server
refuses · 3 the server or the store cannot be reached.
`

export function createDoctorCommand(io: CliIo): Command {
  const command = new Command('doctor')
    .description(
      'Looks at a running server with the security checklist, or at a bucket, and says how to mend what fails.',
    )
    .argument('[URL]', 'where the server is reached, or s3://BUCKET; else as for every command')
    .option('--no-probe', 'store nothing, and issue no link: ask and look alone')
    .option('--strict', 'what could be better, or is not known, counts as failed')
    .option('--verbose', 'show what passed, too')
    .option('--json', 'print every item with its findings as JSON')
    .addHelpText('after', HELP)
  return addConnectionOptions(command).action(async (url: string | undefined, options: Options) => {
    if (url !== undefined && isBucketUrl(url)) return examineStore(io, url, options)
    const asked = url === undefined ? options : { ...options, url }
    const connection = await findConnection(io, asked)
    const items = gather(await examine(io, connection, options))
    if (options.json === true) await writeJsonLine(io.stdout, { url: connection.origin, items })
    else await write(io.stdout, formatChecklist(items, { isWhole: options.verbose === true }))
    if (isBad(items, options.strict === true)) io.exitCode = EXIT.negative
  })
}

async function examineStore(io: CliIo, url: string, options: Options): Promise<void> {
  const { examineBucket } = await loadWithServer(
    'doctor',
    () => import('../buckets/examine-bucket.ts'),
  )
  const look = await examineBucket(io, url, { probes: options.probe })
  const { name, findings } = look
  if (options.json === true) await writeJsonLine(io.stdout, { url: name, items: findings })
  else await write(io.stdout, formatLook(look, { isWhole: options.verbose === true }))
  if (isBad(findings, options.strict === true)) io.exitCode = EXIT.negative
}

async function examine(
  io: CliIo,
  { origin, apiKey }: { readonly origin: string; readonly apiKey: string | null },
  { probe }: Options,
): Promise<Finding[]> {
  const canary = randomBytes(32).toString('hex')
  const outside = { origin, canary, now: () => io.now().getTime() }
  const findings = await lookFromOutside(outside).catch((error: unknown) => {
    throw unreachable(origin, error)
  })
  if (apiKey === null) {
    io.stderr.write('no key: tried what a stranger can, and nothing else\n')
    return findings
  }
  const connection = { origin, apiKey }
  findings.push(...(await askChecklist(connection)))
  findings.push(
    await attempt({
      item: 'logs',
      id: 'refused-signature',
      passed: 'The signature of a request that was refused is in no event.',
      look: () => findCanary(connection, canary),
    }),
  )
  if (probe) findings.push(...(await tryOut(io, connection)))
  return findings
}

async function tryOut(io: CliIo, connection: Connection): Promise<Finding[]> {
  const onLeft = (bucket: string): void => {
    io.stderr.write(`could not take the bucket ${bucket} away again; remove it by hand\n`)
  }
  try {
    return await inProbeWorld(connection, onLeft, async (world) => [
      ...(await probeLinks(world)),
      ...(await probeUploads(world)),
    ])
  } catch (error) {
    if (error instanceof CliError) throw error
    const message = error instanceof Error ? error.message : 'no answer'
    io.stderr.write(`nothing was tried with links and uploads: ${message}\n`)
    return []
  }
}

function isBad(items: readonly { readonly status: string }[], isStrict: boolean): boolean {
  return items.some(({ status }) => status === 'failed' || (isStrict && status !== 'passed'))
}
