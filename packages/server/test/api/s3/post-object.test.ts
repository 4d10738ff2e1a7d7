import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createS3PostPolicy } from '@hallpass/signing/s3'
import type { S3PostCondition } from '@hallpass/signing/s3'
import { digestOf } from '../../../src/core/files/checksums.ts'
import { authorizeLink, revokeLink } from '../../../src/core/links/links.ts'
import { createLog } from '../../../src/platform/log.ts'
import { admin, issue, put, setFolder } from '../../support/core.ts'
import { withS3 } from './support.ts'
import type { Credentials, S3Server } from './support.ts'

type Fields = Readonly<Record<string, string>>

interface Wish {
  readonly key?: string
  readonly bucket?: string
  readonly fields?: Fields
  readonly conditions?: readonly S3PostCondition[]
  readonly credentials?: Credentials
  readonly expiresInSeconds?: number
  readonly now?: Date
}

/** The fields of a form that the key's holder allowed. */
function sign(server: S3Server, wish: Wish = {}): Fields {
  const { core, origin, credentials } = server
  return createS3PostPolicy({
    bucket: 'acme',
    key: 'in.txt',
    region: core.region,
    endpoint: origin,
    addressing: 'path',
    credentials,
    expiresInSeconds: 300,
    now: new Date(core.clock.now()),
    ...wish,
  }).fields
}

interface Posted {
  readonly status: number
  readonly text: string
  readonly code: string | undefined
  readonly headers: Headers
}

interface PostOptions {
  readonly bucket?: string
  readonly filename?: string
  /** What stands behind the file. */
  readonly after?: Fields
}

async function post(
  { origin }: S3Server,
  fields: Fields | readonly (readonly [string, string])[],
  file: string | null = 'hello',
  { bucket = 'acme', filename = 'photo.png', after = {} }: PostOptions = {},
): Promise<Posted> {
  const form = new FormData()
  for (const [name, value] of Array.isArray(fields) ? fields : Object.entries(fields)) {
    form.append(String(name), String(value))
  }
  if (file !== null) form.append('file', new Blob([file]), filename)
  for (const [name, value] of Object.entries(after)) form.append(name, value)
  const answer = await fetch(`${origin}/${bucket}`, {
    method: 'POST',
    body: form,
    redirect: 'manual',
  })
  const text = await answer.text()
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1]
  return { status: answer.status, text, code, headers: answer.headers }
}

async function textOf({ core }: S3Server, key: string): Promise<string | null> {
  const file = await core.files.find({ bucket: 'acme', key })
  if (file === null) return null
  const body = await core.files.open(file, null, new AbortController().signal)
  return body?.kind === 'bytes' ? Buffer.from(body.bytes).toString() : null
}

/** What is stored, and where: nothing must be left of what was refused. */
async function keysIn({ core }: S3Server): Promise<readonly string[]> {
  const query = { bucket: 'acme', prefix: '', delimiter: '', after: '', limit: 100 }
  const { entries } = await core.files.list(query)
  return entries.map((entry) => (entry.kind === 'file' ? entry.file.key : entry.prefix))
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name))
}

test('a form that keeps to its policy is stored, and answered with nothing', async () => {
  await withS3(async (server) => {
    const posted = await post(server, sign(server))
    assert.equal(posted.status, 204, posted.text)
    assert.equal(posted.text, '')
    assert.equal(posted.headers.get('etag'), '"5d41402abc4b2a76b9719d911017c592"')
    assert.equal(posted.headers.get('location'), `${server.origin}/acme/in.txt`)
    assert.equal(await textOf(server, 'in.txt'), 'hello')
    const file = await server.core.files.find({ bucket: 'acme', key: 'in.txt' })
    assert.equal(file?.contentType, 'binary/octet-stream')
  })
})

