/**
 * The entry `@hallpass/signing/audit`: signed URLs in text, calls that sign badly, servers that log signatures.
 *
 * @module
 */
export { audit } from './audit/audit.ts'
export type { AuditFinding, AuditInput, AuditOptions } from './audit/audit.ts'
export type { Place } from './audit/file-kind.ts'
export {
  countSeverities,
  formatAuditJson,
  formatAuditSarif,
  formatAuditText,
} from './audit/format.ts'
export type { SarifOptions, SeverityCounts } from './audit/format.ts'
export { checkLink } from './audit/links/link-facts.ts'
export type { LinkFacts, RuleHit } from './audit/links/link-facts.ts'
export { DEFAULT_AUDIT_POLICY, parseAuditPolicy } from './audit/policy.ts'
export type { AuditPolicy } from './audit/policy.ts'
export { RULES, isRuleId } from './audit/rules.ts'
export type { Rule, RuleId, Severity } from './audit/rules.ts'
