/** A drop: strangers send files into a folder they never see, within what it takes. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { waitUntil } from '../lib/patience.ts'
import { needsOneProcess } from '../lib/many-nodes.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, upload } from '../rest/call.ts'
import { cookieOf, look, press, share } from './visit.ts'

const run = promisify(execFile)

function withInbox(use: (server: RunningServer) => Promise<void>): Promise<void> {
  return withServer(async (server) => {
    await upload(server, 'acme/inbox/theirs.txt', 'theirs')
    await use(server)
  })
}

function form(files: Readonly<Record<string, string>>, type = 'text/plain'): FormData {
  const data = new FormData()
  for (const [name, text] of Object.entries(files)) {
    data.append('file', new Blob([text], { type }), name)
  }
  return data
}

interface Answer {
  readonly code?: string
  readonly files: readonly {
    readonly name: string
    readonly size: number
    readonly waits: boolean
  }[]
  readonly refused: { readonly code: string } | null
}

const NO_ANSWER: Answer = { files: [], refused: null }

async function send(
  url: string,
  body: FormData,
  headers: Readonly<Record<string, string>> = { accept: 'application/json' },
): Promise<{ readonly status: number; readonly text: string; readonly json: Answer }> {
  const answer = await fetch(url, { method: 'POST', body, headers })
  const text = await answer.text()
  return {
    status: answer.status,
    text,
    json: text.startsWith('{') ? (JSON.parse(text) as Answer) : NO_ANSWER,
  }
}

/** `''` for a file that is not there. */
async function textOf({ core }: RunningServer, key: string): Promise<string> {
  const file = await core.files.find({ bucket: 'acme', key })
  const body = file === null ? null : await core.files.open(file, null, AbortSignal.timeout(60_000))
  return body?.kind === 'bytes' ? Buffer.from(body.bytes).toString() : ''
}

test('what is sent into a drop is stored, replaces nothing, and is shown to whoever sent it', async () => {
  await withInbox(async (server) => {
    const { url, id } = await share(server, {
      path: 'acme/inbox/',
      kind: 'drop',
      greeting: 'Yours?',
    })
    const page = await look(url)
    assert.match(page.text, /enctype="multipart\/form-data"/)
    assert.match(page.text, /Yours\?/)
    assert.doesNotMatch(page.text, /theirs|inbox/)
    const sent = await send(url, form({ 'theirs.txt': 'mine', '<b>.txt': 'second' }))
    assert.equal(sent.status, 201)
    assert.deepEqual(sent.json, {
      files: [
        { name: 'theirs (2).txt', size: 4, waits: false },
        { name: '<b>.txt', size: 6, waits: false },
      ],
      refused: null,
    })
    assert.equal(await textOf(server, 'inbox/theirs.txt'), 'theirs')
    assert.equal(await textOf(server, 'inbox/theirs (2).txt'), 'mine')
    const shown = await send(url, form({ '<i>.txt': 'x' }), { accept: 'text/html' })
    assert.equal(shown.status, 201)
    assert.match(shown.text, /&lt;i&gt;\.txt/)
    // Servers write uses down a moment later, this one when it is asked to.
    await waitUntil(async () => {
      await server.core.events.flush()
      const { text } = await call(server, 'GET', `/v1/events?link=${id}`)
      return /file\.created/.test(text) && /link\.used/.test(text)
    }, 'what came by the link is not told')
  })
})

/** Sends the head of a form and the first byte of its file, and the rest when it is told to. */
function sendInTwo(url: string, name: string, text: string) {
  const begun = Promise.withResolvers<void>()
  const rest = Promise.withResolvers<void>()
  const head = `--b\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\n\r\n`
  let isBegun = false
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      if (!isBegun) {
        isBegun = true
        return controller.enqueue(Buffer.from(head + text.slice(0, 1)))
      }
      // The beginning was taken.
      begun.resolve()
      await rest.promise
      controller.enqueue(Buffer.from(`${text.slice(1)}\r\n--b--\r\n`))
      controller.close()
    },
  }
  const body = new ReadableStream(source, { highWaterMark: 0 })
  const headers = {
    accept: 'application/json',
    'content-type': 'multipart/form-data; boundary=b',
  }
  const init = { method: 'POST', headers, body, duplex: 'half' } as const
  const answer = fetch(url, init)
  const names = answer.then(async (sent) => ((await sent.json()) as Answer).files.map(named))
  return { begun: begun.promise, finish: () => rest.resolve(), names }
}

function named({ name }: { readonly name: string }): string {
  return name
}

test(
  'strangers who send files of one name at the same time all find theirs kept',
  {
    skip: needsOneProcess(
      'each knows what is on its way to it, and refuses what another was first with',
    ),
  },
  async () => {
    await withInbox(async (server) => {
      const { url } = await share(server, { path: 'acme/inbox/', kind: 'drop' })
      const texts = ['first', 'second', 'third']
      const sending = texts.map((text) => sendInTwo(url, 'a.pdf', text))
      await Promise.all(sending.map(({ begun }) => begun))
      for (const { finish } of sending) finish()
      const names = (await Promise.all(sending.map((sent) => sent.names))).flat()
      assert.deepEqual(names.toSorted(), ['a (2).pdf', 'a (3).pdf', 'a.pdf'])
      const kept = await Promise.all(names.map((name) => textOf(server, `inbox/${name}`)))
      assert.deepEqual(kept.toSorted(), texts.toSorted())
    })
  },
)

