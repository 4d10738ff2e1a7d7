/**
 * Calls of this library in JavaScript and TypeScript: what presigns, prefixes, cookies, tokens, forms, and what signers sign.
 *
 * @module
 */
import { callPlace, methodsOfLetters } from './call-place.ts'
import type { Call } from './calls.ts'
import { findCalls, findMember, splitTopLevel, stringValue } from './calls.ts'
import { PRIVATE_HOST } from './endpoints.ts'
import { evaluate } from './evaluate.ts'
import { findCallsByAnyName, findForeign } from './javascript-names.ts'
import type { Renamed } from './javascript-names.ts'
import { judgeResource } from './javascript-others.ts'
import { MOST_S3_SECONDS } from './presign-call.ts'
import type { PresignCall, Source } from './presign-call.ts'

const CALLS =
  /(?:\b(?:presign[A-Z]\w{1,40}|signHttpRequest|create(?:Akamai|Azure|Bunny|Cloud|Gcs|MediaCdn|S3|Swift)\w{1,40})|\.(?:sign|signAll|createPostPolicy))(?=\s*\()/g

/** The calls of a file that imports the library. */
export function inspectHallpass(source: Source, renamed: readonly Renamed[]): PresignCall[] {
  if (!source.text.includes('@hallpass/signing')) return []
  const objects = findObjects(source.text)
  const isForeign = findForeign(source.text)
  return findCallsByAnyName(source.text, CALLS, renamed).flatMap((call) => {
    const member = isForeign(call) ? null : membersOf(call, objects)
    return member === null ? [] : inspectCall(call, member, source)
  })
}

/** The object of a name, as it is where a call begins. */
type Objects = (name: string, callStart: number) => string | undefined

/** The expression of an option, as written; `null` if it is not among them. */
type Member = (name: string) => string | null

const ENDS = ['expiresInSeconds', 'expiresAt', 'ttlSeconds']

function inspectCall(call: Call, member: Member, { constants }: Source): PresignCall {
  const name = call.name.replace('.', '')
  const isForm = name.includes('PostPolicy')
  const moment = member('expiresAt')
  return {
    ...callPlace(call, `${name} of @hallpass/signing`),
    methods: isForm ? ['POST'] : methodsOf(member),
    expiry: evaluate(member('expiresInSeconds') ?? moment ?? member('ttlSeconds'), constants),
    expiryUnit: member('expiresInSeconds') === null && moment !== null ? 'moment' : 'seconds',
    ...(/S3|Gcs/.test(name) ? { mostSeconds: MOST_S3_SECONDS } : {}),
    ...bindingsOf(call, member, isForm),
    ...reachOf(name, member),
  }
}

function methodsOf(member: Member): readonly string[] {
  const permissions = member('permissions')
  if (permissions !== null) return methodsOfLetters(lettersOf(permissions))
  const method = member('method')
  if (method === null) return ['GET']
  const text = stringValue(method)
  return text === null ? [] : [text.toUpperCase()]
}

/** The names of permissions that open a method of their own; other words may be variables. */
const PERMISSIONS =
  /\b(?:read|list|add|create|write|delete|deleteVersion|permanentDelete)\b(?!\s*:\s*false)/g

/** `'rw'`, `['read', 'write']` and `{ read: true }` in letters, as far as the kinds of methods go. */
function lettersOf(permissions: string): string {
  const letters = stringValue(permissions)
  if (letters !== null) return letters
  const names = permissions.match(PERMISSIONS) ?? []
  return names.map((name) => (name === 'permanentDelete' ? 'y' : name.charAt(0))).join('')
}

/** What an upload is bound to, where it can be. */
function bindingsOf(
  call: Call,
  member: Member,
  isForm: boolean,
): Pick<PresignCall, 'bindsContentType' | 'bindsLength'> {
  const isObject = ['bucket', 'key', 'object'].some((name) => member(name) !== null)
  const isStore = isForm || /S3|Gcs|Oss|Cos/.test(call.name)
  if (!isStore && !(call.name.startsWith('.') && isObject)) {
    return { bindsContentType: null, bindsLength: null }
  }
  const text = ['headers', 'fields', 'conditions'].map((name) => member(name) ?? '').join('\n')
  const has = (...names: readonly string[]): boolean => names.some((name) => member(name) !== null)
  return {
    bindsContentType: has('contentType') || /content-type/i.test(text),
    // OSS signs no length.
    bindsLength: call.name.includes('Oss')
      ? null
      : has('contentLength', 'contentLengthRange') || /content-length/i.test(text),
  }
}

/** How much is opened, and whether on plain http too. */
function reachOf(name: string, member: Member): Pick<PresignCall, 'wideScope' | 'isPlainHttp'> {
  const url = member('url') ?? member('resource') ?? member('urlPrefix')
  const plainHost = /^["'`]http:\/\/([^/"'`]*)/.exec(url ?? '')?.[1]
  return {
    wideScope: wideScopeOf(name, member),
    isPlainHttp:
      /https,http/.test(member('protocol') ?? '') ||
      (plainHost !== undefined && !PRIVATE_HOST.test(plainHost)),
  }
}

function wideScopeOf(name: string, member: Member): string | null {
  if (name === 'presignAzureAccount') return 'a whole account'
  // `''` is the root directory.
  const isWhole = member('blob') === 'null' || /^(?:null|''|""|``)$/.test(member('directory') ?? '')
  if (isWhole) return 'a whole container'
  const isOne = name.startsWith('presignCloudFront')
  return isOne ? (judgeResource(member('resource') ?? member('url')).wideScope ?? null) : null
}

/** The options of a call, if they are among its arguments and say an end. */
function membersOf(call: Call, objects: Objects): Member | null {
  const literals = findCalls(call.body, /(?:^|[[(,])\s{0,80}(?=\{)/g)
  const candidates = [...call.parameters, ...literals.map(({ body }) => `{${body}}`)]
  for (const candidate of candidates) {
    const texts = resolve(candidate, (name) => objects(name, call.start))
    const member: Member = (name) => {
      for (const text of texts) {
        const found = findMember(text, name)
        if (found !== null) return found
      }
      return null
    }
    if (ENDS.some((name) => member(name) !== null)) return member
  }
  return null
}

const NAME = /^[A-Za-z_$][\w$]{0,60}$/

/** An object as written, and those of the file that it is made of. */
function resolve(
  expression: string,
  objectOf: (name: string) => string | undefined,
): readonly string[] {
  if (NAME.test(expression)) {
    const found = objectOf(expression)
    return found === undefined ? [] : [found]
  }
  if (!/^\{.*\}$/s.test(expression)) return []
  const spread = splitTopLevel(expression.slice(1, -1)).flatMap((piece) =>
    piece.startsWith('...') ? (objectOf(piece.slice(3).trim()) ?? []) : [],
  )
  return [expression, ...spread]
}

const OBJECT =
  /\b(?:const|let|var)\s{1,9}([A-Za-z_$][\w$]{0,60})\s{0,9}(?::[^=\n]{1,80})?=\s{0,9}(?=\{)/g

/** The objects of a file. Of several with one name a call has the last before it, as functions have an `options` each. */
function findObjects(text: string): Objects {
  const found = findCalls(text, OBJECT).map(({ name, start, body }) => ({
    name: /^\w+\s+([\w$]+)/.exec(name)?.[1] ?? '',
    start,
    text: `{${body}}`,
  }))
  return (name, callStart) => {
    const before = found.findLast((object) => object.name === name && object.start < callStart)
    return (before ?? found.find((object) => object.name === name))?.text
  }
}
