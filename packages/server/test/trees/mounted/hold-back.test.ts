import assert from 'node:assert/strict'
import { test } from 'node:test'
import { holdBack } from '../../../src/trees/mounted/hold-back.ts'

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of body) text += Buffer.from(chunk).toString()
  return text
}

test('the last bytes wait until they are released, and nothing before them does', async () => {
  const seen: string[] = []
  const { body, failure } = await holdBack(chunks('a', '', 'b', 'c', ''), async () => {
    seen.push('released')
  })
  for await (const chunk of body) seen.push(Buffer.from(chunk).toString())
  assert.deepEqual(seen, ['a', 'b', 'released', 'c'])
  assert.equal(failure(), null)
})

test('an empty body is released before anybody reads it', async () => {
  let isReleased = false
  const { body } = await holdBack(chunks('', ''), async () => {
    isReleased = true
  })
  assert.ok(isReleased)
  assert.equal(await collect(body), '')
})

test('what is not released never comes, and says why', async () => {
  const refused = new Error('refused')
  const { body, failure } = await holdBack(chunks('a', 'b'), () => Promise.reject(refused))
  const seen: string[] = []
  await assert.rejects(async () => {
    for await (const chunk of body) seen.push(Buffer.from(chunk).toString())
  }, refused)
  assert.deepEqual(seen, ['a'])
  assert.equal(failure()?.error, refused)
})

test('a source that breaks off is not released', async () => {
  const broken = new Error('broken')
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a')
    throw broken
  }
  let isReleased = false
  const { body, failure } = await holdBack(breaking(), async () => {
    isReleased = true
  })
  await assert.rejects(collect(body), broken)
  assert.equal(isReleased, false)
  assert.equal(failure()?.error, broken)
})
