/** Which of the library's errors stands behind which of S3's answers. */
import assert from 'node:assert/strict'
import { isRecord } from './family.ts'

export interface ExpectedAnswer {
  readonly allow: boolean
  /** S3's code; a list where any of them will do, and none where only the refusal counts. */
  readonly code?: string | readonly string[]
}

const CODES: Readonly<Record<string, readonly string[]>> = {
  AccessDenied: [
    'signature-expired',
    'signature-not-yet-valid',
    'headers-unsigned',
    'policy-condition-failed',
    'policy-extra-field',
  ],
  AuthorizationHeaderMalformed: ['parameter-malformed', 'scope-mismatch'],
  AuthorizationQueryParametersError: [
    'algorithm-unsupported',
    'parameter-missing',
    'parameter-malformed',
    'expiry-too-long',
    'scope-mismatch',
  ],
  EntityTooLarge: ['entity-too-large'],
  EntityTooSmall: ['entity-too-small'],
  InvalidAccessKeyId: ['key-unknown'],
  InvalidArgument: ['credentials-ambiguous', 'algorithm-unsupported', 'parameter-malformed'],
  InvalidChunkSizeError: ['chunk-too-small'],
  InvalidRequest: ['header-missing', 'header-conflict'],
  MalformedTrailerError: ['trailer-malformed'],
  RequestTimeTooSkewed: ['time-skewed'],
  SignatureDoesNotMatch: ['signature-mismatch', 'signature-malformed', 'header-missing'],
}

/** Fails unless the action does what S3 answers. */
export function assertAnswer(action: () => unknown, expected: ExpectedAnswer): void {
  if (expected.allow) {
    action()
    return
  }
  let refusal: unknown = null
  try {
    action()
  } catch (error) {
    refusal = error
  }
  // Not `instanceof`: the library may have been loaded into another realm.
  assert.ok(
    isRecord(refusal) && refusal['name'] === 'SigningError',
    `not refused: ${String(refusal)}`,
  )
  if (expected.code === undefined) return
  const codes = typeof expected.code === 'string' ? [expected.code] : expected.code
  const fitting = codes.flatMap((code) => {
    assert.ok(code in CODES, `no error is known to stand behind ${code}`)
    return CODES[code] ?? []
  })
  assert.ok(fitting.includes(String(refusal['code'])), `refused with ${String(refusal['code'])}`)
}
