/**
 * Findings as text, JSON and SARIF 2.1.0.
 *
 * @module
 */
import type { OptionTable } from '../lib/known-options.ts'
import { checkOptions, TEXT } from '../lib/known-options.ts'
import { requireOptions } from '../lib/required-options.ts'
import type { AuditFinding } from './audit.ts'
import { RULES } from './rules.ts'
import type { RuleId, Severity } from './rules.ts'

/** How many findings there are of each severity. */
export type SeverityCounts = Readonly<Record<Severity, number>>

export function countSeverities(findings: readonly AuditFinding[]): SeverityCounts {
  const counts = { error: 0, warning: 0, note: 0 }
  for (const { severity } of findings) counts[severity] += 1
  return counts
}

/** Control characters in a path or excerpt could move the cursor or hide the line from its reader. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')
}

/** A block of lines a finding, as compilers print them: `path:line:column: severity rule: message`. */
export function formatAuditText(findings: readonly AuditFinding[]): string {
  const blocks = findings.map((finding) => {
    const { path, line, column, severity, ruleId, message, excerpt, fix, commit } = finding
    const where = commit === null ? path : `${commit.slice(0, 12)}:${path}`
    return (
      `${printable(where)}:${line}:${column}: ${severity} ${ruleId} ${RULES[ruleId].name}: ${printable(message)}\n` +
      `    ${printable(excerpt)}\n    fix: ${fix}\n`
    )
  })
  const { error, warning, note } = countSeverities(findings)
  const summary =
    findings.length === 0
      ? 'nothing found\n'
      : `found ${findings.length} (error: ${error}, warning: ${warning}, note: ${note})\n`
  return blocks.join('\n') + (blocks.length === 0 ? '' : '\n') + summary
}

/** `{ "findings": […], "counts": { … } }`, indented. */
export function formatAuditJson(findings: readonly AuditFinding[]): string {
  return `${JSON.stringify({ findings, counts: countSeverities(findings) }, null, 2)}\n`
}

/** The version of this library, as the caller knows it. */
export interface SarifOptions {
  readonly version: string
}

const SARIF_OPTIONS: OptionTable<SarifOptions> = { version: TEXT }

/** A SARIF 2.1.0 log with one run [SARIF-2-1-0 3.13]. */
export function formatAuditSarif(findings: readonly AuditFinding[], options: SarifOptions): string {
  checkOptions(options, SARIF_OPTIONS)
  requireOptions(options, 'version')
  const used = [...new Set(findings.map(({ ruleId }) => ruleId))].toSorted()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'hallpass audit',
            version: options.version,
            rules: used.map((id) => sarifRule(id)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => sarifResult(finding, used.indexOf(finding.ruleId))),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function sarifRule(id: RuleId): object {
  const { name, severity, title, fix } = RULES[id]
  return {
    id,
    name,
    shortDescription: { text: title },
    help: { text: fix },
    defaultConfiguration: { level: severity },
  }
}

function sarifResult(finding: AuditFinding, ruleIndex: number): object {
  const { ruleId, severity, message, excerpt, path, line, column, commit, fingerprint } = finding
  return {
    ruleId,
    ruleIndex,
    level: severity,
    message: { text: `${message}: ${excerpt}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(path) },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
    partialFingerprints: { 'hallpass/v1': fingerprint },
    ...(commit === null ? {} : { properties: { commit } }),
  }
}

/** A relative URI reference [SARIF-2-1-0 3.4.3]: segments encoded, slashes kept. */
function toUri(path: string): string {
  return path.replaceAll('\\', '/').split('/').map(encodeSegment).join('/')
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.toWellFormed())
}