test('success is answered as the form asked for it', async () => {
  await withS3(async (server) => {
    const answerTo = (fields: Fields): Promise<Posted> => post(server, sign(server, { fields }))
    assert.equal((await answerTo({ success_action_status: '200' })).status, 200)
    assert.equal((await answerTo({ success_action_status: '404' })).status, 204)
    const created = await answerTo({ success_action_status: '201' })
    assert.equal(created.status, 201)
    assert.equal(created.headers.get('content-type'), 'application/xml')
    assert.equal(
      created.text,
      `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse><Location>${server.origin}/acme/in.txt</Location>` +
        '<Bucket>acme</Bucket><Key>in.txt</Key><ETag>&quot;5d41402abc4b2a76b9719d911017c592&quot;</ETag></PostResponse>',
    )
    const page = 'https://app.example.com/done?a=1#top'
    for (const field of ['success_action_redirect', 'redirect']) {
      const moved = await answerTo({ [field]: page, success_action_status: '201' })
      assert.equal(moved.status, 303)
      assert.equal(
        moved.headers.get('location'),
        'https://app.example.com/done?a=1&bucket=acme&key=in.txt&etag=%225d41402abc4b2a76b9719d911017c592%22#top',
      )
    }
    for (const bad of [
      'javascript:alert(1)',
      '//app.example.com',
      'https://u:p@app.example.com/',
      'data:text/html,x',
      'https://app.example.com/\r\nX-Evil: 1',
      'https://app.example.com/\0',
      'x',
    ]) {
      const answered = await answerTo({ success_action_redirect: bad })
      assert.equal(answered.status, 204, bad)
      for (const name of ['location', 'x-evil']) {
        assert.doesNotMatch(answered.headers.get(name) ?? '', /evil|javascript|data:|u:p/i, bad)
      }
    }
  })
})

test('the file’s own name is put in, and nothing of its folders', async () => {
  await withS3(async (server) => {
    const fields = sign(server, { key: 'user/${filename}' })
    for (const [filename, key] of [
      ['photo.png', 'user/photo.png'],
      ['../../etc/passwd', 'user/passwd'],
      ['C:\\Users\\me\\日本.txt', 'user/日本.txt'],
      ['$1$&.txt', 'user/$1$&.txt'],
    ] as const) {
      const posted = await post(server, fields, filename, { filename })
      assert.equal(posted.status, 204, posted.text)
      assert.equal(await textOf(server, key), filename)
    }
    const kept = await keysIn(server)
    for (const filename of [
      '.',
      '..',
      'a/..',
      'a\\.',
      '..\\..',
      '/.',
      'a\0b',
      '\u0001',
      '\u007f',
    ]) {
      const refused = await post(server, fields, 'x', { filename })
      assert.deepEqual([refused.status, refused.code], [400, 'InvalidURI'], filename)
    }
    for (const key of ['../a', 'user/../../a', 'a/./b', 'user/..', './a', 'a\0b']) {
      const refused = await post(server, sign(server, { key }), 'x')
      assert.deepEqual([refused.status, refused.code], [400, 'InvalidURI'], key)
    }
    assert.deepEqual(await keysIn(server), kept)
  })
})

test('what a form says about its file comes back with it', async () => {
  await withS3(async (server) => {
    const crc = Buffer.from(digestOf('crc32', Buffer.from('hello'))).toString('base64')
    const posted = await post(
      server,
      sign(server, {
        fields: {
          'Content-Type': 'text/csv; charset=utf-8',
          'Content-Disposition': 'attachment; filename="übér.csv"',
          'Cache-Control': 'max-age=5',
          'x-amz-meta-colour': 'bläu',
          'x-amz-checksum-algorithm': 'CRC32',
          'x-amz-checksum-crc32': crc,
          acl: 'private',
          tagging:
            '<Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag><Tag><Key>d</Key><Value/></Tag></TagSet></Tagging>',
        },
      }),
    )
    assert.equal(posted.status, 204, posted.text)
    assert.equal(posted.headers.get('x-amz-checksum-crc32'), crc)
    const file = await server.core.files.find({ bucket: 'acme', key: 'in.txt' })
    assert.equal(file?.contentType, 'text/csv; charset=utf-8')
    assert.equal(file?.headers.contentDisposition, 'attachment; filename="übér.csv"')
    assert.equal(file?.headers.cacheControl, 'max-age=5')
    assert.deepEqual({ ...file?.metadata }, { colour: 'bläu' })
    assert.deepEqual({ ...file?.tags }, { a: 'b c', d: '' })
    const md5 = Buffer.from(digestOf('md5', Buffer.from('hello'))).toString('base64')
    const proven = await post(server, sign(server, { fields: { 'content-md5': md5 } }))
    assert.equal(proven.status, 204, proven.text)
  })
})

