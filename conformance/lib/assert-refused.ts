/**
 * A refusal, with everything that must hold beside its status: nothing was written, nothing was given away, it came at
 * once, and the server is well afterwards.
 */
import assert from 'node:assert/strict'
import { waitUntil, withCpuTime } from './patience.ts'
import { presignS3 } from '@hallpass/signing/s3'
import type { RawAnswer } from './raw-http.ts'
import type { RunningServer } from './start-server.ts'

export interface Refusal {
  /** One status, or any of several. */
  readonly status: number | readonly number[]
  /** The code in S3's XML or in the problem document; not looked for in answers without a body. */
  readonly code?: string | readonly string[]
}

export interface RefusedRequest {
  /** For the message of a failure. */
  readonly name: string
  readonly send: () => Promise<RawAnswer>
}

/** A refusal that costs more than this is an attack that works. */
const MAX_CPU_MS = 1000

export async function assertRefused(
  server: RunningServer,
  request: RefusedRequest,
  refusal: Refusal,
): Promise<RawAnswer> {
  const { name } = request
  const before = await takeSnapshot(server)
  const { result: answer, cpuMs } = await withCpuTime(() => request.send())
  assertStatus(answer, refusal, name)
  assert.ok(cpuMs < MAX_CPU_MS, `${name}: it cost ${Math.round(cpuMs)} ms of CPU`)
  assertSilent(server, answer, name)
  await assertNothingWritten(server, before, name)
  await assertWell(server, name)
  return answer
}

function assertStatus(answer: RawAnswer, { status, code }: Refusal, name: string): void {
  const statuses = typeof status === 'number' ? [status] : status
  const text = answer.body.toString()
  assert.ok(
    statuses.includes(answer.status),
    `${name}: ${answer.status} instead of ${statuses.join(' or ')}: ${text.slice(0, 300)}`,
  )
  if (code === undefined || text === '') return
  const codes = typeof code === 'string' ? [code] : code
  const found = codeOf(text)
  assert.ok(codes.includes(found), `${name}: ${found} instead of ${codes.join(' or ')}`)
}

/** The code of an S3 error or of a problem document; `''` if it is neither. */
export function codeOf(text: string): string {
  const xml = /<Error><Code>([^<]+)<\/Code>/.exec(text)?.[1]
  if (xml !== undefined) return xml
  try {
    const { type } = JSON.parse(text) as { type?: string }
    return type?.split(/[/#]/).at(-1) ?? ''
  } catch {
    return ''
  }
}

/** Of a body that is not the one that was hashed, S3 says both digests. */
const BODY_DIGESTS = /<(ClientComputedContentSHA256|S3ComputedContentSHA256)>[0-9a-f]{64}<\/\1>/g

/** No secret, no signature (the one expected is 64 hex digits), no stack, no place on the disk. */
function assertSilent(server: RunningServer, answer: RawAnswer, name: string): void {
  const { text } = answer
  const { adminKey, credentials, dataDir } = server
  for (const secret of [adminKey, credentials.secretAccessKey, dataDir, process.cwd()]) {
    assert.ok(!text.includes(secret), `${name}: the answer holds a secret or a path`)
  }
  const unhashed = text.replaceAll(BODY_DIGESTS, '')
  assert.doesNotMatch(unhashed, /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/, `${name}: a signature`)
  assert.doesNotMatch(text, /\n\s+at .+:\d+/, `${name}: the answer holds a stack trace`)
}

export interface Snapshot {
  readonly files: readonly string[]
  readonly blobs: readonly string[]
}

/** Every file with its ETag, and every blob with its size, temporary bytes included. */
export async function takeSnapshot(server: RunningServer): Promise<Snapshot> {
  const { catalog, files: tree } = server.core
  const files: string[] = []
  for (const bucket of await catalog.buckets.list()) {
    files.push(`${bucket.name}/`)
    let after: string | null = ''
    while (after !== null) {
      const query = { bucket: bucket.name, prefix: '', delimiter: '', after, limit: 1000 }
      const page: Awaited<ReturnType<typeof tree.list>> = await tree.list(query)
      for (const entry of page.entries) {
        if (entry.kind !== 'file') continue
        const { file } = entry
        const { contentId } = file.content
        files.push(`${bucket.name}/${file.key} ${file.etag} ${file.modifiedAt} ${contentId}`)
      }
      after = page.nextAfter
    }
  }
  return { files, blobs: await server.listBytes() }
}

async function assertNothingWritten(
  server: RunningServer,
  before: Snapshot,
  name: string,
): Promise<void> {
  await waitUntil(async () => {
    const after = await takeSnapshot(server)
    assert.deepEqual(after.files, before.files, `${name}: files changed`)
    return after.blobs.join('\n') === before.blobs.join('\n')
  }, `${name}: bytes that were left behind go away`)
}

async function assertWell(server: RunningServer, name: string): Promise<void> {
  const { url } = presignS3({
    credentials: server.credentials,
    region: server.region,
    method: 'GET',
    key: null,
    endpoint: server.origin,
    addressing: 'path',
    expiresInSeconds: 60,
    now: new Date(server.core.clock.now()),
  })
  const response = await fetch(url)
  assert.equal(response.status, 200, `${name}: the next valid request`)
  await response.arrayBuffer()
}
