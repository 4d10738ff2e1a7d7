/**
 * Lines with secrets in them, made from what the official SDKs signed (vectors/), in the shapes logs have;
 * and lines without any. Both are the same in every run.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../../../..')
const PLACEHOLDER = 'PLACEHOLDER'
export const REDACTED_TEXT = '[redacted]'

export interface CorpusLine {
  readonly dialect: string
  readonly shape: string
  readonly line: string
  /** The line as it should be afterwards. */
  readonly expected: string
  readonly secrets: readonly string[]
}

/** Something an SDK made: the text, and the secrets in it as they are written there. */
interface Sample {
  readonly dialect: string
  readonly kind: 'url' | 'cookie' | 'header'
  readonly text: string
  readonly secrets: readonly string[]
}

interface Vector {
  readonly id: string
  readonly kind?: string
  readonly dialect?: string
  readonly expected: Readonly<Record<string, unknown>>
}

function readVectors(name: string): Vector[] {
  const text = readFileSync(`${ROOT}/vectors/${name}.json`, 'utf8')
  return (JSON.parse(text) as { vectors: Vector[] }).vectors
}

/** Which parameters of each dialect let a stranger in: written down here, not taken from the code under test. */
const SECRET_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  s3: ['X-Amz-Signature', 'X-Amz-Security-Token'],
  's3-sigv2': ['Signature'],
  gcs: ['X-Goog-Signature', 'X-Amz-Signature'],
  azure: ['sig'],
  cloudfront: ['Signature', 'Policy'],
  'cloud-cdn': ['Signature'],
  'media-cdn': ['Signature'],
  akamai: ['hmac'],
  bunny: ['token', 'bcdn_token'],
  nginx: ['md5'],
  swift: ['temp_url_sig'],
  cloudflare: ['verify', 'mac', 'token', 'sig'],
  supabase: ['token'],
}

function valuesOf(dialect: string, text: string): string[] {
  const names = SECRET_PARAMETERS[dialect] ?? []
  const values: string[] = []
  for (const name of names) {
    for (const match of text.matchAll(new RegExp(`(?<![\\w-])${name}=([^&\\s~;/:]+)`, 'g'))) {
      values.push(match[1] ?? '')
    }
    // CloudFront's alphabet has the tilde, path tokens end at a slash, and Swift writes the digest's name first.
    const wide = new RegExp(`(?<![\\w-])${name}=([^&\\s;/]+)`).exec(text)
    if (dialect === 'cloudfront' && wide !== null) values.push(wide[1] ?? '')
  }
  if (dialect === 'swift') return values.map((value) => value.replace(/^sha512%3A/, ''))
  return [...new Set(values)].toSorted((a, b) => b.length - a.length)
}

function urlSample(dialect: string, text: string): Sample {
  return { dialect, kind: 'url', text, secrets: valuesOf(dialect, text) }
}

type Expected = Readonly<Record<string, string | undefined>>

const CDN_SAMPLES: Readonly<Record<string, (expected: Expected) => Sample | null>> = {
  'google-url': googleSample,
  'google-prefix': googleSample,
  'google-cookie': ({ cookie = '' }) => {
    const dialect = cookie.startsWith('Edge') ? 'media-cdn' : 'cloud-cdn'
    return { dialect, kind: 'cookie', text: cookie, secrets: valuesOf(dialect, cookie) }
  },
  'media-path': ({ url = '' }) => urlSample('media-cdn', url),
  'media-token': ({ token = '' }) => {
    const secrets = [/(?:Signature|hmac)=([^~]+)$/.exec(token)?.[1] ?? '']
    const text = `https://media.example.test/v/a.m3u8?edge-cache-token=${token}`
    return { dialect: 'media-cdn', kind: 'url', text, secrets }
  },
  akamai: ({ token = '' }) =>
    urlSample('akamai', `https://video.example.test/a.m3u8?hdnts=${token}`),
  // Shorter ones carry no field at all.
  ectoken: ({ token = '' }) =>
    token.length < 60
      ? null
      : {
          dialect: 'edgio',
          kind: 'url',
          text: `https://cdn.example.test/a.bin?${token}`,
          secrets: [token],
        },
  bunny: ({ url }) => (url === undefined ? null : urlSample('bunny', url)),
  'bunny-old': ({ url }) => (url === undefined ? null : urlSample('bunny', url)),
  'nginx-md5': ({ token = '' }) =>
    urlSample('nginx', `https://files.example.test/s/link?md5=${token}&expires=2147483647`),
  'cloudflare-hmac': ({ messageMac = '' }) =>
    messageMac.includes('verify=')
      ? urlSample('cloudflare', `https://site.example.test${messageMac}`)
      : null,
  'swift-tempurl': ({ sig = '' }) =>
    urlSample(
      'swift',
      `https://swift.example.test/v1/AUTH_a/box/a.pdf?temp_url_sig=${encodeURIComponent(sig)}&temp_url_expires=1773484013`,
    ),
}

