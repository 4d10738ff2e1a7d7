/**
 * Judges the calls in a source file that sign.
 *
 * @module
 */
import type { Language } from '../file-kind.ts'
import type { PlacedHit } from '../configuration/web-server.ts'
import { blankComments } from './blank-comments.ts'
import type { Constants } from './evaluate.ts'
import { findConstants } from './evaluate.ts'
import { inspectGo } from './go.ts'
import { inspectJavaScript } from './javascript.ts'
import { inspectPhp } from './php.ts'
import { checkDeliveryPolicies } from './delivery-policy.ts'
import { checkEndpoints } from './endpoints.ts'
import { findLoggedUrls } from './logged-url.ts'
import type { Judgement, PresignCall } from './presign-call.ts'
import { judgeCall } from './presign-call.ts'
import { inspectPython } from './python.ts'

const INSPECTORS: Readonly<
  Record<Language, (text: string, constants: Constants) => PresignCall[]>
> = {
  javascript: inspectJavaScript,
  python: inspectPython,
  php: inspectPhp,
  go: inspectGo,
}

/** A file without any of these words has no call that could matter. */
const WORTH_READING =
  /presign|hallpass\/signing|signed_?(?:url|cookie)|urlsign|sas|signature_?version|temporary_?u|PostObjectV4|endpoint|date_?less_?than|minio|useSSL/i

/** The rules the calls of a source file break, in the order of their places. */
export function checkSource(text: string, language: Language, judgement: Judgement): PlacedHit[] {
  if (!WORTH_READING.test(text)) return []
  const code = blankComments(text, language)
  const calls = INSPECTORS[language](code, findConstants(code))
  return [
    ...calls.flatMap((call) => judgeCall(call, judgement)),
    ...findLoggedUrls(code, language, calls),
    ...checkEndpoints(code, judgement.policy),
    ...checkDeliveryPolicies(code, judgement.policy),
  ].toSorted((a, b) => a.start - b.start)
}
