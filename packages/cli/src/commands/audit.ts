/**
 * `hallpass audit`: reads files and the history of a repository, and reports what the audit finds in them.
 *
 * @module
 */
import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import {
  DEFAULT_AUDIT_POLICY,
  audit,
  countSeverities,
  formatAuditJson,
  formatAuditSarif,
  formatAuditText,
  parseAuditPolicy,
} from '@hallpass/signing/audit'
import type { AuditFinding, AuditPolicy, Severity } from '@hallpass/signing/audit'
import { redact } from '@hallpass/signing/redact'
import { readPieces, walkTextFiles } from '../audit-files.ts'
import type { TextPiece } from '../audit-files.ts'
import { readHistory } from '../audit-history.ts'
import { CliError, EXIT } from '../io.ts'
import type { CliIo } from '../io.ts'
import { parseCount, parseMoment } from '../option-values.ts'
import { printable, write } from '../output.ts'
import { openInput, readJsonDocument } from '../read-input.ts'
import { readVersion } from '../version.ts'

const HELP = `
Finds signed URLs in logs, HAR files, source, Markdown and configuration; calls of the SDKs of AWS, Google and Azure in JavaScript,
TypeScript, Python, PHP and Go that sign badly; and web servers that log whole query strings. The rules are in docs/audit.md.
A report never holds a usable URL.

Examples:
  hallpass audit
  hallpass audit src deploy/nginx.conf --fail-on error
  hallpass audit --history --format sarif . > audit.sarif
  curl -H "Authorization: Bearer $KEY" $SERVER/v1/folders/acme/policy | hallpass audit --policy - access.log
  journalctl -u app | hallpass audit -

Exit codes: 0 nothing found · 1 something found · 2 the command line or the policy cannot be used · 3 a file cannot be read.
`

interface AuditCommandOptions {
  readonly history?: boolean
  readonly policy?: string
  readonly now?: Date
  readonly format: 'text' | 'json' | 'sarif'
  readonly json?: boolean
  readonly failOn: Severity
  readonly maxBytes: number
}

const SEVERITIES: readonly Severity[] = ['note', 'warning', 'error']
const PROGRESS_MS = 5000

export function createAuditCommand(io: CliIo): Command {
  return new Command('audit')
    .description('Finds leaked and badly made signed URLs, and what makes and logs them.')
    .argument(
      '[paths...]',
      "files and folders; '-' is standard input, none at all the current folder",
    )
    .option('--history', 'read every line that git ever added, too')
    .option(
      '--policy <file>',
      'what is demanded, as JSON: see docs/audit.md, or the policy of a folder',
    )
    .option('--now <time>', 'when a URL must have run out not to be live (ISO 8601)', parseMoment)
    .addOption(
      new Option('--format <format>', 'how to report')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on')
        .choices(SEVERITIES)
        .default('note'),
    )
    .option('--max-bytes <bytes>', 'leave larger files out', parseCount, 20_000_000)
    .addHelpText('after', HELP)
    .action(async (paths: string[], options: AuditCommandOptions) => {
      const policy = await readPolicy(io, options.policy)
      const findings = await collect(io, paths.length === 0 ? ['.'] : paths, options, policy)
      await write(io.stdout, format(findings, options))
      const counts = countSeverities(findings)
      const from = SEVERITIES.indexOf(options.failOn)
      if (SEVERITIES.slice(from).some((severity) => counts[severity] > 0))
        io.exitCode = EXIT.negative
    })
}

async function readPolicy(io: CliIo, path: string | undefined): Promise<AuditPolicy> {
  if (path === undefined) return DEFAULT_AUDIT_POLICY
  const document = await readJsonDocument(io, path)
  try {
    return parseAuditPolicy(document)
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) {
      throw new CliError(`${path}: ${error.message}.`, EXIT.usage, error)
    }
    throw error
  }
}

async function collect(
  io: CliIo,
  paths: readonly string[],
  options: AuditCommandOptions,
  policy: AuditPolicy,
): Promise<AuditFinding[]> {
  const now = options.now ?? io.now()
  const findings: AuditFinding[] = []
  const progress = createProgress(io)
  for await (const { path, text, firstLine } of readInputs(io, paths, options)) {
    for (const finding of audit({ path, text }, { policy, now })) {
      findings.push({ ...finding, line: finding.line + firstLine - 1 })
    }
    progress(`${printable(redact(path))}, ${findings.length} found`)
  }
  if (options.history !== true) return findings
  for (const path of paths.filter((path) => path !== '-')) {
    findings.push(...(await collectHistory(io, path, { policy, now }, progress)))
  }
  return findings
}

async function* readInputs(
  io: CliIo,
  paths: readonly string[],
  options: AuditCommandOptions,
): AsyncGenerator<TextPiece> {
  const onSkip = (path: string, reason: string): void => {
    io.stderr.write(`hallpass: left out ${printable(redact(path))}: it ${reason}.\n`)
  }
  for (const path of paths) {
    if (path === '-') {
      yield* readPieces(await openInput(io, path), path)
      continue
    }
    for await (const file of walkTextFiles(resolve(io.cwd, path), path, {
      maxBytes: options.maxBytes,
      onSkip,
    })) {
      yield { ...file, firstLine: 1 }
    }
  }
}

/** Only URLs and secrets: half a call or half a configuration file says nothing. Each is reported where it came first. */
async function collectHistory(
  io: CliIo,
  path: string,
  options: { policy: AuditPolicy; now: Date },
  progress: (state: string) => void,
): Promise<AuditFinding[]> {
  const seen = new Set<string>()
  const findings: AuditFinding[] = []
  for await (const { commit, path: file, firstLine, text } of readHistory(resolve(io.cwd, path))) {
    progress(`commit ${commit.slice(0, 12)}, ${findings.length} found`)
    for (const finding of audit({ path: file, text, commit }, options)) {
      if (finding.ruleId >= 'HP100' || seen.has(finding.fingerprint)) continue
      seen.add(finding.fingerprint)
      findings.push({ ...finding, line: finding.line + firstLine - 1 })
    }
  }
  return findings
}

/** Tells every few seconds where a long run stands. */
function createProgress(io: CliIo): (state: string) => void {
  let last = io.now().getTime()
  let count = 0
  return (state) => {
    count += 1
    const now = io.now().getTime()
    if (now - last < PROGRESS_MS) return
    last = now
    io.stderr.write(`hallpass: ${count} read, at ${state}\n`)
  }
}

function format(findings: readonly AuditFinding[], options: AuditCommandOptions): string {
  const kind = options.json === true ? 'json' : options.format
  if (kind === 'json') return formatAuditJson(findings)
  return kind === 'sarif'
    ? formatAuditSarif(findings, { version: readVersion() })
    : formatAuditText(findings)
}
