/** What Uppy's S3 plugin asks of a companion, asked by hand: the form, parts and their ends, and what nobody may. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { createAwsClient, presign } from '../lib/clients.ts'
import { makeBucket } from '../lib/put-files.ts'
import { withServer } from '../lib/start-server.ts'
import type { Credentials, RunningServer } from '../lib/start-server.ts'
import { call, issue, statusOf } from '../rest/call.ts'
import { share } from '../share/visit.ts'
import { textOf } from '../tus/speak-tus.ts'

const MIB = 1024 ** 2

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly json: Record<string, unknown>
}

type Ask = (method: string, path: string, json?: unknown) => Promise<Answer>

function asker(server: RunningServer, link: string, headers: Record<string, string> = {}): Ask {
  return async (method, path, json) => {
    const response = await fetch(`${server.origin}/-/uppy/${link}${path}`, {
      method,
      headers: { ...headers, ...(json !== undefined && { 'content-type': 'application/json' }) },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
    const text = await response.text()
    const parsed = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
    return { status: response.status, headers: response.headers, json: parsed }
  }
}

async function withDrop(
  use: (server: RunningServer, ask: Ask, token: string, id: string) => Promise<void>,
  terms: object = {},
): Promise<void> {
  await withServer(async (server) => {
    await makeBucket(server, 'acme')
    const { url, id } = await share(server, { path: 'acme/in/', kind: 'drop', ...terms })
    const token = url.split('/').at(-1) ?? ''
    await use(server, asker(server, token), token, id)
  })
}

async function sendForm({ json }: Answer, text: string, type = 'text/plain'): Promise<number> {
  const form = new FormData()
  for (const [name, value] of Object.entries(json['fields'] as Record<string, string>)) {
    form.append(name, value)
  }
  form.append('file', new Blob([text], { type }))
  return (await fetch(String(json['url']), { method: 'POST', body: form })).status
}

test('a file in one piece goes by a form that is signed for it', async () => {
  await withDrop(async (server, ask) => {
    const form = await ask('GET', '/s3/params?filename=a.txt&type=text/plain&metadata[x]=null')
    assert.equal(form.status, 200)
    assert.deepEqual([form.json['method'], typeof form.json['expires']], ['POST', 'number'])
    const { key } = form.json['fields'] as Record<string, string>
    assert.equal(key, 'in/a.txt')
    assert.equal(await sendForm(form, 'hello'), 201)
    assert.equal(await textOf(server, 'in/a.txt'), 'hello')
    // The form is for one name, and nothing is replaced.
    assert.equal(await sendForm(form, 'again'), 409)
    const second = await ask('GET', '/s3/params?filename=a.txt&type=text/plain')
    assert.equal((second.json['fields'] as Record<string, string>)['key'], 'in/a (2).txt')
  })
})

test('a file in parts is begun, signed, listed and completed, and completed again it is the same', async () => {
  await withDrop(async (server, ask) => {
    const begun = await ask('POST', '/s3/multipart', {
      filename: 'b.bin',
      type: 'a/b',
      metadata: {},
    })
    const { uploadId, key, bucket } = begun.json
    assert.deepEqual([key, bucket], ['in/b.bin', 'acme'])
    const at = `/s3/multipart/${String(uploadId)}`
    const query = `?key=${encodeURIComponent(String(key))}`
    const parts: { PartNumber: number; ETag: string }[] = []
    for (const [number, bytes] of [
      [1, Buffer.alloc(5 * MIB, 1)],
      [2, Buffer.alloc(10, 2)],
    ] as const) {
      const { json } = await ask('GET', `${at}/${number}${query}`)
      const put = await fetch(String(json['url']), { method: 'PUT', body: bytes })
      assert.equal(put.status, 200)
      parts.push({ PartNumber: number, ETag: put.headers.get('etag') ?? '' })
    }
    const batch = await ask('GET', `${at}/batch${query}&partNumbers=1,2`)
    assert.deepEqual(Object.keys(batch.json['presignedUrls'] as object), ['1', '2'])
    const listed = await ask('GET', at + query)
    assert.deepEqual(
      (listed.json as unknown as { PartNumber: number; Size: number }[]).map((part) => part.Size),
      [5 * MIB, 10],
    )
    const bare = parts.map(({ PartNumber, ETag }) => ({
      PartNumber,
      ETag: ETag.replaceAll('"', ''),
    }))
    const done = await ask('POST', `${at}/complete${query}`, { parts: bare })
    assert.equal(done.status, 200)
    assert.deepEqual([done.json['key'], done.json['bucket']], ['in/b.bin', 'acme'])
    assert.match(String(done.json['location']), /\/acme\/in\/b\.bin$/)
    assert.equal((await ask('POST', `${at}/complete${query}`, { parts })).status, 200)
    const file = await server.core.files.find({ bucket: 'acme', key: 'in/b.bin' })
    assert.equal(file?.size, 5 * MIB + 10)
  })
})

test('what is aborted is gone, and a drop that is revoked ends what it has signed', async () => {
  await withDrop(async (server, ask, _token, id) => {
    const begin = async (): Promise<string> => {
      const { json } = await ask('POST', '/s3/multipart', { filename: 'c', type: 'a/b' })
      return `/s3/multipart/${String(json['uploadId'])}`
    }
    const aborted = await begin()
    assert.deepEqual((await ask('DELETE', aborted)).json, {})
    assert.equal((await ask('GET', aborted)).status, 404)
    const { json } = await ask('GET', `${await begin()}/1`)
    await call(server, 'DELETE', `/v1/shares/${id}`)
    assert.equal((await fetch(String(json['url']), { method: 'PUT', body: 'x' })).status, 403)
    const refused = await ask('GET', '/s3/params?filename=d&type=a/b')
    assert.deepEqual([refused.status, refused.json['code']], [403, 'link-revoked'])
    assert.equal(typeof refused.json['message'], 'string')
  })
})

test('a link for PUT takes its one file, once', async () => {
  await withDrop(async (server) => {
    const { url } = await issue(server, { path: 'acme/one.txt', method: 'PUT', maxBytes: 5 })
    const ask = asker(server, Buffer.from(url).toString('base64url'))
    const form = await ask('GET', '/s3/params?filename=whatever.txt&type=text/plain')
    assert.equal((form.json['fields'] as Record<string, string>)['key'], 'one.txt')
    assert.equal(await sendForm(form, 'too long'), 400)
    assert.equal(await sendForm(form, 'right'), 201)
    assert.equal(await textOf(server, 'one.txt'), 'right')
    assert.equal((await ask('GET', '/s3/params?filename=b&type=a/b')).status, 410)
  })
})

test('a drop takes the types and sizes it was made for, whatever Uppy is told', async () => {
  await withDrop(
    async (_server, ask) => {
      const type = await ask('GET', '/s3/params?filename=a.html&type=text/html')
      assert.deepEqual([type.status, type.json['code']], [415, 'content-type-not-allowed'])
      const begun = await ask('POST', '/s3/multipart', { filename: 'a', type: 'text/html' })
      assert.equal(begun.status, 415)
      const form = await ask('GET', '/s3/params?filename=a.txt&type=text/plain')
      assert.equal(await sendForm(form, 'too much'), 400)
    },
    { maxBytes: 5, contentTypes: ['text/plain'] },
  )
})

test('the upload of one link is no other’s, and one that was begun otherwise is no link’s', async () => {
  await withDrop(async (server, ask) => {
    const other = await share(server, { path: 'acme/in/', kind: 'drop' })
    const stranger = asker(server, other.url.split('/').at(-1) ?? '')
    const { json } = await ask('POST', '/s3/multipart', { filename: 'e', type: 'a/b' })
    const at = `/s3/multipart/${String(json['uploadId'])}`
    for (const [method, path, body] of [
      ['GET', at],
      ['GET', `${at}/1`],
      ['POST', `${at}/complete`, { parts: [{ PartNumber: 1, ETag: 'a'.repeat(32) }] }],
      ['DELETE', at],
      ['GET', `${at}?key=in/other`],
    ] as const) {
      const asked = path.includes('?') ? ask : stranger
      assert.equal((await asked(method, path, body)).status, 404, `${method} ${path}`)
    }
    assert.equal((await ask('GET', at)).status, 200)
  })
})

test('parts 0, 10001 and 1e9, hostile JSON, names with slashes and other addresses are refused', async () => {
  await withDrop(async (server, ask, token) => {
    const { json } = await ask('POST', '/s3/multipart', { filename: 'f', type: 'a/b' })
    const at = `/s3/multipart/${String(json['uploadId'])}`
    for (const number of ['0', '10001', '1000000000', '01']) {
      assert.equal((await ask('GET', `${at}/${number}`)).status, 400, number)
    }
    const parts = Array.from({ length: 10_001 }, () => ({ PartNumber: 1, ETag: 'x' }))
    for (const body of [{ parts }, { parts: 'x' }, {}, [], { parts: [{ PartNumber: 1 }] }]) {
      assert.equal((await ask('POST', `${at}/complete`, body)).status, 400)
    }
    const names = ['../up', 'a/b', '..', 'a\r\nb', '${filename}', '']
    for (const filename of names) {
      const query = new URLSearchParams({ filename, type: 'a/b' })
      assert.equal((await ask('GET', `/s3/params?${query}`)).status, 400, filename)
      const body = { filename, type: 'a/b' }
      if (filename === '${filename}') continue
      assert.equal((await ask('POST', '/s3/multipart', body)).status, 400, filename)
    }
    const raw = async (body: string): Promise<number> =>
      (
        await fetch(`${server.origin}/-/uppy/${token}/s3/multipart`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
      ).status
    assert.equal(await raw('{"filename":'), 400)
    assert.equal(await raw('{"__proto__":{"filename":"x"}}'), 400)
    assert.equal(await raw(`{"filename":"${'x'.repeat(1024 ** 2)}"}`), 400)
    assert.equal(await raw(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 400)
    assert.equal(({} as { filename?: string }).filename, undefined)
    assert.equal((await ask('PUT', at)).status, 405)
    assert.equal((await ask('GET', '/s3/else')).status, 403)
  })
})

interface GivenKeys {
  readonly credentials: Credentials & { readonly sessionToken: string }
  readonly expiration: string
  readonly bucket: string
  readonly endpoint: string
}

async function takeKeys(ask: Ask): Promise<GivenKeys> {
  const { status, json } = await ask('GET', '/s3/sts')
  assert.equal(status, 200)
  const { credentials, ...place } = json as unknown as Omit<GivenKeys, 'expiration'> & {
    readonly credentials: GivenKeys['credentials'] & { readonly expiration: string }
  }
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials
  return { ...place, credentials: { accessKeyId, secretAccessKey, sessionToken }, expiration }
}

/** The code of the refusal, `''` without one. */
async function codeOf(sent: Promise<unknown>): Promise<string> {
  try {
    await sent
    return ''
  } catch (error) {
    return (error as Error).name
  }
}

