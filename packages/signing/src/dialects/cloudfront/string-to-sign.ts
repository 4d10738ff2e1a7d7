/**
 * The text under a CloudFront signature is its policy, byte for byte.
 *
 * ```
 * {"Statement":[{"Resource":"URL","Condition":{"DateLessThan":{"AWS:EpochTime":N}}}]}
 * ```
 *
 * @module
 */

/** What a policy says. Times in epoch seconds. */
export interface CloudFrontPolicy {
  /** A URL, or a pattern with `*` and `?`; `null` leaves it out, which covers everything. */
  readonly resource: string | null
  readonly expires: number
  readonly starts: number | null
  /** IPv4 address or network in CIDR form. */
  readonly ip: string | null
}

/**
 * The canned policy, which never travels: CloudFront builds the same text from the URL, so no blank may differ
 * [CLOUDFRONT-CANNED] policy statement.
 */
export function formatCannedPolicy(url: string, expires: number): string {
  return `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`
}

/** A custom policy, in the order of keys the official SDKs write [CLOUDFRONT-CUSTOM] policy statement. */
export function formatCustomPolicy(policy: CloudFrontPolicy): string {
  const resource = policy.resource === null ? '' : `"Resource":${JSON.stringify(policy.resource)},`
  const starts =
    policy.starts === null ? '' : `,"DateGreaterThan":{"AWS:EpochTime":${policy.starts}}`
  const ip = policy.ip === null ? '' : `,"IpAddress":{"AWS:SourceIp":${JSON.stringify(policy.ip)}}`
  const condition = `"Condition":{"DateLessThan":{"AWS:EpochTime":${policy.expires}}${starts}${ip}}`
  return `{"Statement":[{${resource}${condition}}]}`
}
