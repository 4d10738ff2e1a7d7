import type { explain } from '@hallpass/signing/explain'
import { formatExplanation } from '@hallpass/signing/explain'

/** Every text in an explanation, and its form for people. */
export function textsOf(explanation: ReturnType<typeof explain>): string {
  return JSON.stringify(explanation) + formatExplanation(explanation)
}