test('the credentials of a drop send what the drop takes, and do nothing else', async () => {
  await withDrop(
    async (server, ask, token, id) => {
      const { credentials, bucket, endpoint, expiration } = await takeKeys(ask)
      assert.deepEqual([bucket, endpoint], ['acme', `${server.origin}/acme/in`])
      assert.ok(Date.parse(expiration) <= Date.now() + 3_600_000)
      const s3 = createAwsClient(server, credentials)
      const at = (Key: string) => ({ Bucket: 'acme', Key, ContentType: 'text/plain' })
      const put = (Key: string, Body: string, more: object = {}): Promise<string> =>
        codeOf(s3.send(new PutObjectCommand({ ...at(Key), Body, ...more })))
      assert.equal(await put('in/a.txt', 'five!'), '')
      assert.equal(await textOf(server, 'in/a.txt'), 'five!')
      // Not what is there already, not elsewhere, not more, not of another type.
      assert.notEqual(await put('in/a.txt', 'again'), '')
      assert.equal(await textOf(server, 'in/a.txt'), 'five!')
      assert.equal(await put('out.txt', 'x'), 'AccessDenied')
      assert.equal(await put('inner.txt', 'x'), 'AccessDenied')
      assert.equal(await put('in/b.txt', 'too much'), 'EntityTooLarge')
      assert.notEqual(await put('in/b.html', 'x', { ContentType: 'text/html' }), '')
      await makeBucket(server, 'other')
      assert.equal(await put('in/b.txt', 'x', { Bucket: 'other' }), 'AccessDenied')
      const object = { Bucket: 'acme', Key: 'in/a.txt' }
      const copy = { ...object, Key: 'in/c.txt', CopySource: 'acme/in/a.txt' }
      const asked = [
        () => s3.send(new GetObjectCommand(object)),
        () => s3.send(new DeleteObjectCommand(object)),
        () => s3.send(new CopyObjectCommand(copy)),
        () => s3.send(new ListObjectsV2Command({ Bucket: 'acme', Prefix: 'in/' })),
        () => s3.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet: [] } })),
      ]
      for (const send of asked) assert.equal(await codeOf(send()), 'AccessDenied')
      await call(server, 'DELETE', `/v1/shares/${id}`)
      assert.equal(await put('in/d.txt', 'x'), 'AccessDenied')
      assert.equal((await asker(server, token)('GET', '/s3/sts')).status, 403)
    },
    { maxBytes: 5, contentTypes: ['text/plain'] },
  )
})

