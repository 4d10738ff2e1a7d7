/** From where on something looks wrong. Each folder may have its own; the nearest holds, line by line. */
import { WATCH_RULES } from '../../catalog/alert-steps.ts'
import type { WatchRule } from '../../catalog/alert-steps.ts'

export { WATCH_RULES }
export type { WatchRule }

export function isWatchRule(text: string): text is WatchRule {
  return WATCH_RULES.some((rule) => rule === text)
}

/** `null`: never. */
export type Threshold = number | null

export interface Thresholds {
  /** Networks on a link in a day. */
  readonly networksPerDay: Threshold
  /** Networks on a link in a minute. */
  readonly networksPerMinute: Threshold
  /** Networks that ask for a link which has ended, in a day. */
  readonly networksAfterEnd: Threshold
  /** Requests for a link which has ended, in a day. */
  readonly requestsAfterEnd: Threshold
  /** Different things that one address asks for in vain within ten minutes. */
  readonly probes: Threshold
  /** Addresses that a foreign page sends to one link, in a day. */
  readonly hotLinkAddresses: Threshold
  readonly usesPerHour: Threshold
  readonly bytesPerHour: Threshold
  /** Requests of a key before its networks count as known. */
  readonly keyHistory: Threshold
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  networksPerDay: 30,
  networksPerMinute: 10,
  networksAfterEnd: 15,
  requestsAfterEnd: 500,
  probes: 40,
  hotLinkAddresses: 15,
  usesPerHour: 500,
  bytesPerHour: 50 * 1024 ** 3,
  keyHistory: 20,
}

/** What somebody set for a folder, which ends in a slash, or for all (`''`). */
export interface WatchSetting {
  readonly path: string
  readonly thresholds: Partial<Thresholds>
  /** Whose links stop by themselves. */
  readonly pause: readonly WatchRule[]
}

export interface EffectiveWatch {
  readonly thresholds: Thresholds
  readonly pause: readonly WatchRule[]
}

const NOTHING_SET: EffectiveWatch = { thresholds: DEFAULT_THRESHOLDS, pause: [] }

/** What holds at each path; folders are few, and paths that ask many. */
export function createWatchResolver(
  settings: readonly WatchSetting[],
): (path: string) => EffectiveWatch {
  const outermost = settings.toSorted((a, b) => a.path.length - b.path.length)
  const known = new Map<string, EffectiveWatch>()
  return (path) => {
    const above = outermost.filter((setting) => path.startsWith(setting.path))
    const nearest = above.at(-1)
    if (nearest === undefined) return NOTHING_SET
    const remembered = known.get(nearest.path)
    if (remembered !== undefined) return remembered
    const thresholds = above.reduce<Thresholds>(
      (sum, setting) => ({ ...sum, ...setting.thresholds }),
      DEFAULT_THRESHOLDS,
    )
    const effective = { thresholds, pause: nearest.pause }
    known.set(nearest.path, effective)
    return effective
  }
}
