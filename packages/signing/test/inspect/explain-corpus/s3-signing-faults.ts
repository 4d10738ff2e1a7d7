/**
 * Ways in which S3 signers go wrong: encodings, secrets, old versions, headers and forms.
 */
import { createHash, createHmac } from 'node:crypto'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { S3Client } from '@aws-sdk/client-s3'
import { AwsClient } from 'aws4fetch'
import type { ExplainKey } from '@hallpass/signing/explain'
import { NOW, addSeconds, withHeader, withUrl } from './case.ts'
import type { CaseInput, Fault, Headers, SentRequest } from './case.ts'
import type { Random } from './random.ts'
import { createS3Key, s3Sample } from './s3-samples.ts'
import type { S3SampleOptions } from './s3-samples.ts'
import { toCase } from './s3-faults.ts'
import { fail } from './s3-reference-server.ts'

/** A sample whose sent path is another spelling of the one signed. */
function pathFault(
  code: Fault['code'],
  name: string,
  objectKeys: readonly string[],
  change: (url: string) => string,
): Fault {
  return {
    code,
    name,
    pain: 5,
    count: 6,
    make: async (random, index) => {
      const sample = await s3Sample(random, {
        sdk: random.pick(['aws-sdk', 'minio']),
        objectKey: random.pick(objectKeys),
      })
      const request = withUrl(sample.request, (url) => {
        const mark = url.indexOf('?')
        return change(url.slice(0, mark)) + url.slice(mark)
      })
      return toCase({ request, key: sample.key }, index % 2 === 0 ? 'key' : 'both')
    },
  }
}

export const S3_PATH_FAULTS: readonly Fault[] = [
  pathFault(
    'path-plus-for-space',
    'a form encoder for the path',
    ['2026 Q1 report.pdf', 'my photo.png', 'a b/c d.txt'],
    (url) => url.replaceAll('%20', '+'),
  ),
  pathFault(
    'path-plus-for-space',
    'a plus taken for a blank',
    ['c++ notes.txt', 'a+b.txt', '1+1=2.md'],
    (url) => url.replaceAll('%2B', '%20'),
  ),
  pathFault(
    'path-double-encoded',
    'a name encoded twice',
    ['2026 Q1 report.pdf', 'ünïcode.png', '[draft] (1).md'],
    (url) => url.replaceAll('%', '%25'),
  ),
  pathFault(
    'path-unicode-form',
    'a name from macOS',
    ['café/über.pdf', 'résumé.docx', 'naïve.txt'],
    (url) => {
      const [origin = ''] = /^https?:\/\/[^/]+/.exec(url) ?? []
      return origin + encodeURI(decodeURIComponent(url.slice(origin.length)).normalize('NFD'))
    },
  ),
  pathFault(
    'path-trailing-slash',
    'a redirect to a trailing slash',
    ['docs/readme', 'report.pdf'],
    (url) => `${url}/`,
  ),
  pathFault(
    'path-slashes-merged',
    'a proxy that merges slashes',
    ['a//b.txt', 'exports//2026.csv'],
    (url) => url.replace(/([^:])\/\//g, '$1/'),
  ),
  pathFault(
    'path-dots-folded',
    'a client that folds dot segments',
    ['a/./b.txt', 'data/./x/y.csv'],
    (url) => url.replaceAll('/./', '/'),
  ),
  {
    code: 'path-plus-for-space',
    pain: 5,
    name: 'a plus in the path, signed as a blank by the SDK itself',
    count: 6,
    make: async (random, index) => {
      const { request, key } = await s3Sample(random, {
        sdk: 'aws4fetch',
        objectKey: random.pick(['c++.txt', 'a+b+c.pdf']),
        isRawPath: true,
      })
      return toCase({ request, key }, index % 2 === 0 ? 'key' : 'both')
    },
  },
  {
    code: 'query-plus-for-space',
    pain: 6,
    name: 'a signer that signs %20 and writes +, at a store that reads + as plus',
    count: 8,
    make: async (random, index) => {
      const { request, key } = await s3Sample(random, {
        sdk: 'aws4fetch',
        operation: 'GET',
        disposition: random.pick([
          'attachment; filename=my report.pdf',
          'inline; filename=a b.txt',
        ]),
      })
      return toCase(
        { request, key, state: { isPlusLiteral: true } },
        (['bare', 'answer', 'both'] as const)[index % 3] ?? 'bare',
      )
    },
  },
  {
    code: 'query-unescaped-reserved',
    pain: 8,
    name: "a file name with ' ( ) * signed as encodeURIComponent leaves it",
    count: 8,
    make: async (random, index) => {
      const name = random.pick(["UTF-8''r%C3%A9sum%C3%A9.pdf", "O'Brien (1).txt", 'star*.csv'])
      const { request, key } = await bareReservedUrl(random, `attachment; filename*=${name}`)
      return toCase({ request, key }, index % 2 === 0 ? 'key' : 'both')
    },
  },
]

/** What a hand-written signer makes that takes encodeURIComponent for the encoder of the specification. */
async function bareReservedUrl(
  random: Random,
  disposition: string,
): Promise<{ request: SentRequest; key: ExplainKey }> {
  const key = createS3Key(random)
  const date = addSeconds(NOW, -20)
    .toISOString()
    .replace(/[:-]|\.\d{3}/g, '')
  const host = 's3.eu-west-1.amazonaws.com'
  const scope = `${date.slice(0, 8)}/eu-west-1/s3/aws4_request`
  const pairs: [string, string][] = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${key.id}/${scope}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', '900'],
    ['X-Amz-SignedHeaders', 'host'],
    ['response-content-disposition', disposition],
  ]
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const canonical = `GET\n/acme-files/report.pdf\n${query}\nhost:${host}\n\nhost\nUNSIGNED-PAYLOAD`
  const hash = createHash('sha256').update(canonical).digest('hex')
  let derived: Buffer = createHmac('sha256', `AWS4${key.secret}`).update(date.slice(0, 8)).digest()
  for (const part of ['eu-west-1', 's3', 'aws4_request']) {
    derived = createHmac('sha256', derived).update(part).digest()
  }
  const signature = createHmac('sha256', derived)
    .update(`AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`)
    .digest('hex')
  const url = `https://${host}/acme-files/report.pdf?${query}&X-Amz-Signature=${signature}`
  return { request: { method: 'GET', url, headers: [['Host', host]] }, key }
}