test('what a form asks for and is not done, or cannot be, is refused, and nothing is stored', async () => {
  await withS3(async (server) => {
    const tags = (text: string): string => `<Tagging><TagSet>${text}</TagSet></Tagging>`
    const tag = (key: string): string => `<Tag><Key>${key}</Key><Value>v</Value></Tag>`
    const cases: readonly (readonly [Fields, number, string])[] = [
      [{ acl: 'public-read' }, 400, 'AccessControlListNotSupported'],
      [{ 'x-amz-server-side-encryption': 'aws:kms' }, 501, 'NotImplemented'],
      [{ 'x-amz-storage-class': 'GLACIER' }, 501, 'NotImplemented'],
      [{ 'x-amz-storage-class': 'COLD' }, 400, 'InvalidStorageClass'],
      [{ acl: 'public' }, 400, 'InvalidArgument'],
      [{ 'x-amz-checksum-crc32': 'AAAAAA==' }, 400, 'BadDigest'],
      [{ 'x-amz-checksum-crc32': 'x' }, 400, 'InvalidRequest'],
      [{ 'content-md5': 'x' }, 400, 'InvalidDigest'],
      [{ 'x-amz-checksum-algorithm': 'SHA1' }, 400, 'InvalidRequest'],
      [{ 'Content-Type': 'image/png;, text/html' }, 400, 'InvalidArgument'],
      [{ 'x-amz-meta-a': 'b\r\nc' }, 400, 'InvalidArgument'],
      [{ 'x-amz-meta-a b': 'c' }, 400, 'InvalidArgument'],
      [{ 'x-amz-meta-hallpass-a': 'b' }, 400, 'InvalidArgument'],
      [{ 'x-amz-meta-a': 'x'.repeat(2048) }, 400, 'MetadataTooLarge'],
      [{ tagging: 'a=b' }, 400, 'MalformedXML'],
      [{ tagging: '<!DOCTYPE a><Tagging/>' }, 400, 'MalformedXML'],
      [{ tagging: tags(tag('a').repeat(2)) }, 400, 'InvalidTag'],
      [{ tagging: tags(tag('aws:a')) }, 400, 'InvalidTag'],
      [{ tagging: tags(tag('')) }, 400, 'InvalidTag'],
      [
        { tagging: tags(Array.from({ length: 11 }, (_, i) => tag(`k${i}`)).join('')) },
        400,
        'InvalidTag',
      ],
    ]
    for (const [fields, status, code] of cases) {
      const posted = await post(server, sign(server, { fields }))
      assert.deepEqual([posted.status, posted.code], [status, code], JSON.stringify(fields))
    }
    assert.deepEqual(await keysIn(server), [])
  })
})