test('the uses of a drop are counted, whoever signs, and no upload of others is gone on with', async () => {
  await withDrop(
    async (server, ask) => {
      const s3 = createAwsClient(server, (await takeKeys(ask)).credentials)
      const at = { Bucket: 'acme', Key: 'in/a.bin' }
      const owner = createAwsClient(server)
      const foreign = await owner.send(new CreateMultipartUploadCommand(at))
      const part = { ...at, PartNumber: 1, Body: 'x' }
      const stolen = new UploadPartCommand({ ...part, UploadId: foreign.UploadId })
      assert.equal(await codeOf(s3.send(stolen)), 'NoSuchUpload')
      const abort = new AbortMultipartUploadCommand({ ...at, UploadId: foreign.UploadId })
      assert.equal(await codeOf(s3.send(abort)), 'NoSuchUpload')
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at))
      const { ETag } = await s3.send(new UploadPartCommand({ ...part, UploadId }))
      const { Parts } = await s3.send(new ListPartsCommand({ ...at, UploadId }))
      assert.deepEqual(
        Parts?.map(({ Size }) => Size),
        [1],
      )
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
      await s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload }))
      assert.equal(await textOf(server, 'in/a.bin'), 'x')
      const second = new PutObjectCommand({ Bucket: 'acme', Key: 'in/b.bin', Body: 'x' })
      assert.equal(await codeOf(s3.send(second)), 'AccessDenied')
    },
    { maxUses: 1 },
  )
})

