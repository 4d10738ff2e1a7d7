/**
 * A table of small sketches in one piece of memory, which never grows: each entry is a few words of 32 bits under a key. It has as many
 * entries as it was made for; where eight entries that fall together are full, the one that was longest not asked for goes. What was
 * never touched takes no memory of the machine.
 */
import { hashText } from './hash-text.ts'

/** Entries that fall together. */
const WAYS = 8
/** Words before those of the caller: a mark of the key, and the second it was last asked for. */
const HEAD = 2

export interface SketchTable {
  readonly words: Uint32Array
  /** Where the words of a key begin in `words`; a key not known yet gets words of zeros. `atMs` never goes back far. */
  readonly find: (key: string, atMs: number) => number
  /** Bytes, touched or not. */
  readonly size: number
}

/** `entries`: a power of two, at least eight. `width`: words an entry. */
export function createSketchTable(entries: number, width: number): SketchTable {
  const stride = HEAD + width
  const words = new Uint32Array(entries * stride)
  const sets = entries / WAYS
  return {
    words,
    size: words.byteLength,
    find(key, atMs) {
      const set = hashText(key, 0) % sets
      // 0 marks what is free.
      const mark = hashText(key, 0x9e3779b9) || 1
      const at = pick(words, { first: set * WAYS * stride, stride, mark })
      if (words[at] !== mark) words.fill(0, at, at + stride)
      words[at] = mark
      words[at + 1] = Math.floor(atMs / 1000)
      return at + HEAD
    },
  }
}

interface Place {
  readonly first: number
  readonly stride: number
  readonly mark: number
}

/** The entry of the mark, else a free one, else the one that was longest not asked for. */
function pick(words: Uint32Array, { first, stride, mark }: Place): number {
  let oldest = first
  for (let way = 0; way < WAYS; way += 1) {
    const at = first + way * stride
    if (words[at] === mark) return at
    if ((words[at + 1] ?? 0) < (words[oldest + 1] ?? 0)) oldest = at
  }
  return oldest
}