test('every form of condition binds, and a field that no condition covers is refused', async () => {
  await withS3(async (server) => {
    const conditions: readonly S3PostCondition[] = [
      ['starts-with', '$Content-Type', 'image/'],
      ['eq', '$x-amz-meta-a', 'one'],
      { 'x-amz-meta-b': 'two' },
      ['starts-with', '$x-amz-meta-any', ''],
    ]
    const fields = sign(server, { conditions })
    const rest = { 'x-amz-meta-a': 'one', 'x-amz-meta-b': 'two', 'x-amz-meta-any': 'x' }
    const good = { ...fields, 'Content-Type': 'image/png', ...rest }
    assert.equal((await post(server, good)).status, 204)
    assert.equal((await post(server, { ...good, 'x-ignore-this': 'y' })).status, 204)
    const broken: readonly Fields[] = [
      { ...good, 'Content-Type': 'text/html' },
      { ...good, 'Content-Type': 'image/png,text/html' },
      { ...good, 'x-amz-meta-a': 'One' },
      { ...good, 'x-amz-meta-b': 'two ' },
      without(good, 'x-amz-meta-any'),
      { ...good, key: 'other.txt' },
      { ...good, bucket: 'other' },
      { ...good, 'x-amz-meta-c': 'more' },
      { ...good, success_action_redirect: 'https://evil.example' },
    ]
    for (const form of broken) {
      const posted = await post(server, form, 'changed')
      assert.deepEqual([posted.status, posted.code], [403, 'AccessDenied'], posted.text)
      assert.match(posted.text, /Invalid according to Policy/)
    }
    assert.equal(await textOf(server, 'in.txt'), 'hello')
  })
})

test('a size outside of the range is refused, a larger one while it arrives', async () => {
  await withS3(async (server) => {
    const conditions = [['content-length-range', 5, 100_000]] as const
    const fields = sign(server, { conditions })
    const small = await post(server, fields, 'four')
    assert.deepEqual([small.status, small.code], [400, 'EntityTooSmall'])
    const large = await post(server, fields, 'x'.repeat(100_001))
    assert.deepEqual([large.status, large.code], [400, 'EntityTooLarge'])
    assert.deepEqual(await keysIn(server), [])
    for (const size of [5, 100_000]) {
      assert.equal((await post(server, fields, 'x'.repeat(size))).status, 204)
    }
    await setFolder(server.core, 'acme', { policy: { maxBytes: 10 } })
    const folder = await post(server, fields, 'x'.repeat(11))
    assert.deepEqual([folder.status, folder.code], [400, 'EntityTooLarge'])
  })
})

