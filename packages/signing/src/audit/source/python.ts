/**
 * Calls of the official SDKs in Python that sign: boto3, google-cloud-storage, azure-storage-blob, minio.
 *
 * @module
 */
import type { Call } from './calls.ts'
import { findCalls, findMember, stringValue } from './calls.ts'
import type { Constants } from './evaluate.ts'
import { evaluate } from './evaluate.ts'
import { callPlace, methodOfOperation } from './call-place.ts'
import { judgeResource } from './javascript-others.ts'
import { version2Settings } from './javascript.ts'
import { MOST_S3_SECONDS } from './presign-call.ts'
import type { PresignCall } from './presign-call.ts'

type Inspect = (call: Call, constants: Constants) => PresignCall | null

/** An argument by its name, or by its place if it stands there without one. */
function argument(call: Call, name: string, index: number): string | null {
  const named = findMember(call.body, name)
  if (named !== null) return named
  const positional = call.parameters[index]
  return positional === undefined || /^[A-Za-z_]\w*\s*=/.test(positional) ? null : positional
}

const inspectPresignedUrl: Inspect = (call, constants) => {
  const operation = stringValue(argument(call, 'ClientMethod', 0) ?? undefined)
  const until = findMember(call.body, 'date_less_than')
  if (until !== null || operation === null) return inspectCloudFront(call, constants)
  const parameters = argument(call, 'Params', 1) ?? ''
  const expiresIn = argument(call, 'ExpiresIn', 2)
  return {
    ...callPlace(call, `generate_presigned_url('${operation}')`),
    methods: [methodOfOperation(operation)],
    expiry: evaluate(expiresIn, constants),
    expiryUnit: 'seconds',
    mostSeconds: MOST_S3_SECONDS,
    hasWrongType: /timedelta\(|datetime\./.test(expiresIn ?? ''),
    bindsContentType: /["']ContentType["']/.test(parameters),
    bindsLength: /["']ContentLength["']/.test(parameters),
  }
}

/** `CloudFrontSigner(…).generate_presigned_url(url, date_less_than=…)` and `.build_policy(resource, …)`. */
const inspectCloudFront: Inspect = (call, constants) => {
  const until = argument(call, 'date_less_than', 1)
  const expiry = evaluate(until, constants)
  // Without its name the argument must at least be a moment.
  if (findMember(call.body, 'date_less_than') === null && (expiry?.kind ?? 'span') === 'span')
    return null
  return {
    ...callPlace(call, `${call.name} of botocore's CloudFrontSigner`),
    methods: ['GET'],
    expiry,
    expiryUnit: 'moment',
    bindsContentType: null,
    bindsLength: null,
    ...judgeResource(argument(call, 'url', 0) ?? argument(call, 'resource', 0)),
  }
}

const inspectPresignedPost: Inspect = (call, constants) => {
  const expiresIn = argument(call, 'ExpiresIn', 4)
  return {
    ...callPlace(call, 'generate_presigned_post'),
    methods: ['POST'],
    expiry: evaluate(expiresIn, constants),
    expiryUnit: 'seconds',
    mostSeconds: MOST_S3_SECONDS,
    hasWrongType: /timedelta\(|datetime\./.test(expiresIn ?? ''),
    bindsContentType: /content-type/i.test(call.body),
    bindsLength: /content-length-range/i.test(call.body),
  }
}

const inspectGoogle: Inspect = (call, constants) => {
  const expiration = argument(call, 'expiration', 0)
  if (expiration === null) return null
  const method = stringValue(argument(call, 'method', 2) ?? undefined) ?? 'GET'
  const version = stringValue(argument(call, 'version', 9) ?? undefined)
  return {
    ...callPlace(call, 'generate_signed_url'),
    methods: [method.toUpperCase()],
    expiry: evaluate(expiration, constants),
    expiryUnit: 'seconds',
    mostSeconds: MOST_S3_SECONDS,
    bindsContentType: findMember(call.body, 'content_type') !== null,
    bindsLength: /x-goog-content-length-range|content-length/i.test(call.body),
    isVersion2: version !== 'v4',
  }
}

const SCOPES: Readonly<Record<string, string>> = {
  generate_account_sas: 'a whole account',
  generate_container_sas: 'a whole container',
  generate_share_sas: 'a whole share',
}

const inspectSas: Inspect = (call, constants) => {
  const permission = findMember(call.body, 'permission')
  if (permission === null) return null
  const protocol = findMember(call.body, 'protocol')
  return {
    ...callPlace(call, call.name),
    methods: methodsOfPermissions(permission),
    expiry: evaluate(findMember(call.body, 'expiry'), constants),
    expiryUnit: 'moment',
    bindsContentType: null,
    bindsLength: null,
    wideScope: SCOPES[call.name] ?? null,
    isPlainHttp: protocol === null || stringValue(protocol) === 'https,http',
  }
}

/** `BlobSasPermissions(read=True, delete=True)` or the letters. */
function methodsOfPermissions(expression: string): string[] {
  const letters = stringValue(expression) ?? ''
  const has = (names: RegExp, letter: RegExp): boolean =>
    names.test(expression) || letter.test(letters)
  return [
    ...(has(/\b(?:read|list)\s*=\s*True/, /[rl]/) ? ['GET'] : []),
    ...(has(/\b(?:write|create|add)\s*=\s*True/, /[acw]/) ? ['PUT'] : []),
    ...(has(/\bdelete\w*\s*=\s*True/, /[dxy]/) ? ['DELETE'] : []),
  ]
}

const inspectMinio: Inspect = (call, constants) => {
  const expires = argument(call, 'expires', 2)
  const method = call.name.includes('put') ? 'PUT' : 'GET'
  return {
    ...callPlace(call, call.name.replace(/^\./, '')),
    methods: [method],
    expiry: evaluate(expires, constants),
    expiryUnit: 'duration',
    bindsContentType: false,
    bindsLength: false,
  }
}

const INSPECTORS: readonly (readonly [pattern: RegExp, inspect: Inspect])[] = [
  [/\bgenerate_presigned_url(?=\s*\()/g, inspectPresignedUrl],
  [/\bbuild_policy(?=\s*\()/g, inspectCloudFront],
  [/\bgenerate_presigned_post(?=\s*\()/g, inspectPresignedPost],
  [/\bgenerate_signed_url(?=\s*\()/g, inspectGoogle],
  [
    /\bgenerate_(?:blob|container|account|directory|file|queue|table|share)_sas(?=\s*\()/g,
    inspectSas,
  ],
  [/\.presigned_(?:put|get)_object(?=\s*\()/g, inspectMinio],
]

const SIGNATURE_VERSION_2 = /\bsignature_version\s{0,9}=\s{0,9}["'](?:s3|s3-query|v2)["']/g

/** The calls that sign in a Python text without comments; definitions of functions are none. */
export function inspectPython(text: string, constants: Constants): PresignCall[] {
  const calls = INSPECTORS.flatMap(([pattern, inspect]) =>
    findCalls(text, pattern)
      .filter((call) => !/\bdef\s+$/.test(text.slice(Math.max(0, call.start - 10), call.start)))
      .flatMap((call) => inspect(call, constants) ?? []),
  )
  return [...calls, ...version2Settings(text, SIGNATURE_VERSION_2)]
}
