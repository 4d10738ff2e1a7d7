/**
 * Calls of the official SDKs in Go that sign: aws-sdk-go v2 and v1, cloud.google.com/go/storage, azblob, minio-go.
 *
 * @module
 */
import type { Call } from './calls.ts'
import { findCalls, findMember, stringValue } from './calls.ts'
import type { Constants } from './evaluate.ts'
import { evaluate } from './evaluate.ts'
import { callPlace, methodOfOperation } from './call-place.ts'
import { judgeResource } from './javascript-others.ts'
import type { PresignCall } from './presign-call.ts'

type Inspect = (call: Call, text: string, constants: Constants) => PresignCall | null

const inspectAwsV2: Inspect = (call, text, constants) => {
  const operation = /Presign([A-Z]\w+)$/.exec(call.name)?.[1] ?? ''
  const [, input = '', ...options] = call.parameters
  const literal = resolveLiteral(input, text)
  const expiry =
    /\.Expires\s*=\s*([^\n;}]{1,200})/.exec(options.join(','))?.[1] ??
    findCalls(options.join(','), /\bWithPresignExpires(?=\s*\()/g)[0]?.parameters[0] ??
    null
  return {
    ...callPlace(call, `Presign${operation}`),
    methods: [methodOfOperation(operation)],
    expiry: evaluate(expiry, constants),
    expiryUnit: 'duration',
    bindsContentType: findMember(literal, 'ContentType') !== null,
    bindsLength: findMember(literal, 'ContentLength') !== null,
  }
}

/** `&s3.PutObjectInput{ … }`, written in place or assigned once. */
function resolveLiteral(expression: string, text: string): string {
  if (expression.includes('{')) return expression
  if (!/^[A-Za-z_]\w{0,60}$/.test(expression)) return ''
  const assigned = new RegExp(`\\b${expression}\\s{0,9}:?=\\s{0,9}&?[\\w.]{1,80}(?=\\{)`, 'g')
  const literal = findCalls(text, assigned)[0]
  return literal === undefined ? '' : `{${literal.body}}`
}

/** v1: `req, _ := svc.PutObjectRequest(…)` and then `req.Presign(15 * time.Minute)`. */
const inspectAwsV1: Inspect = (call, text, constants) => {
  const requests = findCalls(text, /\.[A-Z]\w{2,40}Request(?=\s*\()/g)
  const request = requests.findLast(({ start }) => start < call.start)
  if (request === undefined || call.parameters.length !== 1) return null
  const operation = request.name.slice(1, -'Request'.length)
  const literal = resolveLiteral(request.parameters[0] ?? '', text)
  return {
    ...callPlace(call, `${operation}Request.Presign`),
    methods: [methodOfOperation(operation)],
    expiry: evaluate(call.parameters[0] ?? null, constants),
    expiryUnit: 'duration',
    bindsContentType: findMember(literal, 'ContentType') !== null,
    bindsLength: findMember(literal, 'ContentLength') !== null,
  }
}

const inspectGoogle: Inspect = (call, _text, constants) => {
  const expires = findMember(call.body, 'Expires')
  const named = stringValue(findMember(call.body, 'Method') ?? undefined)
  if (named === null && expires === null) return null
  const method = named ?? 'GET'
  const scheme = findMember(call.body, 'Scheme')
  return {
    ...callPlace(call, 'storage.SignedURLOptions'),
    methods: [method.toUpperCase()],
    expiry: evaluate(expires, constants),
    expiryUnit: 'moment',
    bindsContentType: findMember(call.body, 'ContentType') !== null,
    bindsLength: /x-goog-content-length-range|content-length/i.test(call.body),
    isVersion2: scheme === null || /V2/.test(scheme),
  }
}

const inspectMinio: Inspect = (call, _text, constants) => ({
  ...callPlace(call, call.name.replace(/^\./, '')),
  methods: [call.name.includes('Put') ? 'PUT' : 'GET'],
  expiry: evaluate(call.parameters[3] ?? null, constants),
  expiryUnit: 'duration',
  bindsContentType: false,
  bindsLength: false,
})

const inspectAzure: Inspect = (call, _text, constants) => {
  const expiry = findMember(call.body, 'ExpiryTime')
  if (expiry === null) return null
  const isAccount = call.name.includes('Account')
  const isContainer = call.name.includes('Blob') && findMember(call.body, 'BlobName') === null
  return {
    ...callPlace(call, call.name),
    methods: methodsOfPermissions(findMember(call.body, 'Permissions') ?? ''),
    expiry: evaluate(expiry, constants),
    expiryUnit: 'moment',
    bindsContentType: null,
    bindsLength: null,
    wideScope: isAccount ? 'a whole account' : isContainer ? 'a whole container' : null,
    isPlainHttp: !/ProtocolHTTPS\b/.test(findMember(call.body, 'Protocol') ?? ''),
  }
}

function methodsOfPermissions(expression: string): string[] {
  return [
    ...(/\b(?:Read|List):\s*true/.test(expression) ? ['GET'] : []),
    ...(/\b(?:Write|Create|Add):\s*true/.test(expression) ? ['PUT'] : []),
    ...(/\bDelete\w*:\s*true/.test(expression) ? ['DELETE'] : []),
  ]
}

/** `sign.NewURLSigner(id, key).Sign(url, end)` and `sign.NewCannedPolicy(resource, end)` of CloudFront. */
const inspectCloudFront: Inspect = (call, text, constants) => {
  const [resource = null, end] = call.parameters
  if (end === undefined || !/NewURLSigner|NewCookieSigner|cloudfront\/sign/.test(text)) return null
  return {
    ...callPlace(call, `${call.name.replace(/^.*\./, '')} of cloudfront/sign`),
    methods: ['GET'],
    expiry: evaluate(end, constants),
    expiryUnit: 'moment',
    bindsContentType: null,
    bindsLength: null,
    ...judgeResource(resource),
  }
}

/** `client.GetSASURL(permissions, end, options)`. */
const inspectSasUrl: Inspect = (call, _text, constants) => {
  const [permissions = '', end] = call.parameters
  if (end === undefined) return null
  return {
    ...callPlace(call, 'GetSASURL'),
    methods: methodsOfPermissions(permissions),
    expiry: evaluate(end, constants),
    expiryUnit: 'moment',
    bindsContentType: null,
    bindsLength: null,
    wideScope: /Account/.test(permissions) ? 'a whole account' : null,
  }
}

const INSPECTORS: readonly (readonly [pattern: RegExp, inspect: Inspect])[] = [
  [/\.Presign(?:Put|Get|Delete|Head|Upload)\w{1,30}(?=\s*\()/g, inspectAwsV2],
  [/\b\w{1,60}\.Presign(?=\s*\()/g, inspectAwsV1],
  [/\.Sign(?=\s*\()/g, inspectCloudFront],
  [/\bNewCannedPolicy(?=\s*\()/g, inspectCloudFront],
  [/\.GetSASURL(?=\s*\()/g, inspectSasUrl],
  [/\bstorage\.SignedURLOptions(?=\s*\{)/g, inspectGoogle],
  [/\.Presigned(?:Put|Get)Object(?=\s*\()/g, inspectMinio],
  [/\bsas\.(?:Blob|Queue|File|Account)SignatureValues(?=\s*\{)/g, inspectAzure],
]

/** The calls that sign in a Go text without comments. */
export function inspectGo(text: string, constants: Constants): PresignCall[] {
  return INSPECTORS.flatMap(([pattern, inspect]) =>
    findCalls(text, pattern).flatMap((call) => inspect(call, text, constants) ?? []),
  )
}
