/** Which pages of other origins may use a bucket: its rules, in the order in which they are asked [S3-CORS]. */

export const CORS_METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const
export type CorsMethod = (typeof CORS_METHODS)[number]

export interface CorsRule {
  readonly id?: string
  /** With one asterisk at most, which stands for any text. */
  readonly allowedOrigins: readonly string[]
  readonly allowedMethods: readonly CorsMethod[]
  /** With one asterisk at most; compared without regard to case. */
  readonly allowedHeaders: readonly string[]
  readonly exposeHeaders: readonly string[]
  readonly maxAgeSeconds?: number
}

export interface CorsAsk {
  readonly origin: string
  readonly method: string
  /** That a preflight asks for. */
  readonly headers: readonly string[]
}

export interface CorsGrant {
  readonly rule: CorsRule
  /** `*` if the rule is for every origin; else the one that asked. */
  readonly allowOrigin: string
}

/** The first rule that allows all that is asked; `null` if none does. */
export function findCorsRule(rules: readonly CorsRule[], ask: CorsAsk): CorsGrant | null {
  for (const rule of rules) {
    const origin = rule.allowedOrigins.find((pattern) => matches(pattern, ask.origin))
    if (origin === undefined || !rule.allowedMethods.some((method) => method === ask.method)) {
      continue
    }
    const allows = (header: string): boolean =>
      rule.allowedHeaders.some((pattern) => matches(pattern.toLowerCase(), header.toLowerCase()))
    if (ask.headers.every(allows)) {
      return { rule, allowOrigin: origin === '*' ? '*' : ask.origin }
    }
  }
  return null
}

function matches(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*')
  if (star === -1) return pattern === text
  const before = pattern.slice(0, star)
  const after = pattern.slice(star + 1)
  return (
    text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after)
  )
}
