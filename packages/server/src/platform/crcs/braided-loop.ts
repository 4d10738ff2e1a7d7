/**
 * The loop that sums up a CRC, as WebAssembly: its integers have 64 bits, where JavaScript works on two halves or on BigInts. It works on
 * five words at a time, each with a remainder of its own that is due 40 bytes further on (a *braid*), so that it never waits for one
 * look-up before it begins the next.
 */

export interface BraidedLoop {
  readonly memory: ArrayBuffer
  /** Sums up the bytes from `start` to `end`, which it changes, into the remainder at `REMAINDER_AT`. */
  run(start: number, end: number): void
}

const WORD_BYTES = 8
const BRAIDS = 5
/** How far on the remainder of a word is due. */
export const BRAID_BYTES: number = BRAIDS * WORD_BYTES

/** Where things lie in the memory: entries of tables are 64-bit words. */
const TABLE_BYTES: number = 256 * WORD_BYTES
/** What a byte leaves behind once it is passed. */
export const BYTE_TABLE_AT = 0
/** Eight of them: what a byte at each place of a word leaves `BRAID_BYTES` further on. */
export const BRAID_TABLES_AT: number = TABLE_BYTES
export const REMAINDER_AT: number = BRAID_TABLES_AT + WORD_BYTES * TABLE_BYTES
export const BYTES_AT: number = REMAINDER_AT + WORD_BYTES

/** What Node has of it; its types come with those of browsers alone. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly given: { readonly memory: WasmMemory } },
  ) => { readonly exports: Pick<BraidedLoop, 'run'> }
}
interface WasmMemory {
  readonly buffer: ArrayBuffer
}
interface WasmModule {
  readonly kind?: 'module'
}

/** Of a page: few enough bytes that they are still close by when the loop comes to them. Nothing is in the tables yet. */
export function createBraidedLoop(): BraidedLoop {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(writeModule()), {
    given: { memory },
  })
  return { memory: memory.buffer, run: exports.run }
}

type Code = readonly number[]

/** The variables of the loop: its two parameters, the word it looks at, the remainders. */
const at = 0
const end = 1
const word = 2
const remainder = (braid: number): number => 3 + braid
const first: number = remainder(0)

function writeLoop(): Code {
  return inOrder([
    set(first, load64(constant(0), REMAINDER_AT)),
    whileTrue(leftAtLeast(2 * BRAID_BYTES), [
      ...braids((braid) => inOrder([set(word, due(braid)), set(remainder(braid), passWord())])),
      goOn(BRAID_BYTES),
    ]),
    // What is due is put where it is due: one remainder is left, that of nothing.
    ifTrue(leftAtLeast(BRAID_BYTES), [
      ...braids((braid) => store64(get(at), braid * WORD_BYTES, due(braid))),
      set(first, constant64(0)),
    ]),
    whileTrue(less(get(at), get(end)), [
      set(word, xor(load8(get(at)), get(first))),
      set(first, xor(lookUp(0, BYTE_TABLE_AT), shiftRight64(get(first), 8))),
      goOn(1),
    ]),
    store64(constant(0), REMAINDER_AT, get(first)),
  ])
}

function braids(write: (braid: number) => Code): readonly Code[] {
  return Array.from({ length: BRAIDS }, (_, braid) => write(braid))
}

/** The next word of a braid, with the remainder that is due there. */
function due(braid: number): Code {
  return xor(load64(get(at), braid * WORD_BYTES), get(remainder(braid)))
}

/** What becomes of the word `BRAID_BYTES` further on. */
function passWord(): Code {
  const [start, ...others] = Array.from({ length: WORD_BYTES }, (_, place) =>
    lookUp(place, BRAID_TABLES_AT + place * TABLE_BYTES),
  )
  return others.reduce(xor, start ?? [])
}

/** The entry of a table for one byte of the word. */
function lookUp(place: number, table: number): Code {
  // The byte times eight, which is how wide an entry is.
  const index =
    place === 0
      ? shiftLeft(and(low32(get(word)), 0xff), 3)
      : and(low32(shiftRight64(get(word), place * 8 - 3)), 0x7f8)
  return load64(index, table)
}

function leftAtLeast(bytes: number): Code {
  return inOrder([get(end), get(at), [0x6b], constant(bytes), [0x4f]])
}

function goOn(bytes: number): Code {
  return set(at, inOrder([get(at), constant(bytes), [0x6a]]))
}

/** The instructions that are needed [WebAssembly 5.4]. Each works on what those before it left. */
const get = (variable: number): Code => [0x20, variable]
const set = (variable: number, value: Code): Code => [...value, 0x21, variable]
const constant = (value: number): Code => [0x41, ...signed(value)]
const constant64 = (value: number): Code => [0x42, ...signed(value)]
const less = (a: Code, b: Code): Code => [...a, ...b, 0x49]
const and = (value: Code, mask: number): Code => [...value, ...constant(mask), 0x71]
const shiftLeft = (value: Code, bits: number): Code => [...value, ...constant(bits), 0x74]
const shiftRight64 = (value: Code, bits: number): Code => [...value, ...constant64(bits), 0x88]
const xor = (a: Code, b: Code): Code => [...a, ...b, 0x85]
const low32 = (value: Code): Code => [...value, 0xa7]
/** Nothing is promised of how an address is aligned. */
const load64 = (base: Code, offset: number): Code => [...base, 0x29, 0, ...unsigned(offset)]
const load8 = (base: Code): Code => [...base, 0x31, 0, 0]
function store64(base: Code, offset: number, value: Code): Code {
  return inOrder([base, value, [0x37, 0], unsigned(offset)])
}
const NO_RESULT = 0x40
const END = 0x0b

function ifTrue(condition: Code, body: readonly Code[]): Code {
  return inOrder([condition, [0x04, NO_RESULT], ...body, [END]])
}

function whileTrue(condition: Code, body: readonly Code[]): Code {
  const again = [0x0c, 1]
  return inOrder([[0x03, NO_RESULT], ifTrue(condition, [...body, again]), [END]])
}

/** The binary format: a magic number, then sections of a number, a length and a body [WebAssembly 5.5]. */
function writeModule(): Uint8Array {
  const takesTwoNumbers = [0x60, 2, 0x7f, 0x7f, 0]
  const memoryOfAPage = [2, 0, 1]
  const variablesOf64Bits = [1, 1 + BRAIDS, 0x7e]
  return Uint8Array.from(
    inOrder([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, takesTwoNumbers),
      section(2, [...name('given'), ...name('memory'), ...memoryOfAPage]),
      section(3, [0]),
      section(7, [...name('run'), 0, 0]),
      section(10, sized([...variablesOf64Bits, ...writeLoop(), END])),
    ]),
  )
}

/** Of one entry, as all of these are. */
function section(id: number, entry: Code): Code {
  return [id, ...sized([1, ...entry])]
}

function sized(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes]
}

function name(text: string): Code {
  return sized([...Buffer.from(text)])
}

function inOrder(codes: readonly Code[]): Code {
  return codes.flat()
}

/** LEB128: seven bits a byte, the lowest first [WebAssembly 5.2.2]. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** Of a number that is not negative: its highest bit must not be taken for a sign. */
function signed(value: number): Code {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)]
}
