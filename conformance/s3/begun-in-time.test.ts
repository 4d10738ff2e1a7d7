/** What begins before the end of its URL may finish after it; what begins after it is refused. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { buffer } from 'node:stream/consumers'
import { presign } from '../lib/clients.ts'
import { MOVES_CLOCK } from '../lib/many-nodes.ts'
import { makeBucket } from '../lib/put-files.ts'
import { parseAnswer, sendRaw, targetOf } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'

/** More than the kernel holds between two sockets, so that the server has not sent the end when the reader has the beginning. */
const BYTES = randomBytes(24 * 1024 * 1024)
const LIFE_SECONDS = 300
let server: RunningServer

before(async () => {
  server = await startServer()
  await makeBucket(server, 'acme')
})

after(async () => {
  await server.stop()
})

async function begin(lines: readonly string[]): Promise<Socket> {
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  await once(socket, 'connect')
  const host = `Host: 127.0.0.1:${server.port}`
  socket.write([lines[0], host, 'Connection: close', ...lines.slice(1), '', ''].join('\r\n'))
  return socket
}

async function assertOver(method: string, target: string): Promise<void> {
  const answer = await sendRaw(server.port, { method, target, body: '' })
  assert.equal(answer.status, 403)
  assert.match(answer.body.toString(), /Request has expired/)
}

test(
  'an upload that began before its URL ended is stored whole after it',
  { skip: MOVES_CLOCK },
  async () => {
    const target = targetOf(presign(server, 'PUT', 'acme/a', { expiresInSeconds: LIFE_SECONDS }))
    const length = `Content-Length: ${BYTES.length}`
    const socket = await begin([`PUT ${target} HTTP/1.1`, length, 'Expect: 100-continue'])
    const [invitation] = (await once(socket, 'data')) as [Buffer]
    assert.match(invitation.toString(), /^HTTP\/1\.1 100 /)
    socket.write(BYTES.subarray(0, BYTES.length / 2))
    server.advanceClock((LIFE_SECONDS + 1) * 1000)
    socket.write(BYTES.subarray(BYTES.length / 2))
    const answer = parseAnswer(await buffer(socket))
    assert.equal(answer.status, 200, answer.body.toString())
    await assertOver('PUT', target)
  },
)

test(
  'a download that began before its URL ended comes whole after it',
  { skip: MOVES_CLOCK },
  async () => {
    const target = targetOf(presign(server, 'GET', 'acme/a', { expiresInSeconds: LIFE_SECONDS }))
    const socket = await begin([`GET ${target} HTTP/1.1`])
    const [first] = (await once(socket, 'data')) as [Buffer]
    socket.pause()
    assert.ok(first.length < BYTES.length)
    server.advanceClock((LIFE_SECONDS + 1) * 1000)
    await assertOver('GET', target)
    socket.unshift(first)
    const answer = parseAnswer(await buffer(socket))
    assert.equal(answer.status, 200)
    assert.ok(answer.body.equals(BYTES))
  },
)
