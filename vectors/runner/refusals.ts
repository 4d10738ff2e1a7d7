/** What must be refused, and the changes to which a signature owes its refusal. */
import assert from 'node:assert/strict'
import { isRecord } from './family.ts'

/** Fails unless the action throws an error of the library, with one of these codes if any are given. */
export function assertRefused(
  action: () => unknown,
  what: string,
  codes: readonly string[] = [],
): void {
  let refusal: unknown
  try {
    action()
  } catch (error) {
    refusal = error
  }
  assertRefusal(refusal, what, codes)
}

/** The same of an action that may have to be waited for. */
export async function assertRefusedLater(
  action: () => unknown,
  what: string,
  codes: readonly string[] = [],
): Promise<void> {
  let refusal: unknown
  try {
    const answer = action()
    // Most answer at once, and of the others there are many.
    if (answer instanceof Promise) await answer
  } catch (error) {
    refusal = error
  }
  assertRefusal(refusal, what, codes)
}

function assertRefusal(refusal: unknown, what: string, codes: readonly string[]): void {
  // Not `instanceof`: the library may have been loaded into another realm.
  assert.ok(isRecord(refusal), `${what} was accepted`)
  // Asked for only where it is told: a stack is written out when it is read, which costs more than most verifications.
  if (refusal['name'] !== 'SigningError') assert.fail(`${what}: ${String(refusal['stack'])}`)
  if (codes.length === 0) return
  assert.ok(codes.includes(String(refusal['code'])), `${what}: ${String(refusal['code'])}`)
}

/** Which characters of a text are signed, and which of them are tried. */
export interface Flips {
  readonly start?: number
  readonly end?: number
  /** Of the seven; fewer where others would spell the same thing. */
  readonly bits?: readonly number[]
  /** 3 for a third of the characters, where every check is slow; another third at each run. */
  readonly every?: number
  /** True for a change that is another spelling of what was signed. */
  readonly isSame?: (changed: string) => boolean
}

const ALL_BITS = [0, 1, 2, 3, 4, 5, 6]
/** All bits of all characters take long in seven runtimes: there each run takes another bit of each. */
const TURN = Math.floor(Date.now() / 1000)
let isThorough = false

/** From now on every character and every bit of it is tried. */
export function tryEverything(): void {
  isThorough = true
}

/** Fails unless `verify` throws an error of the library for one-bit changes of the signed part of `text`. */
export async function refuseBitFlips(
  text: string,
  verify: (changed: string) => unknown,
  { start = 0, end = text.length, bits = ALL_BITS, every = 1, isSame = () => false }: Flips = {},
): Promise<void> {
  for (let index = start; index < end; index += 1) {
    if (!isThorough && (TURN + index) % every !== 0) continue
    const turn = Math.floor((TURN + index) / every) % bits.length
    for (const bit of isThorough ? bits : bits.slice(turn, turn + 1)) {
      const other = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit))
      const changed = text.slice(0, index) + other + text.slice(index + 1)
      if (isSame(changed)) continue
      await assertRefusedLater(() => verify(changed), `a change of bit ${bit} at ${index}`)
    }
  }
}

/** True for two spellings of one text: an escape in either case, a plus and an escaped space. */
export function isSameDecoded(a: string, b: string): boolean {
  try {
    return decodeURIComponent(a.replaceAll('+', ' ')) === decodeURIComponent(b.replaceAll('+', ' '))
  } catch {
    return false
  }
}

/** One character of the text turned into another one of the same kind. */
export function tamper(text: string, index: number): string {
  const character = text[index] ?? ''
  const other = neighbour(character)
  return text.slice(0, index) + other + text.slice(index + 1)
}

/** Of the same kind, so that an escape stays one; of the same case, because the case of an escape says nothing. */
function neighbour(character: string): string {
  if (/[0-9]/.test(character)) return String((Number(character) + 1) % 10)
  if (/[A-Z]/.test(character)) return character === 'A' ? 'B' : 'A'
  return character === 'a' ? 'b' : 'a'
}