/** Ed25519 signatures are Media CDN's, HMAC-SHA1 ones Cloud CDN's. */
function googleSample({ url = '', publicKeyBase64Url }: Expected): Sample | null {
  return url === ''
    ? null
    : urlSample(publicKeyBase64Url === undefined ? 'cloud-cdn' : 'media-cdn', url)
}

function cdnSample({ dialect = '', expected }: Vector): Sample | null {
  return CDN_SAMPLES[dialect]?.(expected as Expected) ?? null
}

/** The name in front of Cloudflare's MAC is the operator's choice. */
function renamedCloudflareSamples({ dialect, expected }: Vector): Sample[] {
  const { messageMac = '' } = expected as Expected
  if (dialect !== 'cloudflare-hmac' || !messageMac.includes('verify=')) return []
  return ['mac', 'token', 'sig'].map((name) =>
    urlSample(
      'cloudflare',
      `https://site.example.test${messageMac.replace('verify=', `${name}=`)}`,
    ),
  )
}

function cookieSample(vector: Vector): Sample {
  const cookies = vector.expected['cookies'] as Record<string, string>
  const text = Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ')
  const secrets = ['CloudFront-Signature', 'CloudFront-Policy'].flatMap(
    (name) => cookies[name] ?? [],
  )
  return { dialect: 'cloudfront', kind: 'cookie', text, secrets }
}

const JWT =
  'eyJhbGciOiJIUzI1NiJ9.eyJ1cmwiOiJhdmF0YXJzL2EucG5nIiwiZXhwIjoxNzczNDg0MDEzfQ.Zm9yLXRlc3RzLW9ubHktbm8tc2VjcmV0LWF0LWFsbA'

function collectSamples(): Sample[] {
  const urlOf = (vector: Vector): string[] =>
    typeof vector.expected['url'] === 'string' && vector.expected['fields'] === undefined
      ? [vector.expected['url']]
      : []
  return [
    ...readVectors('sdk/s3-presign').flatMap((v) => urlOf(v).map((url) => urlSample('s3', url))),
    ...readVectors('sdk/gcs-v4').flatMap((v) => urlOf(v).map((url) => urlSample('gcs', url))),
    ...readVectors('sdk/azure-sas').flatMap((v) => urlOf(v).map((url) => urlSample('azure', url))),
    ...readVectors('sdk/cloudfront').flatMap((v) =>
      v.kind === 'cookie' ? [cookieSample(v)] : urlOf(v).map((url) => urlSample('cloudfront', url)),
    ),
    ...readVectors('sdk/cdn-tokens').flatMap((v) => cdnSample(v) ?? []),
    ...readVectors('sdk/cdn-tokens').flatMap(renamedCloudflareSamples),
    ...[1, 2, 3, 4].map((n) =>
      urlSample(
        's3-sigv2',
        `https://bucket.s3.amazonaws.com/k${n}.txt?AWSAccessKeyId=AKIAHALLPASSFAKE0001&Expires=1773484013&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv${n}%3D`,
      ),
    ),
    urlSample(
      'supabase',
      `https://project.example.test/storage/v1/object/sign/avatars/a.png?token=${JWT}`,
    ),
  ]
}

type Shape = readonly [name: string, format: (text: string) => string]

function queryOf(url: string): string {
  return url.slice(url.indexOf('?') + 1)
}

function targetOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]+/, '')
}

const html = (text: string): string => text.replaceAll('&', '&amp;')
const json = (value: unknown): string => JSON.stringify(value)
const unicode = (text: string): string =>
  json(text).replaceAll('&', '\\u0026').replaceAll('=', '\\u003d')