/** The right id with a secret that was read wrongly: signed so, explained with the right one. */
function secretFault(
  code: Fault['code'],
  name: string,
  spoil: (secret: string) => string,
  options: S3SampleOptions = {},
): Fault {
  return {
    code,
    name,
    count: 8,
    make: async (random, index) => {
      const key = createS3Key(random)
      const { request } = await s3Sample(random, {
        ...options,
        key: { ...key, secret: spoil(key.secret) },
      })
      return toCase({ request, key }, index % 2 === 0 ? 'key' : 'both')
    },
  }
}

export const S3_SECRET_FAULTS: readonly Fault[] = [
  secretFault(
    'secret-whitespace',
    'a secret read from a file, newline and all',
    (secret) => `${secret}\n`,
    { sdk: 'aws-sdk' },
  ),
  secretFault('secret-whitespace', 'a secret pasted with a blank', (secret) => ` ${secret}`, {
    sdk: 'aws-sdk',
  }),
  secretFault(
    'secret-encoded',
    'a secret percent-encoded in configuration',
    (secret) => encodeURIComponent(`${secret}/+`).slice(0, -6),
    { sdk: 'aws4fetch' },
  ),
  secretFault('key-mismatch', 'a rotated secret', (secret) =>
    secret.split('').toReversed().join(''),
  ),
  {
    code: 'secret-other-key',
    name: 'the id of one environment with the secret of another',
    count: 8,
    make: async (random, index) => {
      const [right, other] = [createS3Key(random), createS3Key(random)]
      const { request } = await s3Sample(random, { key: { id: right.id, secret: other.secret } })
      return toCase(
        { request, key: right, givenKeys: [right, other] },
        index % 2 === 0 ? 'key' : 'both',
      )
    },
  },
  {
    code: 'sigv2-refused',
    name: 'a signature of version 2',
    count: 8,
    make: (random) => {
      const key = createS3Key(random)
      const expires = Math.floor(NOW.getTime() / 1000) + random.int(300, 90_000)
      const path = `/acme-files/${random.pick(['report.pdf', 'a/b.zip'])}`
      const signature = createHmac('sha1', key.secret)
        .update(`GET\n\n\n${expires}\n${path}`)
        .digest('base64')
      const url = `https://s3.eu-central-1.amazonaws.com${path}?AWSAccessKeyId=${key.id}&Signature=${encodeURIComponent(signature)}&Expires=${expires}`
      const response = fail(
        400,
        'InvalidRequest',
        'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
      )
      return {
        request: { method: 'GET', url, headers: [] },
        now: NOW,
        ...(random.next() < 0.5 ? { response } : {}),
      }
    },
  },
]

