/** How a folder below another has its say, line by line; what no folder says is the standard. */
import { MAX_EXPIRES_SECONDS } from '../../platform/s3-limits.ts'
import { EVERY_METHOD, POLICY_LINES } from '../../policy-lines/policy-lines.ts'
import type { FolderPolicy, PolicyLine, PolicyValues } from '../../policy-lines/policy-lines.ts'
import {
  DEFAULT_DOWNLOAD_SECONDS,
  DEFAULT_UPLOAD_SECONDS,
  REASON_NEEDED_SECONDS,
} from '../limits.ts'

export interface LineRule {
  readonly line: PolicyLine
  /**
   * Lets an inner folder have its say in what holds so far; true if that decided something. `isFree`: it may say anything, as the
   * instance may.
   */
  readonly apply: (holds: PolicyDraft, inner: FolderPolicy, isFree: boolean) => boolean
  /** Why a policy cannot be set below another; `null` if it can. */
  readonly explain: (inner: FolderPolicy, outer: FolderPolicy | null) => Unfit | null
}

export type PolicyDraft = { -readonly [Line in PolicyLine]?: PolicyValues[Line] }

/** What no folder can say, or what loosens `outer`. */
export type Unfit =
  | { readonly reason: string }
  /** False where it follows from other lines. */
  | { readonly outer: unknown; readonly isSaid: boolean }

/** What holds where nobody said anything. The instance may say otherwise; the longest life is S3's own. */
export const STANDARD_POLICY = {
  maxDownloadSeconds: MAX_EXPIRES_SECONDS,
  maxUploadSeconds: MAX_EXPIRES_SECONDS,
  defaultDownloadSeconds: DEFAULT_DOWNLOAD_SECONDS,
  defaultUploadSeconds: DEFAULT_UPLOAD_SECONDS,
  reasonOverSeconds: REASON_NEEDED_SECONDS,
  methods: EVERY_METHOD,
  requireIp: false,
} as const satisfies FolderPolicy

/** What holds at a place: the standard, and what the instance and the folders above say. */
export type EffectivePolicy = FolderPolicy & Pick<PolicyValues, keyof typeof STANDARD_POLICY>

/** In the order of the lines: what follows from others comes before them. */
export const LINE_RULES: readonly LineRule[] = (Object.keys(POLICY_LINES) as PolicyLine[]).map(rule)

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it holds the values of one line together
function rule<Name extends PolicyLine>(line: Name): LineRule {
  const { tighten, isWithin, check, isChoice = false, unsaid } = POLICY_LINES[line]
  return {
    line,
    apply: (holds, policy, isFree) => {
      const inner: PolicyValues[Name] | undefined = policy[line]
      const said: PolicyValues[Name] | undefined = holds[line]
      const outer = said ?? unsaid?.(holds)
      if (inner === undefined) return false
      const replaces = isFree || outer === undefined
      if (!replaces && !isChoice && said !== undefined && isWithin(outer, inner)) return false
      holds[line] = replaces ? inner : tighten(outer, inner)
      return true
    },
    explain: (policy, above) => {
      const inner: PolicyValues[Name] | undefined = policy[line]
      const said: PolicyValues[Name] | undefined = above?.[line]
      const outer = above === null ? undefined : (said ?? unsaid?.(above))
      if (inner === undefined) return null
      const reason = check(inner)
      if (reason !== null) return { reason }
      return outer === undefined || isChoice || isWithin(inner, outer)
        ? null
        : { outer, isSaid: said !== undefined }
    },
  }
}
