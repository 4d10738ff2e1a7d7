/**
 * Strange requests to every operation, signed as they are, so that the operation sees them: no crash, no hang, no internal error, and
 * nothing is left that nobody holds. `FUZZ_COUNT` and `FUZZ_SEED` make it longer or repeat it.
 */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { after, before, test } from 'node:test'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { S3_ROUTES } from '../../packages/server/src/api/s3/routes.ts'
import { onDisk } from '../crash/blob-place.ts'
import { inSqlite } from '../crash/catalog-place.ts'
import { checkBytes } from '../crash/check-bytes.ts'
import { createAwsClient, presign } from '../lib/clients.ts'
import { signHeaders } from '../lib/hand-signer.ts'
import { createRandom } from '../lib/mutate.ts'
import { orHung } from '../lib/patience.ts'
import { OWN_LIMITS } from '../lib/many-nodes.ts'
import { exchangeBytes, formatRequest, parseAnswer } from '../lib/raw-http.ts'
import { startServer } from '../lib/start-server.ts'
import type { RunningServer } from '../lib/start-server.ts'
import { strangeForm } from '../lib/strange-forms.ts'
import { strangeRequest } from '../lib/strange-requests.ts'
import type { StrangeRequest, Surroundings } from '../lib/strange-requests.ts'

const COUNT = Number(process.env['FUZZ_COUNT'] ?? 1000)
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(performance.timeOrigin % 2 ** 31))
const IN_FLIGHT = 8
const BUCKET = 'acme'
const KEYS = ['a', 'b', 'dir/c', 'ü', ' ']
let server: RunningServer
let client: S3Client

before(async () => {
  if (OWN_LIMITS !== false) return
  const limits = { keepAliveTimeoutMs: 200, maxDiscardMs: 300, checkIntervalMs: 20 }
  server = await startServer({ limits })
  client = createAwsClient(server)
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  await client.send(
    new PutBucketVersioningCommand({
      Bucket: BUCKET,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  )
})

after(async () => {
  if (OWN_LIMITS !== false) return
  client.destroy()
  await server.stop()
})

/** Objects, versions and an upload with a part, made anew because the requests take them away. */
async function prepare(): Promise<Surroundings> {
  const versionIds = ['null']
  const etags: string[] = []
  for (const Key of KEYS) {
    const put = await client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }))
    versionIds.push(put.VersionId ?? 'null')
    etags.push(put.ETag ?? '')
  }
  const at = { Bucket: BUCKET, Key: 'a' }
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand(at))
  const part = { ...at, UploadId, PartNumber: 1, Body: 'part' }
  etags.push((await client.send(new UploadPartCommand(part))).ETag ?? '')
  return { bucket: BUCKET, keys: KEYS, versionIds, uploadIds: [UploadId], etags }
}

async function send(request: StrangeRequest): Promise<number> {
  const { target, headers } = signHeaders(server, request)
  const bytes = formatRequest(server.port, {
    method: request.method,
    target,
    headers,
    ...(request.body !== null && { body: request.body }),
  })
  return exchange(bytes, JSON.stringify(request).slice(0, 1500))
}

async function exchange(bytes: Uint8Array, shown: string): Promise<number> {
  const { status } = parseAnswer(await orHung(exchangeBytes(server.port, bytes), shown))
  const isExpected = status > 0 && (status < 500 || status === 501)
  assert.ok(isExpected, `seed ${SEED}: ${status} for ${shown}`)
  return status
}

function count(statuses: Map<number, number>, status: number): void {
  statuses.set(status, (statuses.get(status) ?? 0) + 1)
}

function formatCounts(statuses: ReadonlyMap<number, number>): string {
  const seen = [...statuses].toSorted(([a], [b]) => a - b)
  return seen.map(([status, times]) => `${status}: ${times}`).join(', ')
}

test(`${COUNT / 5} strange forms, seed ${SEED}`, { skip: OWN_LIMITS }, async (context) => {
  const statuses = new Map<number, number>()
  const Fields = {
    acl: 'private',
    tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
    'Content-Type': 'text/plain',
    'x-amz-meta-a': 'b',
    success_action_status: '201',
  }
  const { fields } = await createPresignedPost(client, {
    Bucket: BUCKET,
    Key: 'form/${filename}',
    Expires: 3600,
    // Anything goes, so that what is strange is not refused for being another than was signed.
    Conditions: Object.keys(Fields).map((name) => ['starts-with', `$${name}`, '']),
    Fields,
  })
  for (let done = 0; done < COUNT / 5; done += 1) {
    const next = createRandom(SEED + done * 7919)
    const { body, boundary } = strangeForm({ fields: Object.entries(fields) }, next)
    const headers = [['Content-Type', `multipart/form-data; boundary=${boundary}`]] as const
    const bytes = formatRequest(server.port, {
      method: 'POST',
      target: `/${BUCKET}`,
      headers,
      body: Buffer.from(body, 'latin1'),
    })
    count(statuses, await exchange(bytes, JSON.stringify(body).slice(0, 1500)))
  }
  context.diagnostic(formatCounts(statuses))
  assert.ok((statuses.get(201) ?? 0) > 0)
  assert.doesNotMatch(server.logText(), /"request failed"/)
  assert.deepEqual(await readdir(join(server.dataDir, 'blobs', 'tmp')), [])
})

test(
  `${COUNT} strange requests to every operation, seed ${SEED}`,
  { skip: OWN_LIMITS },
  async (context) => {
    const routes = S3_ROUTES.filter(({ body }) => body !== 'form')
    const statuses = new Map<number, number>()
    const served = new Set<string>()
    for (let done = 0; done < COUNT; done += routes.length) {
      const around = await prepare()
      const left = routes.map((route, index) => ({ route, index }))
      const runSome = async (): Promise<void> => {
        for (let one = left.pop(); one !== undefined; one = left.pop()) {
          // A generator each: the order in which answers come must not change what is sent.
          const next = createRandom(SEED + (done + one.index) * 7919)
          const status = await send(strangeRequest(one.route, around, next))
          count(statuses, status)
          if (status < 300) served.add(one.route.name)
        }
      }
      await Promise.all(Array.from({ length: IN_FLIGHT }, runSome))
    }
    context.diagnostic(formatCounts(statuses))
    context.diagnostic(`${served.size} of ${routes.length} operations were served at least once`)
    assert.ok(served.size > routes.length / 2, [...served].join())
    assert.doesNotMatch(server.logText(), /"request failed"/)
    assert.deepEqual(await readdir(join(server.dataDir, 'blobs', 'tmp')), [])
    await prepare()
    assert.equal(await (await fetch(presign(server, 'GET', `${BUCKET}/a`))).text(), 'a')
    assert.deepEqual(await checkBytes(inSqlite(server.dataDir), onDisk(server.dataDir)), [])
  },
)
