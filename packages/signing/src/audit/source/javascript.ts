/**
 * Calls in JavaScript and TypeScript that sign: of the SDKs of AWS (v3 and v2), Google, Azure and MinIO, and of this library.
 *
 * @module
 */
import type { Call } from './calls.ts'
import { findCalls, findMember, stringValue } from './calls.ts'
import type { Constants } from './evaluate.ts'
import { inspectBunPresign, inspectCloudFront, inspectCookies } from './javascript-others.ts'
import { evaluate } from './evaluate.ts'
import { inspectHallpass } from './javascript-hallpass.ts'
import { findCallsByAnyName, findRenamed } from './javascript-names.ts'
import { MOST_S3_SECONDS } from './presign-call.ts'
import type { PresignCall, Source } from './presign-call.ts'
import { callPlace, methodOfOperation, methodsOfLetters } from './call-place.ts'

type Inspect = (call: Call, source: Source) => PresignCall | null

const SECONDS = { expiryUnit: 'seconds', mostSeconds: MOST_S3_SECONDS } as const

const inspectGetSignedUrl: Inspect = (call, source) => {
  const [first = '', second = '', third = ''] = call.parameters
  if (first.startsWith('{')) return inspectOptionsOnly(call, first, source)
  const operation = stringValue(first)
  if (operation !== null) return inspectAwsV2(call, operation, second, source)
  return inspectAwsV3(call, second, third, source)
}

/** Google's `file.getSignedUrl({ action, expires })` and CloudFront's `getSignedUrl({ url, dateLessThan })`. */
function inspectOptionsOnly(call: Call, options: string, source: Source): PresignCall | null {
  const action = stringValue(findMember(options, 'action') ?? undefined)
  if (action !== null) {
    const contentType = findMember(options, 'contentType')
    const headers = findMember(options, 'extensionHeaders') ?? ''
    const version = stringValue(findMember(options, 'version') ?? undefined)
    return {
      ...callPlace(call, 'getSignedUrl of @google-cloud/storage'),
      methods: [methodOfOperation(action)],
      expiry: evaluate(findMember(options, 'expires'), source.constants),
      expiryUnit: 'moment',
      bindsContentType: contentType !== null,
      bindsLength: /x-goog-content-length-range|content-length/i.test(headers),
      isVersion2: version !== 'v4',
    }
  }
  return inspectCloudFront(call, options, source)
}

function inspectAwsV2(call: Call, operation: string, input: string, source: Source): PresignCall {
  return {
    ...callPlace(call, `getSignedUrl('${operation}') of aws-sdk v2`),
    ...SECONDS,
    methods: [methodOfOperation(operation)],
    expiry: evaluate(findMember(input, 'Expires'), source.constants),
    bindsContentType: findMember(input, 'ContentType') !== null,
    bindsLength: findMember(input, 'ContentLength') !== null,
  }
}

function inspectAwsV3(
  call: Call,
  command: string,
  options: string,
  source: Source,
): PresignCall | null {
  const resolved = resolveCommand(command, source)
  const expiresIn = findMember(options, 'expiresIn')
  if (resolved === null) return inspectUnknownCommand(call, expiresIn, source)
  const signable = findMember(options, 'signableHeaders') ?? ''
  return {
    ...callPlace(call, `getSignedUrl(${resolved.operation}) of @aws-sdk/s3-request-presigner`),
    ...SECONDS,
    methods: [methodOfOperation(resolved.operation)],
    expiry: evaluate(expiresIn, source.constants),
    hasWrongType: /^new Date\b|^Date\.now\b/.test(expiresIn ?? ''),
    // The presigner leaves content-type unsigned unless it is asked for by name.
    bindsContentType:
      findMember(resolved.input, 'ContentType') !== null && /content-type/i.test(signable),
    bindsLength: findMember(resolved.input, 'ContentLength') !== null,
    hasEmptyChecksum: addsEmptyChecksum(resolved, source.text),
  }
}

/** A command that comes from elsewhere: what is signed is not known, and taken for a download; for how long is. */
function inspectUnknownCommand(
  call: Call,
  expiresIn: string | null,
  { constants, text }: Source,
): PresignCall | null {
  if (!text.includes('s3-request-presigner')) return null
  return {
    ...callPlace(call, 'getSignedUrl of @aws-sdk/s3-request-presigner'),
    ...SECONDS,
    methods: ['GET'],
    expiry: evaluate(expiresIn, constants),
    bindsContentType: null,
    bindsLength: null,
  }
}

/** Only where the file makes the client itself is it known how the client is made. */
function addsEmptyChecksum(
  { operation, input }: { operation: string; input: string },
  text: string,
): boolean {
  return (
    /^(?:PutObject|UploadPart)$/.test(operation) &&
    /\bnew\s{1,9}S3Client\b/.test(text) &&
    !/\brequestChecksumCalculation\b/.test(text) &&
    !/\bChecksum[A-Z]/.test(input)
  )
}

