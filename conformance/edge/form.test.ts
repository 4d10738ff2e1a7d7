/** Upload forms from clients that break off, lie or stop: whatever they do, nothing of it stays. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { countOpen } from '../lib/open-descriptors.ts'
import { waitUntil } from '../lib/patience.ts'
import { takeSnapshot } from '../lib/assert-refused.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { call, upload } from '../rest/call.ts'

const FORMS_AT_ONCE = 20
const ROUNDS = 15

const FOLDER = '--B\r\nContent-Disposition: form-data; name="folder"\r\n\r\nacme/in\r\n'
const FILE = '--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
const LARGE: string = 'x'.repeat(200_000)
/** None of them has an end, and none is followed by anything. */
const OPEN_FORMS: readonly string[] = [
  `--B\r\n\r\n\r\n${FOLDER}${FILE}hello`,
  `--B\r\n\r\n\r\n${FOLDER}${FILE}${LARGE}`,
  `${FOLDER}${FILE}${LARGE}`,
  `${FOLDER}${FILE}${LARGE}\r\n--B\r\n\r\n\r\n${FILE}${LARGE}`,
  `${FILE}${LARGE}\r\n${FOLDER}`,
  `${FOLDER}--B\r\nContent-Disposition: form-data`,
]

/** Sends a form that promises more than it brings, waits until it is refused or has all been sent, and hangs up. */
async function sendOpenForm(server: RunningServer, form: string): Promise<void> {
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  const over = Promise.withResolvers<void>()
  socket.on('error', () => undefined)
  socket.on('close', () => over.resolve())
  socket.on('data', () => over.resolve())
  const head = `POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: ${server.adminKey}\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: ${form.length + 1000}\r\n\r\n`
  socket.write(head + form, () => over.resolve())
  await over.promise
  socket.destroy()
}

test('300 forms with a part without headers, then a file, and no end leave no descriptor and no temporary file', async () => {
  await withServer(async (server) => {
    await upload(server, 'acme/kept.txt', 'kept')
    const before = await takeSnapshot(server)
    const open = countOpen()
    for (let round = 0; round < ROUNDS; round += 1) {
      const forms = Array.from(
        { length: FORMS_AT_ONCE },
        (_, index) => OPEN_FORMS[(round + index) % OPEN_FORMS.length] ?? '',
      )
      await Promise.all(forms.map((form) => sendOpenForm(server, form)))
    }
    // Connections of clients that reuse theirs are not what is counted.
    await waitUntil(() => countOpen() <= open + 2, 'descriptors stay open')
    await waitUntil(
      async () => JSON.stringify(await takeSnapshot(server)) === JSON.stringify(before),
      'temporary files stay',
    )
    const large = await upload(server, 'acme/large.txt', LARGE)
    assert.equal((await call(server, 'GET', `/v1/files/${String(large['id'])}`)).status, 200)
  })
})

test('a form that is refused is answered at once, although its client goes on waiting', async () => {
  await withServer(async (server) => {
    const socket = connect({ port: server.port, host: '127.0.0.1' })
    let text = ''
    const answered = Promise.withResolvers<void>()
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk
      if (text.includes('body-malformed')) answered.resolve()
    })
    socket.on('close', () => answered.resolve())
    socket.write(
      `POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: ${server.adminKey}\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: 100000\r\n\r\n--B\r\n\r\n\r\n`,
    )
    await answered.promise
    assert.match(text, /^HTTP\/1\.1 400 /)
    socket.destroy()
  })
})
