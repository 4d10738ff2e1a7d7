/**
 * Finds CloudFront's policies in source code and documents, and what in them opens more than a file.
 *
 * @module
 */
import type { PlacedHit } from '../configuration/web-server.ts'
import type { AuditPolicy } from '../policy.ts'

/** `"Resource": "…"`, in JSON and in the literals of programs. */
const RESOURCE =
  /\\?["'`]?\bResource\\?["'`]?\s{0,5}(?::|=>|=)\s{0,5}\\?["'`]([^"'`\\\n]{1,400})\\?["'`]/g
/** Only a policy of CloudFront ends at a moment; those of IAM have the same member. */
const CONDITION = /DateLessThan|AWS:EpochTime|date_less_than/
const REACH = 600

/** The resources of policies for signed URLs and cookies that are wider than a path, or for plain http. */
export function checkDeliveryPolicies(text: string, policy: AuditPolicy): PlacedHit[] {
  if (!CONDITION.test(text)) return []
  return Array.from(text.matchAll(RESOURCE)).flatMap((match) => {
    const around = text.slice(Math.max(0, match.index - REACH), match.index + REACH)
    const resource = match[1] ?? ''
    if (!CONDITION.test(around)) return []
    const place = { start: match.index, end: match.index + match[0].length }
    const hits: PlacedHit[] = []
    if (
      !policy.allowWideScope &&
      /^(?:(?:https?|http\*)?:?\/\/)?[^/]*\*?(?:\/\*)?$/.test(resource) &&
      resource.includes('*')
    ) {
      hits.push({
        ruleId: 'HP107',
        message: `a policy for Resource ${resource} signs for every file of a distribution`,
        ...place,
      })
    }
    if (policy.requireHttps && /^http(?::\/\/|\*:\/\/)/.test(resource)) {
      const message = `a policy for Resource ${resource} signs URLs that work on plain http`
      hits.push({ ruleId: 'HP108', message, ...place })
    }
    return hits
  })
}
