/** What the tests of S3 share: one key, one moment, and requests made of URLs. */
import assert from 'node:assert/strict'
import type { AnySigningError, SigningErrorCode } from '../../../src/errors.ts'
import { isSigningError } from '../../../src/errors.ts'
import type { VerifiedS3Request, VerifyS3Options } from '../../../src/s3.ts'
import { presignS3, verifyS3 } from '../../../src/s3.ts'
import type { PresignS3Options } from '../../../src/s3.ts'
import type { RawRequest } from '../../../src/types.ts'

export const NOW = new Date('2026-03-14T09:26:53Z')
export const REGION = 'us-east-1'
export const HOST = 'files.example.test'
export const CREDENTIALS = {
  accessKeyId: 'AKIAHALLPASSFAKE0001',
  secretAccessKey: 'HallpassFakeSecretKeyForTestVectors00001',
}

export function presign(options: Partial<PresignS3Options> = {}): ReturnType<typeof presignS3> {
  return presignS3({
    method: 'GET',
    bucket: 'reports',
    key: 'docs/a b.txt',
    endpoint: `https://${HOST}`,
    region: REGION,
    credentials: CREDENTIALS,
    expiresInSeconds: 300,
    now: NOW,
    ...options,
  } as PresignS3Options)
}

/** The request that a client makes of a URL, with the headers it was told to send. */
export function toRequest(
  {
    headers = {},
    method,
    url,
  }: { url: string; method: string; headers?: Readonly<Record<string, string>> },
  changes: Partial<RawRequest> = {},
): RawRequest {
  const start = url.indexOf('/', url.indexOf('//') + 2)
  return {
    method,
    target: url.slice(start),
    headers: ['Host', url.slice(url.indexOf('//') + 2, start), ...Object.entries(headers).flat()],
    ...changes,
  }
}

export function verify(
  request: RawRequest,
  options: Partial<VerifyS3Options> = {},
): VerifiedS3Request {
  return verifyS3(request, {
    region: REGION,
    now: NOW,
    lookup: (id) => (id === CREDENTIALS.accessKeyId ? CREDENTIALS : null),
    ...options,
  })
}

/** The error of this code that the action must end in. */
export function refusal<Code extends SigningErrorCode>(
  code: Code,
  action: () => unknown,
): Extract<AnySigningError, { code: Code }> {
  let caught: unknown
  try {
    action()
  } catch (error) {
    caught = error
  }
  assert.ok(isSigningError(caught), `not refused: ${String(caught)}`)
  assert.equal(caught.code, code, caught.message)
  assert.ok(!caught.message.includes(CREDENTIALS.secretAccessKey))
  assert.ok(!/[0-9a-f]{64}/.test(caught.message), 'a message holds a signature')
  return caught as Extract<AnySigningError, { code: Code }>
}

/** The URL with one parameter's raw value replaced, or with the parameter taken away for `null`. */
export function withParameter(url: string, name: string, value: string | null): string {
  const mark = url.indexOf('?')
  const pieces = url.slice(mark + 1).split('&')
  const others = pieces.flatMap((piece) => {
    if (!piece.startsWith(`${name}=`)) return [piece]
    return value === null ? [] : [`${name}=${value}`]
  })
  return `${url.slice(0, mark)}?${others.join('&')}`
}
