/**
 * What the nginx secure_link presigners and verifiers take. The scheme is the operator's own expression, so the two
 * directives of the configuration are the options.
 *
 * @module
 */
import { FLAG, OBJECT, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { toPairList } from '../../lib/pairs.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { ClockOptions } from '../../types.ts'
import { parseTemplate } from './template.ts'
import type { TemplatePart } from './template.ts'

/** The two directives of a location, and what its variables stand for. */
export interface NginxRule {
  /** The `secure_link` directive: where the hash and the time are. `$arg_md5,$arg_expires` by default. */
  readonly secureLink?: string
  /**
   * The `secure_link_md5` directive, with the secret in it: `$secure_link_expires$uri$remote_addr secret`. It must hold
   * the time; put the secret last, since MD5 over a secret in front can be lengthened by anybody.
   */
  readonly expression: string
  /** Values of variables the configuration sets itself, such as `{ secret: … }` for `$secret`. */
  readonly variables?: Readonly<Record<string, string>>
  /** nginx's `merge_slashes`: `//` in `$uri` becomes `/`. On by default. */
  readonly mergesSlashes?: boolean
}

export const RULE_OPTIONS: OptionTable<NginxRule> = {
  expression: TEXT,
  secureLink: TEXT,
  variables: OBJECT,
  mergesSlashes: FLAG,
}

/** How to check secure links. */
export interface NginxVerifierOptions extends ClockOptions {
  /** Every rule that may have signed; several while secrets change. */
  readonly rules: readonly NginxRule[]
  /** Methods the link may be used with. GET and HEAD by default; any if `$request_method` is in the expression. */
  readonly methods?: readonly string[]
}

/** How to check one secure link. */
export type VerifyNginxOptions = NginxVerifierOptions

/** What a checked link says. */
export interface VerifiedNginx {
  readonly expiresAt: Date
  /** `$uri`: the path decoded, with dot segments folded and slashes merged. Serve this, not the raw path. */
  readonly uri: string
  /** MD5 is no HMAC: nothing made today should rest on it alone. */
  readonly isLegacy: true
}

/** A rule taken apart. */
export interface PreparedRule {
  readonly hash: readonly TemplatePart[]
  readonly expires: readonly TemplatePart[]
  readonly expression: readonly TemplatePart[]
  readonly variables: Readonly<Record<string, string>>
  readonly mergesSlashes: boolean
}

/**
 * The parts of a rule. A rule whose expression leaves the time out is a `TypeError`: nginx takes it, and then whoever
 * has a link can give it any end.
 */
export function prepareRule(rule: NginxRule): PreparedRule {
  requireOptions(rule, 'expression')
  const { secureLink = '$arg_md5,$arg_expires', mergesSlashes = true } = rule
  const variables = Object.fromEntries(toPairList(rule.variables, 'variables'))
  const comma = secureLink.indexOf(',')
  if (comma === -1) throw new TypeError('secureLink must name a hash and a time, with a comma')
  const hash = parseTemplate(secureLink.slice(0, comma), 'secureLink')
  const expires = parseTemplate(secureLink.slice(comma + 1), 'secureLink')
  const expression = parseTemplate(rule.expression, 'expression')
  const [time] = expires
  const timeNames = ['secure_link_expires', expires.length === 1 ? (time?.variable ?? '') : '']
  const names = expression.flatMap(({ variable }) => (variable === null ? [] : [variable]))
  if (!names.some((name) => timeNames.includes(name))) {
    throw new TypeError('expression must hold $secure_link_expires, or anybody could move the end')
  }
  if (!expression.some(({ variable, text }) => isSecretPart(variable, text, variables))) {
    throw new TypeError('expression must hold a secret of at least 4 characters')
  }
  return { hash, expires, expression, variables, mergesSlashes }
}

function isSecretPart(
  variable: string | null,
  text: string,
  variables: Readonly<Record<string, string>>,
): boolean {
  const value =
    variable === null ? text : Object.hasOwn(variables, variable) ? variables[variable] : ''
  // Less is a separator, not a secret.
  return value !== undefined && value.trim().length >= 4
}
