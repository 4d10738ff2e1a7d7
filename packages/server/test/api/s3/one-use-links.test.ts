/** What the network does to links with a number of uses: clients that vanish, reset, stop reading, end early. */
import assert from 'node:assert/strict'
import { Agent, get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reading } from '../../../src/catalog/records.ts'
import { writeFile } from '../../../src/core/files/write-file.ts'
import { endSigningKey } from '../../../src/core/keys/signing-keys.ts'
import { authorizeLink, revokeLink } from '../../../src/core/links/links.ts'
import { authorizeSweep, revokeBefore } from '../../../src/core/links/revocations.ts'
import { cutAnswers } from '../../../src/core/links/cut-answers.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import type { HttpLimits } from '../../../src/http/limits.ts'
import { admin, allow, issue, streamOf, writeRequest } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { withS3 } from './support.ts'

const KEY = 'secret.bin'
/** Both systems hold it whole, whether anybody reads it or not. */
const HELD = 40_000
/** More than both hold. */
const LARGE: number = 24 * 1024 * 1024

interface Bench {
  readonly core: TestCore
  readonly url: string
  readonly uses: () => Promise<number>
  /** Once no answer is under way any more; `null` if the use is done. */
  readonly left: () => Promise<Reading | null>
}

async function withLink(
  size: number,
  use: (bench: Bench) => Promise<void>,
  { maxUses = 1, limits = {} }: { maxUses?: number; limits?: Partial<HttpLimits> } = {},
): Promise<void> {
  await withS3(
    async ({ core }) => {
      await writeFile(core, await allow(core, admin, 'write', KEY), writeRequest(), {
        body: streamOf(Buffer.alloc(size, 'x')),
        signal: new AbortController().signal,
      })
      const { id, url } = await issue(core, KEY, { method: 'GET', maxUses })
      const find = () => core.catalog.grants.find(id)
      await use({
        core,
        url,
        uses: async () => (await find())?.uses ?? -1,
        left: async () => {
          for (;;) {
            const reading = (await find())?.reading ?? null
            const answers = core.answers.underWay()
            if (answers.length === 0 && (reading === null || reading.answer === null))
              return reading
            await sleep(2)
          }
        },
      })
    },
    { limits },
  )
}

