/** The verdict on what a runtime without files told. */
import type { PortableOutcome } from './portable-run.ts'
import type { Verdict } from './runtime.ts'

/** `mustHaveNodeCrypto`: whether the library is to be held to its ways over `node:crypto` there, or to those without. */
export function verdictOf(outcome: PortableOutcome, mustHaveNodeCrypto: boolean): Verdict {
  const { failures, hasNodeCrypto, leftOut, passed } = outcome
  const ways =
    hasNodeCrypto === mustHaveNodeCrypto ? [] : [`node:crypto is there: ${hasNodeCrypto}`]
  const details = [...ways, ...failures]
  const without =
    leftOut === 0 ? '' : ` (${leftOut} of Signature Version 4A at once need node:crypto)`
  return {
    isRight: details.length === 0 && passed > 0,
    summary: `${passed} passed, ${failures.length} failed${without}`,
    details,
  }
}
