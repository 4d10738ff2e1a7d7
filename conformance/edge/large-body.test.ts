/** A body larger than memory may grow by: it goes through the server, and is never in it. HALLPASS_LARGE_BODY_MIB=5120 by hand. */
import assert from 'node:assert/strict'
import process from 'node:process'
import { test } from 'node:test'
import { peakMiB } from '../lib/peak-memory.ts'
import { bannerValue, makeDataDir, spawnHallpass } from '../start/spawn-server.ts'

const BODY_MIB = Number(process.env['HALLPASS_LARGE_BODY_MIB'] ?? 384)
const MOST_MORE_MIB = 256
const MIB = 1024 ** 2

/** So many MiB, one after the other, for whoever reads them. */
function bodyOf(mib: number): ReadableStream<Uint8Array> {
  const piece = new Uint8Array(MIB).fill(7)
  let left = mib
  return new ReadableStream({
    pull(controller) {
      if (left === 0) return controller.close()
      left -= 1
      controller.enqueue(piece)
    },
  })
}

async function send(url: string, mib: number, headers: Record<string, string>): Promise<number> {
  const init = { method: 'PUT', headers, body: bodyOf(mib), duplex: 'half' } as RequestInit
  const answer = await fetch(url, init)
  await answer.arrayBuffer()
  return answer.status
}

test('an upload and a download of any size take no more memory than a small one', async (t) => {
  const server = spawnHallpass(t, ['serve', '--log-level', 'warn'], {
    HALLPASS_DATA_DIR: makeDataDir(t),
    HALLPASS_PORT: '0',
  })
  const url = await server.ready()
  const headers = { authorization: bannerValue(server.stdout(), 'Admin API key') }
  const pid = server.child.pid ?? 0
  assert.equal(await send(`${url}/v1/files?path=acme/small`, 8, headers), 201)
  const before = peakMiB(pid)
  assert.equal(await send(`${url}/v1/files?path=acme/large`, BODY_MIB, headers), 201)
  const listed = await fetch(`${url}/v1/files?folder=acme`, { headers })
  const { files } = (await listed.json()) as { files: { size: number; signedUrl: string }[] }
  const large = files.find(({ size }) => size === BODY_MIB * MIB)
  assert.ok(large !== undefined, 'it is there as a whole')
  let received = 0
  for await (const piece of (await fetch(large.signedUrl)).body ?? []) received += piece.length
  assert.equal(received, large.size)
  const more = peakMiB(pid) - before
  t.diagnostic(`${BODY_MIB} MiB through ${Math.round(more)} MiB more`)
  assert.ok(more < MOST_MORE_MIB, `${Math.round(more)} MiB more than before`)
})