/** Asks and reads nothing. */
async function ask(url: string, options: { readonly endsFirst?: boolean } = {}): Promise<Socket> {
  const { port, host, pathname, search } = new URL(url)
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  socket.pause()
  const head = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`
  await new Promise<void>((resolve) => {
    if (options.endsFirst === true) socket.end(head, resolve)
    else socket.write(head, () => resolve())
  })
  return socket
}

/** Bytes of everything that came, head and all, once `isEnough`, or once nothing more comes. */
async function readUntil(socket: Socket, isEnough: (count: number) => boolean): Promise<number> {
  let count = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const take = (chunk: Buffer): void => {
    count += chunk.length
    if (isEnough(count)) resolve()
  }
  socket.on('data', take)
  socket.on('end', resolve)
  socket.on('close', resolve)
  socket.resume()
  await promise
  socket.off('data', take)
  socket.pause()
  return count
}

const ALL = (): boolean => false

async function statusOf(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const answer = await fetch(url, { headers })
  await answer.arrayBuffer()
  return answer.status
}

test('a connection that is reset leaves the use, whether the answer was half out or all of it', async () => {
  for (const size of [HELD, LARGE]) {
    for (const afterBytes of [0, 1000, size === LARGE ? 1_000_000 : HELD - 1000]) {
      await withLink(size, async ({ url, uses, left }) => {
        const socket = await ask(url)
        await readUntil(socket, (count) => count > afterBytes)
        socket.resetAndDestroy()
        assert.notEqual(await left(), null)
        assert.equal(await statusOf(url), 200)
        assert.equal(await left(), null)
        assert.equal(await uses(), 1)
        assert.equal(await statusOf(url), 410)
      })
    }
  }
})

test('a client that leaves with bytes unread has not got them', async () => {
  await withLink(HELD, async ({ core, url, left }) => {
    const socket = await ask(url)
    while (core.answers.underWay().length === 0) await sleep(2)
    socket.destroy()
    assert.notEqual(await left(), null)
    assert.equal(await statusOf(url), 200)
  })
})

test('a client that ends its side behind its request gets all of it, and proves nothing', async () => {
  for (const size of [HELD, LARGE]) {
    await withLink(size, async ({ url, left, uses }) => {
      const socket = await ask(url, { endsFirst: true })
      assert.ok((await readUntil(socket, ALL)) > size)
      socket.destroy()
      assert.notEqual(await left(), null)
      assert.equal(await statusOf(url), 200)
      assert.equal(await left(), null)
      assert.equal(await uses(), 1)
    })
  }
})

test('an end without the last byte proves nothing', async () => {
  await withLink(LARGE, async ({ url, left }) => {
    const socket = await ask(url)
    await readUntil(socket, (count) => count > 1_000_000)
    socket.end()
    await readUntil(socket, ALL)
    socket.destroy()
    const reading = await left()
    assert.ok(reading !== null && reading.delivered.length === 0)
  })
})

test('whoever read everything and ends in order is done, whatever is asked next', async () => {
  for (const size of [0, 1, HELD, LARGE]) {
    await withLink(size, async ({ url, left, uses }) => {
      const socket = await ask(url)
      assert.ok((await readUntil(socket, ALL)) > size)
      socket.end()
      assert.equal(await left(), null)
      for (const range of ['bytes=0-', 'bytes=1-', 'bytes=-1']) {
        assert.equal(await statusOf(url, { range }), 410, range)
      }
      assert.equal(await uses(), 1)
    })
  }
})

test('a client that never ends its side is waited for as long as the last bytes may take, and not for ever', async () => {
  await withLink(
    HELD,
    async ({ core, url, left }) => {
      const socket = await ask(url)
      await readUntil(socket, ALL)
      const before = performance.now()
      while (performance.now() - before < 50) await sleep(5)
      assert.equal(core.answers.underWay().length, 1)
      const timer = setInterval(() => core.clock.advance(60_000), 5)
      assert.notEqual(await left(), null)
      clearInterval(timer)
      socket.destroy()
    },
    { limits: { checkIntervalMs: 5 } },
  )
})

test('only an answer whose arrival matters ends its connection', async () => {
  await withLink(HELD, async ({ core, url }) => {
    const agent = new Agent({ keepAlive: true })
    const connectionOf = async (asked: string): Promise<string | undefined> => {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
      get(asked, { agent }, resolve).on('error', reject)
      const answer = await promise
      for await (const _ of answer);
      return answer.headers.connection
    }
    const plain = await issue(core, KEY, { method: 'GET' })
    assert.equal(await connectionOf(plain.url), 'keep-alive')
    assert.equal(await connectionOf(url), 'close')
    assert.equal(await connectionOf(plain.url), 'keep-alive')
    agent.destroy()
  })
})

test('what is asked behind the last answer of a connection is not looked at, and uses nothing', async () => {
  await withLink(HELD, async ({ core, url, left }) => {
    const behind = await issue(core, KEY, { method: 'GET', maxUses: 1 })
    const socket = await ask(url)
    await readUntil(socket, ALL)
    const { host, pathname, search } = new URL(behind.url)
    socket.end(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    assert.equal(await left(), null)
    assert.equal((await core.catalog.grants.find(behind.id))?.uses, 0)
    assert.equal(await statusOf(behind.url), 200)
  })
})

test('pieces that one client fetches one after the other are one use, and none of them comes twice', async () => {
  await withLink(HELD, async ({ url, left, uses }) => {
    for (const range of ['bytes=0-9999', 'bytes=30000-', 'bytes=10000-19999']) {
      assert.equal(await statusOf(url, { range }), 206, range)
      assert.notEqual(await left(), null)
      assert.equal(await statusOf(url, { range }), 410, `${range} again`)
    }
    assert.equal(await statusOf(url), 410, 'all of it')
    assert.equal(await statusOf(url, { range: 'bytes=20000-29999' }), 206)
    assert.equal(await left(), null)
    assert.equal(await uses(), 1)
  })
})

test('what breaks off again and again is sent four times and no more', async () => {
  await withLink(HELD, async ({ url, left, uses }) => {
    let answers = 0
    for (let time = 0; time < 12; time += 1) {
      const socket = await ask(url)
      let head = ''
      socket.once('data', (chunk: Buffer) => (head = chunk.toString('latin1', 0, 12)))
      await readUntil(socket, (count) => count > 0)
      socket.resetAndDestroy()
      if (head === 'HTTP/1.1 200') answers += 1
      await left()
    }
    assert.equal(answers, 4)
    assert.equal(await uses(), 1)
  })
})

/** With both kinds of links: a number of uses, and none. */
async function assertBreaksOff(
  end: (core: TestCore, linkId: string) => Promise<void>,
): Promise<void> {
  for (const maxUses of [1, null]) {
    await withLink(LARGE, async ({ core, url: counted }) => {
      const plain = await issue(core, KEY, { method: 'GET' })
      const url = maxUses === null ? plain.url : counted
      const answer = await fetch(url)
      assert.equal(answer.status, 200)
      await end(core, new URL(url).searchParams.get('X-Hallpass-Link') ?? '')
      await cutAnswers(core)
      await assert.rejects(answer.arrayBuffer())
      assert.equal(await statusOf(url), 403)
    })
  }
}

test('a download on a link that is revoked breaks off, and nobody can take it for whole', async () => {
  await assertBreaksOff(async (core, id) => {
    const { permit, link } = await authorizeLink(core, admin, id)
    await revokeLink(core, permit, link)
  })
})

test('a download on a link breaks off when the key that signed it is ended, and when a sweep reaches it', async () => {
  await assertBreaksOff(async (core) =>
    endSigningKey(core, await authorizeInstance(core, admin), core.signingKeyId),
  )
  await assertBreaksOff(async (core) => {
    await revokeBefore(core, await authorizeSweep(core, admin, { kind: 'instance' }))
  })
})
