/**
 * Calls of the official SDKs in PHP that sign: the AWS SDK, google/cloud-storage, and Laravel's storage over them.
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
import type { PresignCall } from './presign-call.ts'

type Inspect = (call: Call, text: string, constants: Constants) => PresignCall | null

/** A variable's value where the file assigns it once, the expression itself otherwise. */
function resolve(expression: string | undefined, constants: Constants): string | null {
  if (expression === undefined) return null
  return constants.get(expression.replace(/^\$/, '')) ?? expression
}

const inspectPresignedRequest: Inspect = (call, text, constants) => {
  const [command = '', expires] = call.parameters
  const input = findCommand(command, text)
  // A command that comes from elsewhere is taken for a download: for how long it is signed is known.
  const operation = input === null ? 'GetObject' : (stringValue(input.parameters[0]) ?? '')
  return {
    ...callPlace(
      call,
      `createPresignedRequest(${input === null ? command.slice(0, 64) : operation})`,
    ),
    methods: [methodOfOperation(operation)],
    expiry: evaluate(resolve(expires, constants), constants),
    expiryUnit: 'moment',
    // The SDK for PHP leaves content-type out of the signed headers.
    bindsContentType: false,
    bindsLength: findMember(input?.parameters[1] ?? '', 'ContentLength') !== null,
  }
}

function findCommand(expression: string, text: string): Call | null {
  const inPlace = findCalls(expression, /->getCommand(?=\s*\()/g)[0]
  if (inPlace !== undefined) return inPlace
  const variable = /^\$([A-Za-z_]\w{0,60})$/.exec(expression)?.[1]
  if (variable === undefined) return null
  const assigned = new RegExp(
    `\\$${variable}\\s{0,9}=\\s{0,9}\\$[\\w>-]{1,80}?->getCommand(?=\\s*\\()`,
    'g',
  )
  return findCalls(text, assigned)[0] ?? null
}

const inspectPostObject: Inspect = (call, _text, constants) => ({
  ...callPlace(call, 'PostObjectV4'),
  methods: ['POST'],
  expiry: evaluate(resolve(call.parameters[4], constants), constants),
  expiryUnit: 'moment',
  bindsContentType: /content-type/i.test(resolve(call.parameters[3], constants) ?? ''),
  bindsLength: /content-length-range/i.test(resolve(call.parameters[3], constants) ?? ''),
})

const inspectGoogle: Inspect = (call, _text, constants) => {
  const [expires, options = ''] = call.parameters
  if (expires === undefined) return null
  const method = stringValue(findMember(options, 'method') ?? undefined) ?? 'GET'
  const version = stringValue(findMember(options, 'version') ?? undefined)
  return {
    ...callPlace(call, 'signedUrl'),
    methods: [method.toUpperCase()],
    expiry: evaluate(resolve(expires, constants), constants),
    expiryUnit: 'moment',
    bindsContentType: findMember(options, 'contentType') !== null,
    bindsLength: /x-goog-content-length-range|content-length/i.test(options),
    isVersion2: version !== null && version !== 'v4',
  }
}

const inspectLaravel: Inspect = (call, _text, constants) => ({
  ...callPlace(call, call.name.replace(/^.*(?:->|::)/, '')),
  methods: [call.name.includes('Upload') ? 'PUT' : 'GET'],
  expiry: evaluate(resolve(call.parameters[1], constants), constants),
  expiryUnit: 'moment',
  bindsContentType: /ContentType/.test(call.parameters[2] ?? ''),
  bindsLength: /ContentLength/.test(call.parameters[2] ?? ''),
})

/** `getSignedUrl(['url' => …, 'expires' => …])` and `getSignedUrl($url, $expires)` of CloudFront. */
const inspectCloudFront: Inspect = (call, text, constants) => {
  const [first = '', second] = call.parameters
  const isList = first.startsWith('[') || first.startsWith('array')
  if (!isList && !/CloudFront|UrlSigner|CookieSigner/.test(text)) return null
  const expires = isList ? findMember(first, 'expires') : (second ?? null)
  if (expires === null) return null
  return {
    ...callPlace(call, `${call.name.replace(/^->/, '')} of CloudFront`),
    methods: ['GET'],
    expiry: evaluate(resolve(expires, constants), constants),
    expiryUnit: 'epoch seconds',
    bindsContentType: null,
    bindsLength: null,
    ...judgeResource(isList ? findMember(first, 'url') : first),
  }
}

const INSPECTORS: readonly (readonly [pattern: RegExp, inspect: Inspect])[] = [
  [/->createPresignedRequest(?=\s*\()/g, inspectPresignedRequest],
  [/\bnew\s+\\?(?:Aws\\S3\\)?PostObjectV4(?=\s*\()/g, inspectPostObject],
  [/->(?:begin)?[sS]ignedUrl(?=\s*\()/g, inspectGoogle],
  [/->getSigned(?:Url|Cookie)(?=\s*\()/g, inspectCloudFront],
  [/(?:->|::)temporary(?:Upload)?Url(?=\s*\()/g, inspectLaravel],
]

const SIGNATURE_VERSION_2 = /["']signature(?:_version)?["']\s{0,9}=>\s{0,9}["'](?:v2|s3)["']/g

/** The calls that sign in a PHP text without comments. */
export function inspectPhp(text: string, constants: Constants): PresignCall[] {
  const calls = INSPECTORS.flatMap(([pattern, inspect]) =>
    findCalls(text, pattern).flatMap((call) => inspect(call, text, constants) ?? []),
  )
  return [...calls, ...version2Settings(text, SIGNATURE_VERSION_2)]
}