const ANYWHERE: readonly Shape[] = [
  ['plain', (text) => text],
  ['sentence', (text) => `2026-03-14 09:26:53,120 INFO worker[17] fetched ${text} in 31 ms`],
  ['angle brackets', (text) => `see <${text}> for the report`],
  ['markdown', (text) => `- [the report](${text}) expires soon`],
  ['JSON', (text) => `{"level":30,"time":1773480413120,"url":${json(text)},"msg":"done"}`],
  ['JSON in JSON', (text) => json({ msg: json({ url: text }) })],
  ['JSON, Go escapes', (text) => `{"url":${unicode(text)},"status":200}`],
  ['logfmt', (text) => `ts=2026-03-14T09:26:53Z level=info url="${text}" dur=31ms`],
  ['Python repr', (text) => `DEBUG:urllib3: {'url': '${text}', 'verify': True}`],
  ['shell', (text) => `  412  curl -fsSL '${text}' -o report.pdf`],
  ['CSV', (text) => `17,"${text}",200,ok`],
  ['YAML', (text) => `  image: "${text}"`],
  ['stack trace', (text) => `Error: GET ${text} answered 403\n    at fetchReport (app.js:12:9)`],
  ['PHP dump', (text) => `string(407) "${text}"`],
]

const URLS: readonly Shape[] = [
  [
    'access log',
    (url) =>
      `203.0.113.7 - - [14/Mar/2026:09:26:53 +0000] "GET ${targetOf(url)} HTTP/1.1" 200 5123 "-" "curl/8.5"`,
  ],
  [
    'referer',
    (url) =>
      `203.0.113.7 - - [14/Mar/2026:09:26:53 +0000] "GET /next HTTP/2.0" 200 1 "${url}" "Mozilla/5.0"`,
  ],
  ['HTML', (url) => `<a href="${html(url)}" rel="nofollow">report</a>`],
  ['XML', (url) => `<Location>${html(url)}</Location><Bucket>b</Bucket>`],
  ['percent-encoded', (url) => `GET /go?to=${encodeURIComponent(url)}&utm_source=mail HTTP/1.1`],
  [
    'percent-encoded twice',
    (url) => `GET /go?to=${encodeURIComponent(encodeURIComponent(url))}&utm_source=mail HTTP/1.1`,
  ],
  ['curl -v', (url) => `> GET ${targetOf(url)} HTTP/1.1`],
  [
    'nginx error log',
    (url) =>
      `2026/03/14 09:26:53 [error] 17#17: *1 upstream timed out, client: 203.0.113.7, request: "GET ${targetOf(url)} HTTP/1.1", host: "example.test"`,
  ],
  ['form body', (url) => `body: ${queryOf(url)}&done=1`],
  [
    'lower-case names',
    (url) => url.replaceAll(/X-(?:Amz|Goog)-[A-Za-z0-9-]+=/g, (name) => name.toLowerCase()),
  ],
  [
    'upper-case names',
    (url) => url.replaceAll(/X-(?:Amz|Goog)-[A-Za-z0-9-]+=/g, (name) => name.toUpperCase()),
  ],
  [
    'underscored names',
    (url) => url.replaceAll(/X-(?:Amz|Goog)-[A-Za-z0-9-]+=/g, (name) => name.replaceAll('-', '_')),
  ],
]

const COOKIES: readonly Shape[] = [
  ['Cookie header', (cookie) => `Cookie: ${cookie}`],
  ['Set-Cookie header', (cookie) => `< set-cookie: ${cookie}; Secure; HttpOnly`],
  ['cookies in JSON', (cookie) => `{"headers":{"cookie":${json(cookie)}},"status":200}`],
  ['curl cookie', (cookie) => `curl -b '${cookie}' https://example.test/a`],
]

function applyShape(sample: Sample, [shape, format]: Shape): CorpusLine {
  let marked = sample.text
  for (const secret of sample.secrets) marked = marked.replaceAll(secret, PLACEHOLDER)
  const expected = format(marked).replaceAll(PLACEHOLDER, REDACTED_TEXT)
  const line = format(sample.text)
  return { dialect: sample.dialect, shape, line, expected, secrets: sample.secrets }
}

