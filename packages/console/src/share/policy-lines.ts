/** What holds in a folder, line by line, and which folder says so. */
import type { PolicyView } from '@hallpass/client'

export interface EffectiveLine {
  readonly value: unknown
  /** A folder, `instance`, or `null` for the standard. */
  readonly from: string | null
}

export function linesOf(
  view: PolicyView,
): readonly (readonly [name: string, line: EffectiveLine])[] {
  return Object.entries(view.lines).flatMap(([name, line]) => {
    if (typeof line !== 'object' || line === null || !('value' in line)) return []
    const from = 'from' in line && typeof line.from === 'string' ? line.from : null
    return [[name, { value: line.value, from }] as const]
  })
}

/** `null` where nothing, or no number, holds. */
export function numberOfLine(view: PolicyView | undefined, name: string): number | null {
  const line = view === undefined ? undefined : linesOf(view).find(([own]) => own === name)?.[1]
  return typeof line?.value === 'number' ? line.value : null
}
