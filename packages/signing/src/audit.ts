/**
 * The entry `@hallpass/signing/audit`: signed URLs in text, calls that sign badly, servers that log signatures.
 *
 * @module
 */
export { audit } from './tools/audit.ts'
export type { AuditFinding, AuditInput, AuditOptions } from './tools/audit.ts'
export type { Place } from './tools/audit/file-kind.ts'
export {
  countSeverities,
  formatAuditJson,
  formatAuditSarif,
  formatAuditText,
} from './tools/audit/format.ts'
export type { SarifOptions, SeverityCounts } from './tools/audit/format.ts'
export { checkLink } from './tools/audit/link-facts.ts'
export type { LinkFacts, RuleHit } from './tools/audit/link-facts.ts'
export { DEFAULT_AUDIT_POLICY, parseAuditPolicy } from './tools/audit/policy.ts'
export type { AuditPolicy } from './tools/audit/policy.ts'
export { RULES, isRuleId } from './tools/audit/rules.ts'
export type { Rule, RuleId, Severity } from './tools/audit/rules.ts'
