/**
 * Requests smuggled past a proxy, as nginx and HAProxy are configured in the manual, and with no proxy at all: whatever the two make
 * of a strange request, they agree on where it ends.
 */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { presign } from '../lib/clients.ts'
import { PATIENCE_MS } from '../lib/patience.ts'
import { makeBucket, putFile } from '../lib/put-files.ts'
import { exchangeBytes, sendRaw, targetOf } from '../lib/raw-http.ts'
import { withServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { startHaproxy, startNginx } from './proxies.ts'
import { smugglingCases } from './smuggling-cases.ts'
import type { SmugglingCase } from './smuggling-cases.ts'
import { withProxy } from './with-proxy.ts'

const HIDDEN = 'hidden-object'
const MARKER = 'nobody asked for this'
const CONTENT = 'asked for'
const FIRST_BYTE_MS = 1500
const QUIET_MS = 120

/** All that comes back until the other side hangs up or has been silent for a while; these requests leave servers waiting. */
function exchangeUntilQuiet(
  port: number,
  bytes: Uint8Array,
  firstByteMs: number = FIRST_BYTE_MS,
): Promise<string> {
  const done = Promise.withResolvers<string>()
  let text = ''
  const socket = connect({ port, host: '127.0.0.1' })
  const finish = (): void => {
    socket.destroy()
    done.resolve(text)
  }
  let silence = setTimeout(finish, firstByteMs)
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    clearTimeout(silence)
    silence = setTimeout(finish, QUIET_MS)
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearTimeout(silence)
    done.resolve(text)
  })
  socket.write(bytes)
  return done.promise
}

function countAnswers(text: string): number {
  return [...text.matchAll(/HTTP\/1\.[01] (?!1\d\d)\d{3}/g)].length
}

/** Resolves to the answer. */
async function assertOneAnswer(
  front: RunningServer,
  { name, bytes }: SmugglingCase,
  firstByteMs: number,
): Promise<string> {
  const text = await exchangeUntilQuiet(front.port, bytes, firstByteMs)
  assert.ok(!text.includes(MARKER), `${name}: the hidden request was answered`)
  assert.ok(countAnswers(text) <= 1, `${name}: more than one answer:\n${text}`)
  assert.ok(!front.logText().includes(HIDDEN), `${name}: the hidden request arrived`)
  // Whoever comes next, maybe on the same connection between proxy and server, gets an answer of their own.
  for (let next = 0; next < 2; next += 1) {
    const answer = await sendRaw(front.port, {
      method: 'GET',
      target: targetOf(presign(front, 'GET', 'acme/a.txt')),
    })
    assert.equal(answer.status, 200, `${name}: the next request`)
    assert.equal(answer.body.toString(), CONTENT, `${name}: the next request`)
  }
  return text
}

async function tryAll(server: RunningServer, front: RunningServer): Promise<void> {
  await makeBucket(server, 'acme')
  await putFile(server, { bucket: 'acme', key: 'a.txt' }, CONTENT)
  await putFile(server, { bucket: 'acme', key: HIDDEN }, MARKER)
  const hidden = targetOf(presign(front, 'GET', `acme/${HIDDEN}`))
  const download = targetOf(presign(front, 'GET', 'acme/a.txt'))
  const cases = smugglingCases({
    host: `127.0.0.1:${front.port}`,
    upload: targetOf(presign(front, 'PUT', 'acme/upload')),
    download,
    hidden,
  })
  assert.ok(cases.length > 100)
  for (const each of cases) {
    // What is invalid the server itself answers, and hangs up.
    const isRefused = front === server && each.isInvalid
    const answer = await assertOneAnswer(front, each, isRefused ? PATIENCE_MS : FIRST_BYTE_MS)
    if (!isRefused) continue
    assert.match(answer, /^HTTP\/1\.1 400 /, each.name)
    assert.match(answer, /^connection: close\r$/im, each.name)
  }
  // In the open, behind a request without a body, the hidden one is answered, and would have been seen.
  const request = (target: string, more = ''): string =>
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${front.port}\r\n${more}\r\n`
  const both = Buffer.from(request(download) + request(hidden, 'Connection: close\r\n'))
  const text = (await exchangeBytes(front.port, both)).toString('latin1')
  assert.equal(countAnswers(text), 2)
  assert.ok(text.includes(MARKER))
  assert.ok(server.logText().includes(HIDDEN))
}

describe('a second request hidden in a first is never answered', { concurrency: true }, () => {
  test('by the server alone', () => withServer((server) => tryAll(server, server)))
  test('behind nginx', (context) =>
    withProxy(context, startNginx, ({ server, front }) => tryAll(server, front)))
  test('behind haproxy', (context) =>
    withProxy(context, startHaproxy, ({ server, front }) => tryAll(server, front)))
})
