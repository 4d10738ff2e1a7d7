import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPartBuffer } from '../../../src/stores/send/part-buffer.ts'
import { createPartMemory } from '../../../src/stores/send/part-memory.ts'
import { sendInParts } from '../../../src/stores/send/send-in-parts.ts'
import type { PartSending } from '../../../src/stores/send/send-in-parts.ts'

const { signal } = new AbortController()

interface Recorded {
  readonly sending: PartSending<string, string>
  readonly calls: string[]
}

/** Takes parts of four bytes; `failAt`: the part that fails. */
function record(failAt = 0): Recorded {
  const calls: string[] = []
  const say = (text: string): Promise<string> => {
    calls.push(text)
    return Promise.resolve(text)
  }
  return {
    calls,
    sending: {
      partBytes: () => 4,
      sendWhole: (bytes) => say(`whole ${String(Buffer.from(bytes))}`),
      begin: () => say('begin'),
      sendPart: (_id, number, bytes) =>
        number === failAt
          ? Promise.reject(new Error(`part ${number} failed`))
          : say(`${number} ${String(Buffer.from(bytes))}`),
      complete: (_id, parts) => say(`complete ${parts.length}`),
      abort: () => say('abort').then(() => undefined),
    },
  }
}

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text))
}

test('memory for parts is lent, and what there is not is refused', () => {
  const memory = createPartMemory(100_000)
  const first = createPartBuffer(80_000, memory)
  first.add(Buffer.alloc(80_000))
  const second = createPartBuffer(80_000, memory)
  assert.throws(() => second.add(Buffer.alloc(40_000)), /than there is memory for/)
  first.release()
  first.release()
  assert.equal(second.add(Buffer.alloc(90_000)).length, 10_000)
})

test('what fits into one part is sent as a whole', async () => {
  for (const texts of [[], [''], ['abcd'], ['a', 'b', 'cd']]) {
    const { sending, calls } = record()
    await sendInParts(chunks(...texts), signal, sending)
    assert.deepEqual(calls, [`whole ${texts.join('')}`])
  }
})

test('what does not is sent in parts, whatever the chunks are', async () => {
  for (const texts of [['abcdefghij'], ['a', 'bcd', 'e', 'fghij'], Array.from('abcdefghij')]) {
    const { sending, calls } = record()
    await sendInParts(chunks(...texts), signal, sending)
    assert.deepEqual(calls, ['begin', '1 abcd', '2 efgh', '3 ij', 'complete 3'])
  }
})

test('a part that fails ends the upload, and the body is told', async () => {
  const { sending, calls } = record(2)
  let isReleased = false
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield await Promise.resolve(Buffer.from('abcd'))
    } finally {
      isReleased = true
    }
  }
  await assert.rejects(sendInParts(endless(), signal, sending), /part 2 failed/)
  assert.equal(calls.at(-1), 'abort')
  assert.equal(isReleased, true)
})

test('a body that fails ends the upload', async () => {
  const { sending, calls } = record()
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield* chunks('abcdefgh', 'i')
    throw new Error('the client went away')
  }
  await assert.rejects(sendInParts(failing(), signal, sending), /the client went away/)
  assert.deepEqual(calls, ['begin', '1 abcd', '2 efgh', 'abort'])
})