test('a drop with a password, and a link for one file, give no credentials', async () => {
  await withDrop(
    async (server, ask) => {
      assert.equal((await ask('GET', '/s3/sts')).json['code'], 'share-password-needed')
      const { url } = await issue(server, { path: 'acme/one.txt', method: 'PUT' })
      const one = asker(server, Buffer.from(url).toString('base64url'))
      const refused = await one('GET', '/s3/sts')
      assert.deepEqual([refused.status, refused.json['code']], [403, 'forbidden'])
    },
    { password: 'harbour' },
  )
})

test('credentials that a drop gave send nothing once it has a password, as the sessions of its page', async () => {
  await withDrop(async (server, ask, _token, id) => {
    const s3 = createAwsClient(server, (await takeKeys(ask)).credentials)
    const put = (Key: string): Promise<string> =>
      codeOf(s3.send(new PutObjectCommand({ Bucket: 'acme', Key, Body: 'x' })))
    assert.equal(await put('in/before.txt'), '')
    await call(server, 'PATCH', `/v1/shares/${id}`, { json: { password: 'harbour-1' } })
    assert.equal(await put('in/after.txt'), 'AccessDenied')
  })
})

test('credentials that a drop gave end with a revocation that names them, and no others with it', async () => {
  await withDrop(async (server, ask) => {
    const [ended, other] = [(await takeKeys(ask)).credentials, (await takeKeys(ask)).credentials]
    const put = (keys: typeof ended, Key: string): Promise<string> =>
      codeOf(
        createAwsClient(server, keys).send(
          new PutObjectCommand({ Bucket: 'acme', Key, Body: 'x' }),
        ),
      )
    assert.equal(await put(ended, 'in/before.txt'), '')
    await call(server, 'POST', '/v1/revocations', { json: { key: ended.accessKeyId } })
    assert.equal(await put(ended, 'in/after.txt'), 'AccessDenied')
    assert.equal(await put(other, 'in/other.txt'), '')
  })
})

