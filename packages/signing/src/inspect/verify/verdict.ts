/**
 * What the dialect's own verifier says of the request that is being explained: `explain` and `verify` are one truth.
 *
 * @module
 */
import { isSigningError } from '../../errors.ts'
import type { AnySigningError } from '../../errors.ts'
import type { RawRequest } from '../../types.ts'
import type { DialectName } from '../dialects.ts'
import type { Detection, ExplainContext } from '../facts/dialect-facts.ts'
import { rawRequestOf } from './raw-request.ts'
import { canVerify, verifyDetected } from './verify-detected.ts'

/** Taken, refused with an error of the verifier, or not to be told. */
export type Verdict =
  | { readonly is: 'taken' }
  | { readonly is: 'refused'; readonly error: AnySigningError }
  | { readonly is: 'unknown' }

const UNKNOWN: Verdict = { is: 'unknown' }
const METHODS = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE']

/** Refusals that may come from what a bare URL leaves out: the headers, the method, the body. */
const NEEDS_REQUEST: ReadonlySet<string> = new Set([
  'signature-mismatch',
  'header-missing',
  'headers-unsigned',
  'header-conflict',
  'payload-mismatch',
  'token-invalid',
  'permission-missing',
  'resource-mismatch',
  'ip-not-allowed',
  'country-not-allowed',
  'referrer-not-allowed',
  'protocol-not-allowed',
])

/** The verdict on the URL as it was written, before anything in its text was repaired. */
export function judgeRequest(
  url: string,
  context: ExplainContext,
  detection: Detection<DialectName>,
): Verdict {
  const { request, keys, now } = context
  if (detection.form === 'form' || !canVerify(detection.dialect, keys)) return UNKNOWN
  const raw = rawRequestOf(url, {
    headers: request.headers,
    ...(request.clientIp === null ? {} : { clientIp: request.clientIp }),
  })
  if (raw === null) return UNKNOWN
  const verdict = verifyMethods(raw, methodsOf(request.method, detection), { detection, keys, now })
  const isWhole = request.method !== null && request.headersKnown
  if (verdict.is !== 'refused' || isWhole) return verdict
  return needsRequest(verdict.error) ? UNKNOWN : verdict
}

type Check = Pick<ExplainContext, 'keys' | 'now'> & { readonly detection: Detection<DialectName> }

/** Of a URL alone, whichever method is taken was the one meant. */
function methodsOf(method: string | null, { methods }: Detection<DialectName>): string[] {
  return method === null ? [...new Set([...methods, ...METHODS])] : [method]
}

function verifyMethods(raw: RawRequest, methods: readonly string[], check: Check): Verdict {
  const verdicts = methods.map((method) => verify({ ...raw, method }, check))
  return verdicts.find((verdict) => verdict.is === 'taken') ?? verdicts[0] ?? UNKNOWN
}

/** A token of Azure alone does not say which operation it will be used for. */
function needsRequest(error: AnySigningError): boolean {
  const isOperation = error.code === 'parameter-malformed' && error.details.parameter === 'comp'
  return isOperation || NEEDS_REQUEST.has(error.code)
}

function verify(request: RawRequest, check: Check): Verdict {
  try {
    verifyDetected({ request, ...check })
    return { is: 'taken' }
  } catch (error) {
    // What is no answer of the verifier is a key or a value of a wrong form.
    if (!isSigningError(error) || error.code === 'sync-crypto-unavailable') return UNKNOWN
    return { is: 'refused', error }
  }
}
