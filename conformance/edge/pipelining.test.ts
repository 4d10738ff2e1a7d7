/** Many cheap requests at once for dear answers: others are served, and memory stays where it is. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { waitUntil } from '../lib/patience.ts'
import { peakMiB } from '../lib/peak-memory.ts'
import { makeDataDir, spawnHallpass } from '../start/spawn-server.ts'

const CONNECTIONS = 20
const REQUEST = 'GET /-/docs HTTP/1.1\r\nHost: localhost\r\n\r\n'
const FLOOD: string = REQUEST.repeat(Math.ceil(1_000_000 / REQUEST.length))
const MAX_PEAK_MIB = 768

test('20 connections with 1 MB of pipelined requests each keep nobody else from being answered, and fill no memory', async (t) => {
  const server = spawnHallpass(t, ['serve', '--log-level', 'warn'], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
  })
  const url = await server.ready()
  const port = Number(new URL(url).port)
  const length = (await (await fetch(`${url}/-/docs`)).text()).length
  let received = 0
  const sockets = Array.from({ length: CONNECTIONS }, (_, index) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      received += chunk.byteLength
    })
    // Half of them never read an answer.
    if (index % 2 === 0) socket.pause()
    socket.write(FLOOD)
    return socket
  })
  t.after(() => {
    for (const socket of sockets) socket.destroy()
  })
  // The flood is under way; what is asked now is answered before it is over.
  await waitUntil(() => received > length * 10)
  for (let round = 0; round < 20; round += 1) {
    assert.equal((await fetch(`${url}/-/healthz`)).status, 200)
  }
  assert.ok(received < length * CONNECTIONS * (FLOOD.length / REQUEST.length), 'the flood was over')
  const peak = peakMiB(server.child.pid ?? 0)
  t.diagnostic(`${Math.round(peak)} MiB at most`)
  assert.ok(peak < MAX_PEAK_MIB, `${Math.round(peak)} MiB`)
})
