/** What was found, told as it is found: of many nothing is kept but how many there were. */
import type { Finding } from './finding.ts'

export interface Found {
  readonly found: number
  /** Those that were not repaired. */
  readonly left: number
}

export interface Report {
  /** Waits for whoever is told. */
  tell(finding: Finding): Promise<void>
  /** So far. */
  readonly counts: Found
}

export function createReport(onFinding: (finding: Finding) => Promise<void>): Report {
  let [found, left] = [0, 0]
  return {
    async tell(finding) {
      found += 1
      if (!finding.isRepaired) left += 1
      await onFinding(finding)
    },
    get counts() {
      return { found, left }
    },
  }
}