/** Shapes in which a form's fields, a header or a credential document are logged. */
function fieldLines(): CorpusLine[] {
  const lines: CorpusLine[] = []
  for (const file of ['sdk/s3-post', 'sdk/gcs-v4']) {
    for (const { expected } of readVectors(file)) {
      const fields = expected['fields'] as Record<string, string> | undefined
      if (fields === undefined) continue
      const secretNames = /^(?:policy|x-(?:amz|goog)-signature|x-amz-security-token)$/i
      const secrets = Object.keys(fields).filter((name) => secretNames.test(name))
      const marked = Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [
          name,
          secrets.includes(name) ? PLACEHOLDER : value,
        ]),
      )
      const dialect = file === 'sdk/s3-post' ? 's3-post' : 'gcs-post'
      for (const [shape, format] of FIELD_SHAPES) {
        lines.push({
          dialect,
          shape,
          line: format(fields),
          expected: format(marked).replaceAll(PLACEHOLDER, REDACTED_TEXT),
          secrets: secrets.map((name) => fields[name] ?? ''),
        })
      }
    }
  }
  return lines
}

type Fields = Readonly<Record<string, string>>

const FIELD_SHAPES: readonly (readonly [string, (fields: Fields) => string])[] = [
  ['JSON object', (fields) => JSON.stringify({ url: 'https://b.example.test/', fields })],
  ['indented JSON', (fields) => JSON.stringify(fields, null, 2)],
  ['escaped JSON', (fields) => JSON.stringify({ msg: JSON.stringify(fields) })],
  ['name-value pairs', (fields) => JSON.stringify(Object.entries(fields))],
  [
    'HAR',
    (fields) =>
      JSON.stringify(
        Object.entries(fields).map(([name, value]) => ({ name, value })),
        null,
        1,
      ),
  ],
  ['urlencoded', (fields) => new URLSearchParams(fields).toString()],
  [
    'HTML form',
    (fields) =>
      Object.entries(fields)
        .map(
          ([name, value]) =>
            `<input type="hidden" name="${name}" value="${value.replaceAll('"', '&quot;')}">`,
        )
        .join(''),
  ],
  [
    'multipart',
    (fields) =>
      Object.entries(fields)
        .map(
          ([name, value]) =>
            `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
        )
        .join(''),
  ],
  [
    'PHP array',
    (fields) =>
      Object.entries(fields)
        .map(([name, value]) => `'${name}' => '${value}',`)
        .join(' '),
  ],
]

function headerLines(): CorpusLine[] {
  const signature = 'a5ffc147d2978f0c3fe0a77c8bc1d644b2a4f0d0d5b49e69a0eba82af7bb8244'
  const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYFAKEKEY0001'
  const token = 'FwoGZXIvYXdzEBYaDFAKEtokenForTests0123456789abcdefXYZ/+=='
  const apiKey = 'hp_4fTz9QeR7mN2bVx0LkJ8sWd3YuC6aPg1HiOoZtEr'
  const templates: readonly (readonly [string, string, string, readonly string[]])[] = [
    [
      's3-header',
      'authorization',
      `Authorization: AWS4-HMAC-SHA256 Credential=AKIAHALLPASSFAKE0001/20260314/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
      [signature],
    ],
    [
      's3-header',
      'compact',
      `authorization=AWS4-HMAC-SHA256 Credential=AKIAHALLPASSFAKE0001/20260314/us-east-1/s3/aws4_request,SignedHeaders=host,Signature=${signature}`,
      [signature],
    ],
    ['s3-header', 'chunk', `400;chunk-signature=${signature}`, [signature]],
    ['s3-header', 'trailer', `x-amz-trailer-signature:${signature}`, [signature]],
    [
      's3-header',
      'Java map',
      `{X-Amz-Date=[20260314T092653Z], X-Amz-Signature=[${signature}], host=[b.example.test]}`,
      [signature],
    ],
    [
      's3-header',
      'Go headers',
      `map[Authorization:[Bearer ${apiKey}] X-Amz-Security-Token:[${token}] X-Id:[a]]`,
      [apiKey, token],
    ],
    [
      's3-header',
      'sigv2',
      `Authorization: AWS AKIAHALLPASSFAKE0001:frJIUN8DYpKDtOLCwo//yllqDzg=`,
      ['frJIUN8DYpKDtOLCwo//yllqDzg='],
    ],
    [
      's3-header',
      'error XML',
      `<Error><Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIAHALLPASSFAKE0001</AWSAccessKeyId><SignatureProvided>${signature}</SignatureProvided></Error>`,
      [signature],
    ],
    [
      'aws-sts',
      'XML',
      `<Credentials><AccessKeyId>ASIAHALLPASSFAKE0002</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${token}</SessionToken></Credentials>`,
      [secret, token],
    ],
    [
      'aws-sts',
      'JSON',
      `{"AccessKeyId":"ASIAHALLPASSFAKE0002","SecretAccessKey":"${secret}","SessionToken":"${token}","Expiration":"2026-03-14T10:26:53Z"}`,
      [secret, token],
    ],
    [
      'aws-sts',
      'environment',
      `AWS_ACCESS_KEY_ID=ASIAHALLPASSFAKE0002 AWS_SECRET_ACCESS_KEY=${secret} AWS_SESSION_TOKEN=${token}`,
      [secret, token],
    ],
    ['aws-sts', 'credentials file', `aws_secret_access_key = ${secret}`, [secret]],
    ['aws-sts', 'header', `x-amz-security-token: ${token}`, [token]],
    [
      'azure',
      'connection string',
      `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=aGFsbHBhc3MgZmFrZSBhenVyZSBzdG9yYWdlIGtleQ==;EndpointSuffix=core.windows.net`,
      ['aGFsbHBhc3MgZmFrZSBhenVyZSBzdG9yYWdlIGtleQ=='],
    ],
    [
      'azure',
      'shared key',
      `authorization: SharedKey hallpasstest:ZhNJfRPeCZ5HHFnRhOVtYpmtL9q+hViRjeLSOfqgxmg=`,
      ['ZhNJfRPeCZ5HHFnRhOVtYpmtL9q+hViRjeLSOfqgxmg='],
    ],
    ['hallpass', 'bearer', `Authorization: Bearer ${apiKey}`, [apiKey]],
    ['hallpass', 'bare', `authorization: ${apiKey}`, [apiKey]],
    ['hallpass', 'sentence', `request by key ${apiKey} refused`, [apiKey.slice(3)]],
    ['http', 'basic', `Authorization: Basic YWxpY2U6cGFzc3dvcmQx`, ['YWxpY2U6cGFzc3dvcmQx']],
    [
      'http',
      'bearer in a sentence',
      `sent Bearer ya29.a0AfB_byFakeToken0123456789 to storage`,
      ['ya29.a0AfB_byFakeToken0123456789'],
    ],
    [
      'http',
      'api key',
      `X-Api-Key: 9f86d081884c7d659a2feaa0c55ad015`,
      ['9f86d081884c7d659a2feaa0c55ad015'],
    ],
    ['supabase', 'JWT', `session ${JWT} refreshed`, [JWT]],
    [
      'gcs',
      'signBlob',
      `{"keyId":"k1","signedBlob":"U2lnbmVkQmxvYkZha2VTaWduYXR1cmUwMTIzNDU2Nzg5QUJDRA=="}`,
      ['U2lnbmVkQmxvYkZha2VTaWduYXR1cmUwMTIzNDU2Nzg5QUJDRA=='],
    ],
  ]
  const wrap: readonly Shape[] = [
    ['', (text) => text],
    [' in a curl option', (text) => `curl -H '${text}' https://example.test/`],
    [' in JSON', (text) => `{"msg":${json(text)},"level":30}`],
    [
      ' in HTML',
      (text) =>
        text
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;')
          .replaceAll('>', '&gt;')
          .replaceAll('"', '&quot;'),
    ],
  ]
  return templates.flatMap(([dialect, shape, text, secrets]) =>
    wrap.map(([suffix, format]) => {
      const sample: Sample = { dialect, kind: 'header', text, secrets }
      return applyShape(sample, [shape + suffix, format])
    }),
  )
}