test('a file that is too large ends its form before the rest was sent', async () => {
  await withS3(async (server) => {
    const fields = sign(server, { conditions: [['content-length-range', 0, 10]] })
    const head = Object.entries(fields)
      .map(
        ([name, value]) =>
          `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('')
    const file = `--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n${'x'.repeat(50)}`
    const text = await server.raw(
      `POST /acme HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Type: multipart/form-data; boundary=b\r\n` +
        `Content-Length: 1000000000\r\nConnection: close\r\n\r\n${head}${file}`,
    )
    assert.match(text, /^HTTP\/1\.1 400 .*<Code>EntityTooLarge</s)
  })
})

test('a policy that is not whole, not in time or not by its key is refused, and nothing is stored', async () => {
  await withS3(async (server) => {
    const { core } = server
    const fields = sign(server)
    const other = await server.createKey({ name: 'n', actions: ['read'] })
    const elsewhere = await server.createKey({
      name: 'n',
      actions: ['write'],
      pathPrefix: 'acme/x/',
    })
    const long = new Date(core.clock.now() - 3_600_000)
    const cases: readonly (readonly [string, Fields, number, string])[] = [
      ['no policy', without(fields, 'Policy'), 400, 'InvalidArgument'],
      ['no signature', without(fields, 'X-Amz-Signature'), 400, 'InvalidArgument'],
      ['no credential', without(fields, 'X-Amz-Credential'), 400, 'InvalidArgument'],
      ['no key', without(fields, 'key'), 400, 'InvalidArgument'],
      [
        'a changed policy',
        { ...fields, Policy: `${fields['Policy']}AA==` },
        403,
        'SignatureDoesNotMatch',
      ],
      [
        'a changed signature',
        { ...fields, 'X-Amz-Signature': '0'.repeat(64) },
        403,
        'SignatureDoesNotMatch',
      ],
      [
        'an unknown key',
        sign(server, {
          credentials: { accessKeyId: 'HPAAAAAAAAAAAAAAAAAA', secretAccessKey: 'x' },
        }),
        403,
        'InvalidAccessKeyId',
      ],
      ['a policy that is over', sign(server, { now: long }), 403, 'AccessDenied'],
      ['a key that may not write', sign(server, { credentials: other }), 403, 'AccessDenied'],
      ['a key for another folder', sign(server, { credentials: elsewhere }), 403, 'AccessDenied'],
      ['another bucket’s form', sign(server, { bucket: 'other' }), 403, 'AccessDenied'],
      [
        'version 2',
        { key: 'in.txt', AWSAccessKeyId: 'a', policy: 'e30=', signature: 'x' },
        400,
        'InvalidRequest',
      ],
      ['nobody’s form', { key: 'in.txt' }, 403, 'AccessDenied'],
    ]
    for (const [name, form, status, code] of cases) {
      const posted = await post(server, form)
      assert.deepEqual([posted.status, posted.code], [status, code], `${name}: ${posted.text}`)
    }
    const twice = await post(server, [...Object.entries(fields), ['KEY', 'other.txt']])
    assert.equal(twice.status, 400)
    const missing = await post(server, sign(server, { bucket: 'none' }), 'x', { bucket: 'none' })
    assert.deepEqual([missing.status, missing.code], [404, 'NoSuchBucket'])
    assert.deepEqual(await keysIn(server), [])
  })
})

test('a form has one file, which comes last; what is behind it does not count', async () => {
  await withS3(async (server) => {
    const fields = sign(server)
    const none = await post(server, fields, null)
    assert.deepEqual([none.status, none.code], [400, 'InvalidArgument'])
    assert.match(none.text, /exactly one file/)
    const after = { key: 'other.txt', 'x-amz-meta-a': 'b', file: 'second' }
    assert.equal((await post(server, fields, 'first', { after })).status, 204)
    assert.equal(await textOf(server, 'in.txt'), 'first')
    assert.deepEqual(await keysIn(server), ['in.txt'])
    const late = await post(server, without(fields, 'key'), 'x', { after: { key: 'in.txt' } })
    assert.equal(late.status, 400)
    assert.match(late.text, /check the order of the fields/)
  })
})

test('what stands before the file is bounded', async () => {
  await withS3(async (server) => {
    const fields = sign(server)
    const large = await post(server, { ...fields, 'x-ignore-a': 'x'.repeat(20_480) })
    assert.deepEqual([large.status, large.code], [400, 'MaxPostPreDataLengthExceeded'])
    const many = Array.from({ length: 900 }, (_, index) => [
      `x-ignore-${'n'.repeat(20)}${index}`,
      '',
    ])
    const names = await post(server, [...Object.entries(fields), ...(many as [string, string][])])
    assert.deepEqual([names.status, names.code], [400, 'MaxPostPreDataLengthExceeded'])
    assert.deepEqual(await keysIn(server), [])
  })
})

test('a body that is no form, or breaks off, is refused', async () => {
  await withS3(async (server) => {
    const { origin, port } = server
    const answer = await fetch(`${origin}/acme`, { method: 'POST', body: 'x' })
    assert.equal(answer.status, 412)
    assert.match(await answer.text(), /<Code>PreconditionFailed<.*multipart\/form-data/)
    const fields = Object.entries(sign(server))
      .map(
        ([name, value]) =>
          `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('')
    for (const body of [
      '',
      '--b',
      `${fields}--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nhello`,
    ]) {
      const text = await server.raw(
        `POST /acme HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: multipart/form-data; boundary=b\r\n` +
          `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      )
      assert.match(text, /^HTTP\/1\.1 400 .*<Code>MalformedPOSTRequest</s)
    }
    assert.deepEqual(await keysIn(server), [])
  })
})

test('a form in a request that is signed itself is refused', async () => {
  await withS3(async (server) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(sign(server))) form.append(name, value)
    form.append('file', new Blob(['x']))
    const answer = await fetch(server.presign('POST', 'acme'), { method: 'POST', body: form })
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /Only one auth mechanism allowed/)
    assert.deepEqual(await keysIn(server), [])
  })
})

test('a link for a form hands out its fields, binds size and type, and commits once', async () => {
  await withS3(async (server) => {
    const { core } = server
    const link = await issue(core, 'in.png', {
      method: 'POST',
      terms: { maxBytes: 10, contentTypes: ['image/*'] },
    })
    assert.equal(link.url, `${server.origin}/acme/`)
    const { fields } = link
    assert.ok(fields !== null)
    assert.equal(fields['X-Hallpass-Link'], link.id)
    const policy = Buffer.from(fields['Policy'] ?? '', 'base64').toString()
    assert.match(policy, /\["content-length-range",0,10\]/)
    const typed = { ...fields, 'Content-Type': 'image/png' }
    const attempts: readonly (readonly [Fields, string, number])[] = [
      [fields, 'hello', 403],
      [{ ...fields, 'Content-Type': 'text/html' }, 'hello', 403],
      [typed, 'x'.repeat(11), 400],
      [{ ...typed, 'X-Hallpass-Link': 'link_other' }, 'hello', 403],
      [without(typed, 'X-Hallpass-Link'), 'hello', 403],
    ]
    for (const [form, body, status] of attempts) {
      const posted = await post(server, form, body)
      assert.equal(posted.status, status, posted.text)
    }
    assert.deepEqual(await keysIn(server), [])
    assert.equal((await post(server, typed)).status, 204)
    assert.equal((await post(server, typed)).status, 410)
    await core.uses.flush()
    const grant = await core.catalog.grants.find(link.id)
    assert.deepEqual([grant?.method, grant?.uses, grant?.bytes], ['POST', 1, 5])
  })
})

test('a link for a form replaces nothing, ends when it is revoked, and is for no other method', async () => {
  await withS3(async (server) => {
    const { core } = server
    await put(core, 'there.txt', 'before')
    const taken = await issue(core, 'there.txt', { method: 'POST' })
    assert.match(
      String(Buffer.from(taken.fields?.['Policy'] ?? '', 'base64')),
      /content-length-range/,
    )
    assert.equal((await post(server, taken.fields ?? {})).status, 409)
    assert.equal(await textOf(server, 'there.txt'), 'before')
    const ended = await issue(core, 'new.txt', { method: 'POST' })
    const { permit, link } = await authorizeLink(core, admin, ended.id)
    await revokeLink(core, permit, link)
    assert.equal((await post(server, ended.fields ?? {})).status, 403)
    const far = await issue(core, 'new.txt', { method: 'POST', ips: ['198.51.100.0/24'] })
    assert.equal((await post(server, far.fields ?? {})).status, 403)
    const typed = await issue(core, 'new.txt', { method: 'POST', contentType: 'text/plain' })
    assert.equal(typed.fields?.['Content-Type'], 'text/plain')
    assert.equal((await post(server, typed.fields ?? {})).status, 204)
    await assert.rejects(issue(core, 'a/${filename}', { method: 'POST' }), {
      code: 'field-invalid',
    })
  })
})

test('the log of a form names its key and its link', async () => {
  const lines: string[] = []
  await withS3(
    async (server) => {
      const link = await issue(server.core, 'in.txt', { method: 'POST' })
      assert.equal((await post(server, link.fields ?? {})).status, 204)
      const line =
        lines
          .join('')
          .split('\n')
          .find((text) => text.includes('PostObject')) ?? ''
      const logged = JSON.parse(line) as Record<string, unknown>
      assert.equal(logged['linkId'], link.id)
      assert.equal(logged['key'], 'in.txt')
      assert.doesNotMatch(line, /X-Amz-Signature|Policy/)
    },
    { core: { log: createLog('trace', { write: (line) => void lines.push(line) }) } },
  )
})
