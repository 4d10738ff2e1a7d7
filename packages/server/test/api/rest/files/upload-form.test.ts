import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createDiskBlobStore } from '../../../../src/blobs/disk/disk-blob-store.ts'
import { RestError } from '../../../../src/api/rest/errors.ts'
import { readUploadForm } from '../../../../src/api/rest/files/upload-form.ts'
import type { FormFile } from '../../../../src/api/rest/files/upload-form.ts'
import { DomainError } from '../../../../src/core/errors.ts'

const TYPE = 'multipart/form-data; boundary=B'
const MUTATIONS = 10_000
const SEED = 20_261_201

const FOLDER = 'Content-Disposition: form-data; name="folder"\r\n\r\nacme/in\r\n'
const FILE =
  'Content-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n'
const FORMS = [
  `--B\r\n${FOLDER}--B\r\n${FILE}--B--\r\n`,
  `--B\r\n${FILE}--B\r\n${FOLDER}--B--\r\n`,
] as const
const PIECES = [
  '',
  '\r\n',
  '\r',
  '\n',
  '--B',
  '--B--',
  '\r\n--B\r\n',
  '\r\n\r\n',
  '"',
  '\\',
  ';',
  ' ',
  '='.repeat(50),
  '\0',
  '\u00ff',
  'name="file"',
  "filename*=UTF-8''%",
  '--B\r\n\r\n',
  FOLDER,
  FILE,
] as const

/** xorshift32: the same sequence for the same seed, everywhere. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

interface Source {
  readonly stream: AsyncIterable<Uint8Array>
  /** True once nobody will ask for more. */
  isClosed(): boolean
}

function sourceOf(bytes: Uint8Array, chunkSize: number, fault: Error | null = null): Source {
  let isClosed = false
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < bytes.length; at += chunkSize) {
        yield await Promise.resolve(bytes.subarray(at, at + chunkSize))
      }
      if (fault !== null) throw fault
    } finally {
      isClosed = true
    }
  }
  return { stream: read(), isClosed: () => isClosed }
}

async function textOf({ folder, name, body }: FormFile): Promise<string> {
  let text = `${folder}/${name}: `
  for await (const chunk of body) text += Buffer.from(chunk).toString('latin1')
  return text
}

function mutate(random: (below: number) => number): Uint8Array {
  let text: string = FORMS[random(2)] ?? ''
  for (let change = random(3); change >= 0; change -= 1) {
    const at = random(text.length + 1)
    const piece = PIECES[random(PIECES.length)] ?? ''
    text = text.slice(0, at) + piece + text.slice(at + (random(2) === 0 ? 0 : random(30)))
  }
  return Buffer.from(text, 'latin1')
}

/** What was stored, or the code of the refusal. */
async function outcomeOf(source: Source): Promise<string> {
  let working = 0
  async function store(file: FormFile): Promise<string> {
    working += 1
    try {
      return await textOf(file)
    } finally {
      working -= 1
    }
  }
  try {
    return `stored ${await readUploadForm(TYPE, source.stream, store)}`
  } catch (error) {
    assert.ok(error instanceof RestError || error instanceof DomainError, String(error))
    return error.code
  } finally {
    assert.equal(working, 0, 'it settled before the store had')
    assert.ok(source.isClosed(), 'the stream is still open')
  }
}

test(`of ${MUTATIONS} mutated forms each is stored or refused, in however many pieces it comes, and closes its stream`, async () => {
  const random = createRandom(SEED)
  const seen = new Map<string, number>()
  for (let round = 0; round < MUTATIONS; round += 1) {
    const bytes = mutate(random)
    const outcomes: string[] = []
    for (const size of [1 + random(5), 1 + random(80), 100_000]) {
      outcomes.push(await outcomeOf(sourceOf(bytes, size)))
    }
    const shown = `${outcomes.join(' | ')}: ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`
    assert.equal(new Set(outcomes).size, 1, shown)
    const kind = outcomes[0]?.split(' ')[0] ?? ''
    seen.set(kind, (seen.get(kind) ?? 0) + 1)
  }
  for (const kind of ['stored', 'body-malformed', 'field-invalid']) {
    assert.ok((seen.get(kind) ?? 0) > 100, `${kind} came ${seen.get(kind) ?? 0} times`)
  }
})

test('a form that breaks while its file is being written leaves no descriptor and no temporary file', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'hallpass-form-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  const blobs = createDiskBlobStore({ directory })
  const countOpen = (): number => readdirSync('/proc/self/fd').length
  const head = `--B\r\n${FOLDER}--B\r\n${FILE.slice(0, FILE.indexOf('hello'))}`
  const large = 'x'.repeat(300_000)
  const endings = [
    '',
    '\r\n--B',
    '\r\n--B-',
    `\r\n--B\r\n\r\n`,
    `\r\n--B\r\n${FILE}--B--`,
    `\r\n--B\r\n${FOLDER}--B--`,
    `\r\n--B--${'x'.repeat(2000)}`,
  ]
  // A part without headers, then a file, and no end.
  const texts = [
    `--B\r\n\r\n\r\n--B\r\n${FOLDER}--B\r\n${FILE}`,
    ...endings.map((end) => head + large + end),
  ]
  const before = countOpen()
  let written = 0
  for (const [index, text] of texts.entries()) {
    for (const fault of [null, new Error('the client is gone')]) {
      const source = sourceOf(Buffer.from(text), 10_000, fault)
      const store = async ({ body }: FormFile): Promise<void> => {
        written += 1
        const { signal } = new AbortController()
        await blobs.write(`blob${index}${fault === null ? 'a' : 'b'}`, body, { size: null, signal })
      }
      await assert.rejects(readUploadForm(TYPE, source.stream, store))
      assert.ok(source.isClosed())
    }
  }
  assert.ok(written > 10)
  assert.equal(countOpen(), before)
  const left = readdirSync(directory, { recursive: true, withFileTypes: true })
  assert.deepEqual(
    left.filter((entry) => entry.isFile()).map(({ name }) => name),
    [],
  )
})

test('what the store throws is what the form throws, and the rest of the form is not read', async () => {
  const refusal = new Error('no room')
  let read = 0
  const source = sourceOf(
    Buffer.from(`--B\r\n${FOLDER}--B\r\n${FILE.replace('hello', 'x'.repeat(1_000_000))}--B--`),
    1000,
  )
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source.stream) {
      read += 1
      yield chunk
    }
  }
  await assert.rejects(
    readUploadForm(TYPE, counted(), () => Promise.reject(refusal)),
    (error) => error === refusal,
  )
  assert.ok(read < 10 && source.isClosed())
})