/** Every line with secrets. */
export function secretLines(): CorpusLine[] {
  const lines = collectSamples().flatMap((sample) => {
    const own = sample.kind === 'url' ? URLS : COOKIES
    // A bare token is known by the question mark before it, which this shape cuts off.
    const shapes = own.filter(([name]) => sample.dialect !== 'edgio' || name !== 'form body')
    return [...ANYWHERE, ...shapes].map((shape) => applyShape(sample, shape))
  })
  return [...lines, ...fieldLines(), ...headerLines()]
}

/** A small deterministic generator (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Log lines of many kinds that hold no secret, though they talk about signatures, tokens and keys. */
export function cleanLogLines(count: number): string[] {
  const random = createRandom(42)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const number = (max: number): number => Math.floor(random() * max)
  const hex = (length: number): string =>
    Array.from({ length }, () => number(16).toString(16)).join('')
  const paths = [
    '/',
    '/assets/app.' + hex(8) + '.js',
    '/api/v1/users/17',
    '/design/tokens',
    '/policy',
    '/docs/signature-v4',
    '/keyboard',
    '/basic-auth/setup',
    '/files/report.pdf',
  ]
  const queries = [
    '',
    '?page=2&sort=name',
    '?q=monkey+business',
    '?next_page_token=CAUQAA',
    '?key=uploads/a.txt',
    '?v=' + hex(12),
    '?list-type=2&continuation-token=1ueGcxLPRx1Tr',
    '?policy=strict',
    '?expires=1773484013',
    '?tab=security',
    '?st=1&e=2',
  ]
  const agents = [
    'curl/8.5',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36',
    'aws-sdk-js/3.1175.0 ua/2.1 os/linux lang/js md/nodejs#24.21.0 api/s3#3.1175.0',
  ]
  const messages = [
    'SignatureDoesNotMatch: the request signature we calculated does not match the signature you provided',
    'token expired, asking for another',
    'unexpected token: } in JSON at position 17',
    'invalid token "foo", expected identifier',
    'policy: strict-origin-when-cross-origin',
    'signature verification failed for key id AKIAHALLPASSFAKE0001',
    'basic authentication is not enabled; bearer of this note may pass',
    'api key missing',
    'password must have 12 characters',
    'x-amz-credential=AKIAHALLPASSFAKE0001/20260314/us-east-1/s3/aws4_request',
    'secret: not set',
    'hmac: SHA-256 selected',
    'wrote object etag="' + hex(32) + '" md5=' + hex(32),
    'commit ' + hex(40) + ' signed by maintainer',
    'authorization: required for this route',
    'checksum sha256=' + hex(64),
    'php_version=8.3 php_memory_limit=256M',
    'trace ' + hex(32) + ' span ' + hex(16),
    'max_tokens=4096 prompt_tokens=12',
    'The key "uploads/2026/03/report.pdf" was not found',
    'X-Amz-SignedHeaders=host;x-amz-date X-Amz-Expires=300',
    'csrf token missing or wrong',
    'signing key rotated: active=k17 retiring=k16',
    'sig handler installed for SIGTERM',
    'verify=false is insecure',
    'CacheKey: user_service_v2_handler',
  ]
  const makers: readonly (() => string)[] = [
    () =>
      `203.0.113.${number(255)} - - [14/Mar/2026:09:${number(60)}:${number(60)} +0000] "GET ${pick(paths)}${pick(queries)} HTTP/1.1" ${pick([200, 304, 404, 403])} ${number(100000)} "-" "${pick(agents)}"`,
    () =>
      JSON.stringify({
        level: 30,
        time: 1773480000000 + number(1e9),
        pid: number(9999),
        reqId: `req-${hex(6)}`,
        method: pick(['GET', 'PUT']),
        url: pick(paths) + pick(queries),
        msg: pick(messages),
      }),
    () => `2026-03-14T09:26:${number(60)}Z INFO [worker-${number(9)}] ${pick(messages)}`,
    () =>
      `time=2026-03-14T09:26:53Z level=warn msg=${JSON.stringify(pick(messages))} duration=${number(900)}ms`,
    () => `Mar 14 09:26:53 web-${number(9)} app[${number(9999)}]: ${pick(messages)}`,
    () =>
      `${pick(['user', 'order', 'file'])}_${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)} ${pick(['created', 'deleted'])} in ${number(99)} ms`,
    () =>
      `    at Object.${pick(['verifyToken', 'readPolicy', 'parseKey'])} (/srv/app/src/${pick(['auth', 'sign'])}.ts:${number(400)}:${number(60)})`,
    () =>
      `<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>${hex(16).toUpperCase()}</RequestId></Error>`,
  ]
  return Array.from({ length: count }, () => pick(makers)())
}

/** Lines people and machines wrote for other reasons: the sources and the documentation of packages installed here. */
export function cleanSourceLines(): string[] {
  const files = [
    'node_modules/commander/lib/command.js',
    'node_modules/commander/Readme.md',
    'node_modules/fastify/lib/route.js',
    'node_modules/fastify/lib/reply.js',
    'node_modules/fastify/docs/Reference/Hooks.md',
    'node_modules/fastify/docs/Reference/Server.md',
    'node_modules/pino/docs/api.md',
    'node_modules/pino/lib/tools.js',
    'node_modules/@aws-sdk/client-s3/dist-types/commands/PutObjectCommand.d.ts',
  ]
  return files
    .flatMap((file) => readFileSync(`${ROOT}/${file}`, 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
}
