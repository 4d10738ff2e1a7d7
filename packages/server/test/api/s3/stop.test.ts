import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { put } from '../../support/core.ts'
import { withS3 } from './support.ts'

test('an upload in flight finishes while the server stops, and its connection ends', async () => {
  await withS3(async (server) => {
    const target = server.presign('PUT', 'acme/late.txt').slice(server.origin.length)
    const socket = connect({ port: server.port, host: '127.0.0.1' })
    let seen = ''
    const admitted = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    socket.on('data', (chunk) => {
      seen += chunk.toString()
      if (seen.includes('100 Continue')) admitted.resolve()
    })
    socket.on('close', () => ended.resolve())
    socket.write(
      `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`,
    )
    await admitted.promise
    const closing = server.app.close()
    socket.write('hello')
    await ended.promise
    await closing
    assert.match(seen, /HTTP\/1\.1 200 OK\r\n/)
    assert.match(seen, /\r\nConnection: close\r\n/)
    const file = await server.core.files.find({ bucket: 'acme', key: 'late.txt' })
    assert.equal(file?.size, 5)
  })
})

test('a request that never ends does not keep the server from stopping', async () => {
  await withS3(
    async (server) => {
      await put(server.core, 'a.txt', 'x')
      const target = server.presign('PUT', 'acme/never.txt').slice(server.origin.length)
      const socket = connect({ port: server.port, host: '127.0.0.1' })
      const admitted = Promise.withResolvers<void>()
      socket.on('data', () => admitted.resolve())
      socket.on('error', () => undefined)
      socket.write(
        `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`,
      )
      await admitted.promise
      await server.app.close()
      assert.equal(await server.core.files.find({ bucket: 'acme', key: 'never.txt' }), null)
    },
    { limits: { stopTimeoutMs: 50 } },
  )
})