test('files go right into the folder of a drop, not into those below, which may be public', async () => {
  await withDrop(async (server, ask) => {
    await call(server, 'PUT', '/v1/folders/acme/in/open', { json: { visibility: 'public' } })
    const s3 = createAwsClient(server, (await takeKeys(ask)).credentials)
    const put = (Key: string): Promise<string> =>
      codeOf(s3.send(new PutObjectCommand({ Bucket: 'acme', Key, Body: 'x' })))
    assert.equal(await put('in/open/a.txt'), 'AccessDenied')
    assert.equal((await fetch(`${server.origin}/acme/in/open/a.txt`)).status, 404)
    assert.equal(await put('in/below/'), 'InvalidURI')
    assert.equal(await put('in/'), 'InvalidURI')
    assert.equal(await put('in/a.txt'), '')
  })
})

test('a URL that is signed with credentials of a drop works from the addresses that it names', async () => {
  await withDrop(async (server, ask) => {
    const { credentials } = await takeKeys(ask)
    const put = (key: string, network: string): Promise<number> => {
      const query = { 'X-Hallpass-Ip': network }
      const url = presign(server, 'PUT', `acme/in/${key}`, { credentials, query })
      return statusOf(url, { method: 'PUT', body: 'x' })
    }
    assert.equal(await put('near.txt', '127.0.0.0/8'), 200)
    assert.equal(await put('far.txt', '10.0.0.0/8'), 403)
  })
})

test('pages that are let in may read what they are answered, and refusals too', async () => {
  const origin = 'https://app.example'
  await withServer(
    async (server) => {
      await makeBucket(server, 'acme')
      const { url } = await share(server, { path: 'acme/in/', kind: 'drop' })
      const token = url.split('/').at(-1) ?? ''
      const answer = await asker(server, token, { origin })('GET', '/s3/params?filename=a&type=a/b')
      assert.equal(answer.headers.get('access-control-allow-origin'), origin)
      const refused = await asker(server, '0'.repeat(30), { origin })(
        'GET',
        '/s3/params?filename=a',
      )
      assert.equal(refused.headers.get('access-control-allow-origin'), origin)
      const stranger = asker(server, token, { origin: 'https://other.example' })
      const other = await stranger('GET', '/s3/params?filename=a&type=a/b')
      assert.equal(other.headers.get('access-control-allow-origin'), null)
      const preflight = await fetch(`${server.origin}/-/tus/${token}`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'tus-resumable,upload-offset,content-type',
        },
      })
      assert.equal(preflight.status, 204)
      assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /PATCH/)
      const allowed = preflight.headers.get('access-control-allow-headers')
      assert.equal(allowed, 'tus-resumable,upload-offset,content-type')
    },
    { corsOrigins: [origin] },
  )
})