/** `new PutObjectCommand({ … })`, written in place or a constant of the file. */
function resolveCommand(
  expression: string,
  source: Source,
): { operation: string; input: string } | null {
  const inPlace = findCalls(expression, /\bnew\s+[A-Za-z]{3,40}Command(?=\s*\()/g)[0]
  const call =
    inPlace ??
    (/^[A-Za-z_$][\w$]{0,60}$/.test(expression)
      ? findCalls(
          source.text,
          new RegExp(
            `\\b${expression.replaceAll('$', '\\$')}\\s{0,9}=\\s{0,9}new\\s+[A-Za-z]{3,40}Command(?=\\s*\\()`,
            'g',
          ),
        )[0]
      : undefined)
  if (call === undefined) return null
  const operation = /new\s+([A-Za-z]+?)Command$/.exec(call.name)?.[1]
  return operation === undefined ? null : { operation, input: call.parameters[0] ?? '' }
}

const inspectPresignedPost: Inspect = (call, source) => {
  const options = call.parameters.find((parameter) => parameter.startsWith('{'))
  if (options === undefined) return null
  return {
    ...callPlace(call, 'createPresignedPost'),
    ...SECONDS,
    methods: ['POST'],
    expiry: evaluate(findMember(options, 'Expires'), source.constants),
    bindsContentType: /content-type/i.test(options),
    bindsLength: /content-length-range/i.test(options),
  }
}

const inspectSas: Inspect = (call, source) => {
  const options = call.parameters.find((parameter) => parameter.startsWith('{'))
  const expiresOn = options === undefined ? null : findMember(options, 'expiresOn')
  if (options === undefined || expiresOn === null) return null
  const isAccount = call.name.includes('Account')
  const isContainer =
    /Blob|DataLake/.test(call.name) &&
    findMember(options, 'blobName') === null &&
    findMember(options, 'pathName') === null
  return {
    ...callPlace(call, call.name),
    methods: methodsOfPermissions(findMember(options, 'permissions') ?? ''),
    expiry: evaluate(resolveName(expiresOn, source), source.constants),
    expiryUnit: 'moment',
    bindsContentType: null,
    bindsLength: null,
    wideScope: isAccount ? 'a whole account' : isContainer ? 'a whole container' : null,
    isPlainHttp: !/https(?!AndHttp|,http)/i.test(findMember(options, 'protocol') ?? ''),
  }
}

function resolveName(expression: string, source: Source): string {
  return source.constants.get(expression) ?? expression
}

/** `BlobSASPermissions.parse('rd')` opens GET and DELETE. */
function methodsOfPermissions(expression: string): string[] {
  const letters = /parse\(\s*["'`]([a-z]{1,14})["'`]\s*\)/.exec(expression)?.[1]
  return methodsOfLetters(letters ?? '')
}

const inspectMinio: Inspect = (call, source) => {
  const isGeneral = call.name.endsWith('presignedUrl')
  const shift = isGeneral ? 1 : 0
  const method = isGeneral
    ? (stringValue(call.parameters[0])?.toUpperCase() ?? null)
    : /Put/.test(call.name)
      ? 'PUT'
      : 'GET'
  if (method === null || call.parameters.length < 2 + shift) return null
  return {
    ...callPlace(call, `${call.name.replace(/^.*\./, '')} of minio`),
    ...SECONDS,
    methods: [method],
    expiry: evaluate(call.parameters[2 + shift] ?? null, source.constants),
    bindsContentType: false,
    bindsLength: false,
  }
}

const INSPECTORS: readonly (readonly [pattern: RegExp, inspect: Inspect])[] = [
  [/\bgetSignedUrl(?:Promise)?(?=\s*\()/g, inspectGetSignedUrl],
  [/\bgetSignedCookies?(?=\s*\()/g, inspectCookies],
  [/\.presign(?=\s*\()/g, inspectBunPresign],
  [/\bcreatePresignedPost(?=\s*\()/g, inspectPresignedPost],
  [/\bgenerate(?:Blob|DataLake|Queue|Table|File|Account)SASQueryParameters(?=\s*\()/g, inspectSas],
  [/\bgenerateSasUrl(?=\s*\()/g, inspectSas],
  [/\.presigned(?:Put|Get)Object(?=\s*\()/g, inspectMinio],
  [/\.presignedUrl(?=\s*\()/g, inspectMinio],
]

const SIGNATURE_VERSION_2 = /\bsignatureVersion\s{0,9}:\s{0,9}["'`](?:v2|s3)["'`]/g

/** The calls that sign in a JavaScript or TypeScript text without comments. */
export function inspectJavaScript(text: string, constants: Constants): PresignCall[] {
  const source: Source = { text, constants }
  const renamed = findRenamed(text)
  const calls = INSPECTORS.flatMap(([pattern, inspect]) =>
    findCallsByAnyName(text, pattern, renamed).flatMap((call) => inspect(call, source) ?? []),
  )
  return [
    ...calls,
    ...inspectHallpass(source, renamed),
    ...version2Settings(text, SIGNATURE_VERSION_2),
  ]
}

/** Settings that choose version 2 for every later call. */
export function version2Settings(text: string, pattern: RegExp): PresignCall[] {
  return Array.from(text.matchAll(pattern), (match) => ({
    api: match[0].replaceAll(/\s+/g, ' '),
    start: match.index,
    end: match.index + match[0].length,
    methods: [],
    expiry: null,
    expiryUnit: 'seconds' as const,
    bindsContentType: null,
    bindsLength: null,
    isVersion2: true,
  }))
}
