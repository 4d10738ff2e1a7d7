/**
 * What a JavaScript or TypeScript file calls the functions of others, and which of its names belong to another package.
 *
 * @module
 */
import type { Call } from './calls.ts'
import { findCalls } from './calls.ts'

/** A function under another name. */
export interface Renamed {
  readonly name: string
  readonly local: string
}

const IMPORTED = /\bimport\s{1,9}(?:[\w$]{1,60}\s{0,9},\s{0,9})?\{([^{}]{1,2000})\}\s{0,9}from\b/g
const IMPORTED_NAME = /^\s*(?:type\s+)?([\w$]+)\s+as\s+([\w$]+)\s*$/
const TAKEN_APART = /\b(?:const|let|var)\s{0,9}\{([^{}=]{1,2000})\}\s{0,9}=/g
const TAKEN_NAME = /^\s*([\w$]+)\s*:\s*([\w$]+)\s*$/
const ASSIGNED =
  /\b(?:const|let|var)\s{1,9}([\w$]{1,60})\s{0,9}=\s{0,9}(?:[\w$]{1,60}\.){0,2}([\w$]{1,60})[ \t]*(?=[;\n]|$)/g
const MAX_RENAMED = 50

/** `import { presignS3 as sign }`, `const { presignS3: sign } = s3`, `const sign = s3.presignS3`. */
export function findRenamed(text: string): readonly Renamed[] {
  const found: Renamed[] = []
  for (const [lists, renaming] of [
    [IMPORTED, IMPORTED_NAME],
    [TAKEN_APART, TAKEN_NAME],
  ] as const) {
    for (const [, list = ''] of text.matchAll(lists)) {
      for (const piece of list.split(',')) {
        const [, name, local] = renaming.exec(piece) ?? []
        if (name !== undefined && local !== undefined) found.push({ name, local })
      }
    }
  }
  for (const [, local = '', name = ''] of text.matchAll(ASSIGNED)) found.push({ name, local })
  const locals = new Map(found.map((renamed) => [renamed.local, renamed]))
  return [...locals.values()].filter(({ local, name }) => local !== name).slice(0, MAX_RENAMED)
}

/** Calls of a name the pattern matches, whatever the file calls it. */
export function findCallsByAnyName(
  text: string,
  pattern: RegExp,
  renamed: readonly Renamed[],
): Call[] {
  const others = renamed.flatMap(({ local, name }) =>
    Array.from(`${name}(`.matchAll(pattern), ([whole]) => whole).includes(name)
      ? findCalls(text, callOf(local)).map((call) => ({ ...call, name }))
      : [],
  )
  return [...findCalls(text, pattern), ...others]
}

function callOf(local: string): RegExp {
  return new RegExp(`(?<![\\w$.])${local.replaceAll('$', '\\$')}(?=\\s*\\()`, 'g')
}

/** Whether the object before a method belongs to another package than the library, as far as the file tells. */
export type IsForeign = (call: Call) => boolean

const OWN = '@hallpass/signing'
const FROM =
  /\bimport\s{1,9}((?:[\w$*{},]|\s){1,2000}?)\s{0,9}from\s{0,9}["']([\w@][\w@./:-]{0,200})["']/g
const REQUIRED =
  /\b(?:const|let|var)\s{1,9}((?:[\w$]|[{},:]|\s){1,2000}?)\s{0,9}=\s{0,9}(?:await\s{1,9}import|require)\(\s{0,9}["']([\w@][\w@./:-]{0,200})["']/g
/** `const signer = new SignatureV4(`, `signer: SignatureV4`. */
const MADE_OF =
  /(?<![\w$])([A-Za-z_$][\w$]{0,60})\s{0,9}[?!]?(?:=\s{0,9}(?:await\s{1,9})?(?:new\s{1,9})?|:\s{0,9})([A-Za-z_$][\w$]{0,60})\b/g
/** An object of the runtime. */
const OF_THE_RUNTIME = ['crypto', 'subtle']
/** Words between the names of an import. */
const NO_NAMES: ReadonlySet<string> = new Set(['as', 'default', 'type'])
const RECEIVER = /(?:[\w$#]|\??\.|\([^()]{0,80}\)){1,200}$/

/** `jwt.sign(…)` and `crypto.sign(…)` are no calls of the library, whatever else the file imports. */
export function findForeign(text: string): IsForeign {
  const { foreign, own } = findOwners(text)
  return ({ name, start }) => {
    if (!name.startsWith('.')) return false
    const [receiver = ''] = RECEIVER.exec(text.slice(Math.max(0, start - 200), start)) ?? []
    const parts = receiver.replaceAll(/\([^()]*\)/g, '').match(/[\w$]+/g) ?? []
    return parts.some((part) => foreign.has(part) && !own.has(part))
  }
}

/** Names that come from another package, or from this library, and what is made by them. */
interface Owners {
  readonly foreign: Set<string>
  readonly own: Set<string>
}

function findOwners(text: string): Owners {
  const owners = { foreign: new Set(OF_THE_RUNTIME), own: new Set<string>() }
  for (const pattern of [FROM, REQUIRED]) {
    for (const [, names = '', from = ''] of text.matchAll(pattern)) {
      // An alias such as `@/lib` is the program's own, and not known.
      if (from.startsWith('@/')) continue
      addNames(from.startsWith(OWN) ? owners.own : owners.foreign, names)
    }
  }
  for (const [, name = '', maker = ''] of text.matchAll(MADE_OF)) {
    const owner = owners.own.has(maker) ? owners.own : owners.foreign
    if (owner.has(maker)) owner.add(name)
  }
  return owners
}

function addNames(owner: Set<string>, names: string): void {
  for (const name of names.match(/[\w$]+/g) ?? []) if (!NO_NAMES.has(name)) owner.add(name)
}