async function headerSigned(
  random: Random,
  body: string,
  signedAt: Date,
): Promise<{ request: SentRequest; key: ExplainKey }> {
  const key = createS3Key(random)
  const client = new AwsClient({
    accessKeyId: key.id,
    secretAccessKey: key.secret,
    service: 's3',
    region: 'eu-west-1',
  })
  const url = `https://s3.eu-west-1.amazonaws.com/acme-files/${random.pick(['a.txt', 'b/c.json'])}`
  const signed = await client.sign(url, {
    method: 'PUT',
    body,
    headers: { 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
    aws: { datetime: signedAt.toISOString().replace(/[:-]|\.\d{3}/g, '') },
  })
  const headers: Headers = [['Host', 's3.eu-west-1.amazonaws.com'], ...signed.headers.entries()]
  return { request: { method: 'PUT', url, headers, body }, key }
}

export const S3_HEADER_FAULTS: readonly Fault[] = [
  {
    code: 'clock-skewed',
    name: 'signed headers from a machine whose clock is wrong',
    count: 8,
    make: async (random) => {
      const skew = random.pick([-1, 1]) * random.int(1000, 90_000)
      const { request, key } = await headerSigned(random, 'body', addSeconds(NOW, skew))
      const response = fail(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
        { ServerTime: NOW.toISOString(), MaxAllowedSkewMilliseconds: '900000' },
      )
      // The client's own clock shows the wrong time, so the answer's is what tells.
      return random.next() < 0.5
        ? { request, now: addSeconds(NOW, skew), response }
        : { request, now: NOW, keys: [key] }
    },
  },
  {
    code: 'payload-mismatch',
    name: 'a body changed after its hash was signed',
    count: 8,
    make: async (random) => {
      const { request, key } = await headerSigned(random, 'line one\nline two\n', NOW)
      const changed = { ...request, body: 'line one\r\nline two\r\n' }
      return { request: changed, now: NOW, ...(random.next() < 0.5 ? { keys: [key] } : {}) }
    },
  },
]

interface Form {
  readonly url: string
  readonly fields: [string, string][]
  readonly key: ExplainKey
}

async function signedForm(random: Random): Promise<Form> {
  const key = createS3Key(random)
  const client = new S3Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
  })
  const { url, fields } = await createPresignedPost(client, {
    Bucket: 'acme-files',
    Key: random.pick(['avatars/42.png', 'uploads/a.png']),
    Conditions: [['content-length-range', 1, 100], { 'Content-Type': 'image/png' }],
    Fields: { 'Content-Type': 'image/png' },
    Expires: 3600,
  })
  return { url, fields: Object.entries(fields), key }
}

interface FormParts {
  readonly fields?: readonly [string, string][]
  readonly file?: string
  /** Fields behind the file. */
  readonly after?: readonly [string, string][]
}

function formCase(form: Form, random: Random, parts: FormParts = {}): CaseInput {
  const { fields = form.fields, file = 'png', after = [] } = parts
  const boundary = 'formBoundary7MA4YWxk'
  const part = ([name, value]: readonly [string, string]) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const filePart = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n${file}\r\n`
  const body = `${fields.map(part).join('')}${filePart}${after.map(part).join('')}--${boundary}--\r\n`
  const request = withHeader(
    { method: 'POST', url: form.url, headers: [], body },
    'Content-Type',
    `multipart/form-data; boundary=${boundary}`,
  )
  // The SDK takes the clock of the machine for the policy's end, so the moment is read from there.
  const policy = form.fields.find(([name]) => name === 'Policy')?.[1] ?? ''
  const { expiration } = JSON.parse(Buffer.from(policy, 'base64').toString()) as {
    expiration: string
  }
  return {
    request,
    now: addSeconds(new Date(expiration), -600),
    ...(random.next() < 0.5 ? { keys: [form.key] } : {}),
  }
}

export const S3_FORM_FAULTS: readonly Fault[] = [
  {
    code: 'policy-condition-failed',
    pain: 21,
    name: 'a file or field the policy does not allow',
    count: 8,
    make: async (random) => {
      const form = await signedForm(random)
      if (random.next() < 0.5)
        return formCase(form, random, { file: 'x'.repeat(random.int(101, 900)) })
      const fields = form.fields.map(([name, value]): [string, string] => [
        name,
        name === 'Content-Type' ? 'text/html' : value,
      ])
      return formCase(form, random, { fields })
    },
  },
  {
    code: 'policy-field-missing',
    name: 'a field forgotten, or sent after the file',
    count: 8,
    make: async (random) => {
      const form = await signedForm(random)
      const lost = random.pick(['Policy', 'X-Amz-Signature', 'X-Amz-Date', 'key'])
      const rest = form.fields.filter(([name]) => name !== lost)
      const late = form.fields.filter(([name]) => name === lost)
      return formCase(form, random, { fields: rest, after: random.next() < 0.5 ? late : [] })
    },
  },
  {
    code: 'policy-extra-field',
    name: 'a field no condition covers',
    count: 8,
    make: async (random) => {
      const form = await signedForm(random)
      const extra = random.pick([
        ['acl', 'public-read'],
        ['x-amz-meta-user', '42'],
        ['submit', 'Upload'],
      ] as [string, string][])
      return formCase(form, random, { fields: [...form.fields, extra] })
    },
  },
  {
    code: 'url-expired',
    name: 'a form left open too long',
    count: 6,
    make: async (random) => {
      const form = await signedForm(random)
      const input = formCase(form, random)
      return { ...input, now: addSeconds(input.now, random.int(700, 9000)) }
    },
  },
]