test(
  'what waits to be looked at has its name already',
  { skip: needsOneProcess('nobody looks at its files') },
  async () => {
    await withServer(
      async (server) => {
        await upload(server, 'acme/inbox/theirs.txt', 'theirs')
        const policy = { quarantine: ['clamav'] }
        await call(server, 'PUT', '/v1/folders/acme/inbox/policy', { json: { policy } })
        const { url } = await share(server, { path: 'acme/inbox/', kind: 'drop' })
        const names = ['a.pdf', 'a (2).pdf', 'a (3).pdf', 'a (4).pdf', 'a (5).pdf']
        for (const name of names) {
          const sent = await send(url, form({ 'a.pdf': name }))
          assert.deepEqual([sent.status, sent.json.files.map(named)], [201, [name]])
        }
        assert.equal(await textOf(server, 'inbox/a.pdf'), '')
      },
      { scanners: ['clamav'] },
    )
  },
)

test('a drop takes the sizes, types and number of files that it was made for', async () => {
  await withInbox(async (server) => {
    const asked = { path: 'acme/inbox/', kind: 'drop', maxBytes: 5, contentTypes: ['text/plain'] }
    const { url } = await share(server, { ...asked, maxUses: 2 })
    const page = await look(url)
    for (const said of ['5 bytes', 'text/plain', 'accept="text/plain"']) {
      assert.ok(page.text.includes(said), said)
    }
    const large = await send(url, form({ 'a.txt': 'small', 'b.txt': 'too large' }))
    assert.equal(large.status, 413)
    assert.deepEqual(large.json.files, [{ name: 'a.txt', size: 5, waits: false }])
    assert.equal(large.json.refused?.code, 'file-too-large')
    assert.equal(await textOf(server, 'inbox/b.txt'), '')
    const type = await send(url, form({ 'c.html': 'x' }, 'text/html'))
    assert.deepEqual([type.status, type.json.refused?.code], [415, 'content-type-not-allowed'])
    const last = await send(url, form({ 'd.txt': '1', 'e.txt': '2' }))
    assert.deepEqual([last.status, last.json.files.length], [410, 1])
    assert.equal((await look(url)).status, 410)
    assert.equal(await textOf(server, 'inbox/e.txt'), '')
  })
})

test('names that lead elsewhere lead nowhere, and a form without a file says so', async () => {
  await withInbox(async (server) => {
    const { url } = await share(server, { path: 'acme/inbox/', kind: 'drop' })
    const sent = await send(url, form({ '../../up.txt': 'x', 'C:\\temp\\down.txt': 'y' }))
    assert.deepEqual(
      sent.json.files.map(({ name }) => name),
      ['up.txt', 'down.txt'],
    )
    assert.equal((await send(url, form({ '..': 'x' }))).json.refused?.code, 'path-invalid')
    assert.equal((await send(url, form({}))).json.code, 'no-file-sent')
    assert.equal((await press(url, { action: 'download' })).status, 400)
  })
})

test('a password stands before the files, in the form itself or by the page', async () => {
  await withInbox(async (server) => {
    const { url } = await share(server, { path: 'acme/inbox/', kind: 'drop', password: 'secret' })
    assert.equal((await send(url, form({ 'a.txt': 'x' }))).status, 401)
    const cookie = cookieOf(await press(url, { password: 'secret' }))
    const sent = await send(url, form({ 'a.txt': 'x' }), { accept: 'application/json', cookie })
    assert.equal(sent.status, 201)
    const folder = await mkdtemp(join(tmpdir(), 'hallpass-drop-'))
    await writeFile(join(folder, 'curl.txt'), 'by curl')
    const fields = ['-F', 'password=secret', '-F', 'file=@curl.txt']
    const { stdout } = await run('curl', ['-sS', ...fields, url], { cwd: folder })
    await rm(folder, { recursive: true })
    assert.match(stdout, /curl\.txt/)
    assert.equal(await textOf(server, 'inbox/curl.txt'), 'by curl')
  })
})

test('a drop that ends while a file arrives takes none of it', async () => {
  await withInbox(async (server) => {
    const { url, id } = await share(server, { path: 'acme/inbox/', kind: 'drop' })
    const boundary = 'edge'
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="late.txt"\r\n\r\n`
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(Buffer.from(`${head}begun`))
        await call(server, 'DELETE', `/v1/shares/${id}`)
        controller.enqueue(Buffer.from(` and done\r\n--${boundary}--\r\n`))
        controller.close()
      },
    })
    const headers = {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      accept: 'application/json',
    }
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers,
      duplex: 'half',
    } as RequestInit)
    assert.equal(answer.status, 403)
    assert.equal(await textOf(server, 'inbox/late.txt'), '')
  })
})

const LANGUAGES = {
  en: /being checked/,
  de: /wird geprüft/,
  fr: /en cours de contrôle/,
  es: /en revisión/,
  ja: /確認中/,
  zh: /正在检查/,
} as const

test(
  'where files are looked at first, whoever sends one is told so in their language, and none replaces another',
  { skip: needsOneProcess('they look at files, which wait no more') },
  async () => {
    await withInbox(async (server) => {
      const policy = { policy: { quarantine: [], maxBytes: 100 } }
      const set = await call(server, 'PUT', '/v1/folders/acme/inbox/policy', { json: policy })
      assert.equal(set.status, 200)
      const { url } = await share(server, { path: 'acme/inbox/', kind: 'drop' })
      for (const [language, says] of Object.entries(LANGUAGES)) {
        const headers = { accept: 'text/html', 'accept-language': language }
        const { status, text } = await send(url, form({ 'a.txt': language }), headers)
        assert.equal(status, 201)
        assert.match(text, says)
      }
      const { json } = await send(url, form({ 'a.txt': 'last' }))
      assert.deepEqual(json.files, [{ name: 'a (7).txt', size: 4, waits: true }])
      assert.equal(await textOf(server, 'inbox/a.txt'), '')
    })
  },
)
