/**
 * Calls in JavaScript and TypeScript that sign for CloudFront, and those of Bun's own S3 client.
 *
 * @module
 */
import { callPlace } from './call-place.ts'
import type { Call } from './calls.ts'
import { findMember, stringValue } from './calls.ts'
import { evaluate } from './evaluate.ts'
import { MOST_S3_SECONDS } from './presign-call.ts'
import type { PresignCall, Source } from './presign-call.ts'

/** The URL or resource a call signs: a star opens more than a file, and `http:` travels in the open. */
export function judgeResource(
  expression: string | null,
): Pick<PresignCall, 'wideScope' | 'isPlainHttp'> {
  const resource = /^["'`]([^"'`\n]*)/.exec(expression ?? '')?.[1] ?? ''
  return {
    wideScope: resource.includes('*') ? `every file that ${resource} matches` : null,
    isPlainHttp: /^http(?:\*)?:\/\//.test(resource),
  }
}

/** `getSignedUrl({ url, dateLessThan })` of version 3, and `getSignedUrl({ url, expires })` of a version 2 signer. */
export function inspectCloudFront(call: Call, options: string, source: Source): PresignCall | null {
  const until = findMember(options, 'dateLessThan')
  const expires = findMember(options, 'expires')
  const url = findMember(options, 'url')
  if (until === null && (expires === null || url === null)) return null
  const name = call.name.replace(/^.*\./, '')
  const api =
    until === null
      ? `${name} of the CloudFront signer of aws-sdk v2`
      : `${name} of @aws-sdk/cloudfront-signer`
  return {
    ...callPlace(call, api),
    methods: ['GET'],
    expiry: evaluate(until ?? expires, source.constants),
    expiryUnit: until === null ? 'epoch seconds' : 'moment',
    bindsContentType: null,
    bindsLength: null,
    ...judgeResource(url),
  }
}

/** `getSignedCookies({ url, dateLessThan })`, `getSignedCookie({ url, expires })`. */
export function inspectCookies(call: Call, source: Source): PresignCall | null {
  const [options = ''] = call.parameters
  const inspected = options.startsWith('{') ? inspectCloudFront(call, options, source) : null
  // Cookies are for many files.
  return inspected === null ? null : { ...inspected, wideScope: null }
}

const BUN = /\bfrom\s+["']bun["']|require\(\s*["']bun["']\s*\)|\bBun\.(?:s3|S3Client|file)\b/

/** `s3.presign(key, options)` and `file.presign(options)` of Bun. */
export function inspectBunPresign(call: Call, { text, constants }: Source): PresignCall | null {
  if (!BUN.test(text)) return null
  const options = call.parameters.find((parameter) => parameter.startsWith('{')) ?? '{}'
  const method = stringValue(findMember(options, 'method') ?? undefined) ?? 'GET'
  return {
    ...callPlace(call, "presign of Bun's S3 client"),
    methods: [method.toUpperCase()],
    expiry: evaluate(findMember(options, 'expiresIn'), constants),
    expiryUnit: 'seconds',
    mostSeconds: MOST_S3_SECONDS,
    bindsContentType: findMember(options, 'type') !== null,
    bindsLength: false,
  }
}
