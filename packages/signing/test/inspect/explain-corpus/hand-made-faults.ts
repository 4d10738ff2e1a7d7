/**
 * What hand-made signers, wrong keys and providers' own answers bring about, and what befalls links of further schemes.
 */
import { createHmac } from 'node:crypto'
import type { ExplainKey, ExplainableResponse } from '@hallpass/signing/explain'
import { presignCos } from '@hallpass/signing/cos'
import { presignImgix } from '@hallpass/signing/imgix'
import { presignLaravel } from '@hallpass/signing/laravel'
import { presignOss } from '@hallpass/signing/oss'
import { NOW as HAND_NOW, SECRET, signHeaders, signQuery } from '../hand-signed.ts'
import type { HandSigned } from '../hand-signed.ts'
import { azureSample } from './azure-samples.ts'
import { NOW, addSeconds, namedFault, withUrl } from './case.ts'
import type { CaseInput, Fault, FaultName, Sample, SentRequest } from './case.ts'
import {
  akamaiSample,
  bunnySample,
  cloudCdnSample,
  cloudFrontSample,
  gcsSample,
  sentTo,
  swiftSample,
} from './other-samples.ts'
import type { Random } from './random.ts'
import { s3Sample } from './s3-samples.ts'

function fault(
  code: Fault['code'],
  name: FaultName,
  make: (random: Random, index: number) => Promise<CaseInput> | CaseInput,
): Fault {
  return { code, ...namedFault(name), count: 6, make }
}

const HAND_KEY: ExplainKey = { id: 'KEYID', secret: SECRET }

/** A URL signed by hand, with its key. */
function hand(given: Partial<HandSigned>): CaseInput {
  const host = given.host ?? 'acme-files.s3.eu-west-1.amazonaws.com'
  const { url } = signQuery({ ...given, host })
  return { request: sentTo('GET', url), keys: [HAND_KEY], now: HAND_NOW }
}

function keyed(sample: Sample, change: (url: string) => string): CaseInput {
  return { request: withUrl(sample.request, change), keys: [sample.key], now: NOW }
}

/** Replaces one character of the signature by another of its alphabet. */
function mistype(url: string, random: Random): string {
  return url.replace(
    /((?:Signature|sig|hmac|temp_url_sig|token)=(?:HS256-)?)([A-Za-z0-9_-]{20,})/,
    (_, name: string, text: string) => {
      const at = random.int(2, 18)
      const other = text[at] === 'a' ? 'b' : 'a'
      return name + text.slice(0, at) + other + text.slice(at + 1)
    },
  )
}

export const LAYOUT_FAULTS: readonly Fault[] = [
  fault('string-to-sign-differs', 'a key derived without its prefix', () =>
    hand({ keyPrefix: '' }),
  ),
  fault('string-to-sign-differs', 'a key derived for another region', () =>
    hand({ keyRegion: 'us-east-1' }),
  ),
  fault('string-to-sign-differs', 'header lines in the order in which they were set', (random) => {
    const host = 'acme-files.s3.eu-west-1.amazonaws.com'
    const names = ['host', 'x-amz-acl', 'x-amz-content-sha256', 'x-amz-date']
    const lines = random.pick([
      names.toReversed(),
      ['x-amz-date', 'host', 'x-amz-content-sha256', 'x-amz-acl'],
      ['X-Amz-Acl', 'host', 'x-amz-content-sha256', 'x-amz-date'],
    ])
    const sent = [['X-Amz-Acl', 'private']] as const
    const signed = { 'x-amz-acl': 'private' }
    const headers = signHeaders({ host, path: '/a.txt', sent, signed, names, lines })
    const request: SentRequest = { method: 'GET', url: `https://${host}/a.txt`, headers }
    return { request, keys: [HAND_KEY], now: HAND_NOW }
  }),
  fault('string-to-sign-differs', 'Azure: lines that do not belong to the version', (_, index) =>
    handMadeSas(index),
  ),
]

const SAS_END = '2036-03-14T10:26:53Z'

/** A SAS over one of six wrong texts. */
function handMadeSas(index: number): CaseInput {
  const right = ['r', '', SAS_END, '/blob/acmefiles/docs/a.txt', '', '', 'https', '2022-11-02', 'b']
  const lines = [...right, ...Array.from({ length: 7 }, () => '')]
  const texts = [
    lines.with(3, '/acmefiles/docs/a.txt').join('\n'),
    lines.toSpliced(10, 1).join('\n'),
    lines.toSpliced(8, 3).join('\n'),
    `${lines.join('\n')}\n`,
    lines.join('\r\n'),
    lines.with(3, 'https://acmefiles.blob.core.windows.net/docs/a.txt').join('\n'),
  ]
  const secret = Buffer.from('hallpass fake account key').toString('base64')
  const sig = createHmac('sha256', Buffer.from(secret, 'base64'))
    .update(texts[index % texts.length] ?? '')
    .digest('base64')
  const query = `sv=2022-11-02&sr=b&sp=r&spr=https&se=${encodeURIComponent(SAS_END)}&sig=${encodeURIComponent(sig)}`
  return {
    request: sentTo('GET', `https://acmefiles.blob.core.windows.net/docs/a.txt?${query}`),
    keys: [{ id: 'acmefiles', secret }],
    now: NOW,
  }
}

export const KEY_FAULTS: readonly Fault[] = [
  fault('signature-digits-changed', 'a character mistyped', async (random, index) => {
    const samples = [
      async () => s3Sample(random, { operation: 'GET' }),
      () => swiftSample(random),
      () => cloudCdnSample(random),
      () => bunnySample(random),
      () => akamaiSample(random, { acl: '/vod/*' }),
      async () => s3Sample(random, { sdk: 'minio' }),
    ]
    const sample = await (samples[index % samples.length] ?? samples[0])?.()
    if (sample === undefined) throw new Error('no sample')
    return keyed(sample, (url) => mistype(url, random))
  }),
  fault('signature-alphabet', 'the right bytes in base64', () => {
    const { url, signature } = signQuery({ host: 'acme-files.s3.eu-west-1.amazonaws.com' })
    const text = Buffer.from(signature, 'hex').toString('base64url')
    return {
      request: sentTo('GET', url.replace(signature, text)),
      keys: [HAND_KEY],
      now: HAND_NOW,
    }
  }),
  fault('key-not-given', 'the key of another environment', async (random, index) => {
    const sample = index % 2 === 0 ? await s3Sample(random) : await gcsSample(random)
    const other = { id: 'AKIAOTHERENVIRONMENT', secret: 'x'.repeat(40) }
    return { request: sample.request, keys: [other], now: NOW }
  }),
  fault('key-invalid', 'a key of the other kind', async (random, index) => {
    const pem = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----'
    const sample = index % 2 === 0 ? await s3Sample(random) : cloudFrontSample(random)
    const { id } = sample.key
    if (id === undefined) throw new Error('no id')
    const wrong: ExplainKey = index % 2 === 0 ? { id, publicKey: pem } : { id, secret: 'a-secret' }
    return { request: sample.request, keys: [wrong], now: NOW }
  }),
  fault('service-other', 'a signature for another service', (random, index) => {
    const service = random.pick(['sts', 'execute-api', 'iotdevicegateway', 'rds-db', 'lambda'])
    const host = `${service}.eu-west-1.amazonaws.com`
    const kind = random.pick(['queue', 'table', 'file'])
    const url =
      index % 2 === 0
        ? signQuery({ host, service }).url
        : `https://acme.${kind}.core.windows.net/x?sv=2025-01-05&sp=r&spr=https&se=2036-03-14T10%3A26%3A53Z&sig=qW7bK2vXz0p9TnR4sYc1dUeF3gHiJkLmNoPqRsTuVwA%3D`
    return { request: url, now: index % 2 === 0 ? HAND_NOW : NOW }
  }),
  fault('expiry-in-milliseconds', 'a life in milliseconds', async (random) => {
    const milliseconds = random.pick([900_000, 3_600_000, 86_400_000])
    const sample = await s3Sample(random, { sdk: 'aws4fetch', expiresIn: milliseconds })
    return { request: sample.request, now: NOW }
  }),
  fault('host-changed', 'another name of the same store', (random) =>
    hand({
      signedHost: random.pick([
        'acme-files.s3.amazonaws.com',
        'acme-files.s3-accelerate.amazonaws.com',
        'acme-files.s3.dualstack.eu-west-1.amazonaws.com',
        'https://acme-files.s3.eu-west-1.amazonaws.com',
        'acme-files.s3.eu-west-1.amazonaws.com/',
      ]),
    }),
  ),
  fault('url-line-broken', 'copied out of the source of a mail', async (random) => {
    const sample = await s3Sample(random)
    const quoted = sample.request.url.replaceAll('=', '=3D').replace(/(.{72})/g, '$1=\r\n')
    return { request: quoted, now: NOW }
  }),
]

function answer(status: number, code: string, message = 'no'): ExplainableResponse {
  return {
    status,
    headers: [],
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  }
}

/** A healthy request, and an answer that has another reason than the signature. */
function answered(
  code: Fault['code'],
  name: string,
  sampleOf: (random: Random) => Promise<Sample> | Sample,
  response: ExplainableResponse,
): Fault {
  return fault(code, name, async (random, index) => {
    const { request, key } = await sampleOf(random)
    return { request, response, now: NOW, ...(index % 2 === 0 ? { keys: [key] } : {}) }
  })
}

const get = async (random: Random): Promise<Sample> => s3Sample(random, { operation: 'GET' })

export const ANSWER_FAULTS: readonly Fault[] = [
  answered(
    'object-archived',
    'asked for out of an archive',
    get,
    answer(403, 'InvalidObjectState'),
  ),
  answered('provider-busy', 'asked for too often', get, answer(503, 'SlowDown')),
  answered('answer-unknown', 'an answer nobody has listed', get, answer(403, 'MoonPhaseWrong')),
  answered(
    'network-refused',
    'Azure: behind a firewall',
    (random) => azureSample(random, { kind: 'blob' }),
    answer(403, 'AuthorizationFailure'),
  ),
  answered(
    'account-refuses-keys',
    'Azure: shared keys switched off',
    (random) => azureSample(random, { kind: 'blob' }),
    answer(403, 'KeyBasedAuthenticationNotPermitted'),
  ),
  answered('origin-refused', 'CloudFront: refused behind it', cloudFrontSample, {
    status: 403,
    headers: [['Server', 'AmazonS3']],
    body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>1</RequestId><HostId>2</HostId></Error>',
  }),
  fault('refused-though-valid', 'another secret at the provider', async (random) => {
    const { request, key } = await get(random)
    const response = answer(403, 'SignatureDoesNotMatch')
    return { request, keys: [key], response, now: NOW }
  }),
]

const LIFE = { expiresInSeconds: 3600, now: NOW }
const LARAVEL_KEY = 'base64:aGFsbHBhc3MgZmFrZSBsYXJhdmVsIGtleSAwMDAwMDE='
const OSS_KEY = { accessKeyId: 'LTAIFAKE0001', accessKeySecret: 'hallpass-fake-oss-secret' }
const COS_KEY = { secretId: 'AKIDFAKE0001', secretKey: 'hallpass-fake-cos-secret' }

function laravel(change: (url: string) => string, secret: string = LARAVEL_KEY): CaseInput {
  const { url } = presignLaravel({
    ...LIFE,
    key: LARAVEL_KEY,
    url: 'https://app.example.com/file/7?a=1',
  })
  return { request: sentTo('GET', change(url)), keys: [{ dialect: 'laravel', secret }], now: NOW }
}

function imgix(change: (url: string) => string): CaseInput {
  const token = 'hallpass-fake-token'
  const { url } = presignImgix({ ...LIFE, token, url: 'https://demo.imgix.net/my%20a.png?w=400' })
  return {
    request: sentTo('GET', change(url)),
    keys: [{ dialect: 'imgix', secret: token }],
    now: NOW,
  }
}

function oss(change: Partial<SentRequest>): CaseInput {
  const { url, method } = presignOss({
    ...LIFE,
    method: 'PUT',
    bucket: 'reports',
    key: 'my file.png',
    contentType: 'image/png',
    credentials: OSS_KEY,
    endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  })
  const key: ExplainKey = {
    dialect: 'oss',
    id: OSS_KEY.accessKeyId,
    secret: OSS_KEY.accessKeySecret,
  }
  const headers: [string, string][] = [['Content-Type', 'image/png']]
  return { request: { method, url, headers, ...change }, keys: [key], now: NOW }
}

function cos(change: (url: string) => string): CaseInput {
  const endpoint = 'https://reports-1250000000.cos.ap-beijing.myqcloud.com'
  const request = { ...LIFE, method: 'GET', key: 'my file.txt' } as const
  const { url } = presignCos({ ...request, credentials: COS_KEY, endpoint })
  const key: ExplainKey = { dialect: 'cos', id: COS_KEY.secretId, secret: COS_KEY.secretKey }
  return { request: sentTo('GET', change(url)), keys: [key], now: NOW }
}

export const SCHEME_FAULTS: readonly Fault[] = [
  fault('scheme-changed', 'Laravel: behind a proxy that ends TLS', () =>
    laravel((url) => url.replace('https:', 'http:')),
  ),
  fault('tracker-parameters', 'Laravel: clicked in a campaign', (random) =>
    laravel((url) => `${url}&${random.pick(['fbclid=abc', 'utm_source=mail', 'gclid=1'])}`),
  ),
  fault('secret-encoded', 'Laravel: a key without its mark', () =>
    laravel((url) => url, LARAVEL_KEY.slice('base64:'.length)),
  ),
  fault('path-plus-for-space', 'Imgix: a form encoder for the path', () =>
    imgix((url) => url.replace('my%20a', 'my+a')),
  ),
  fault('parameter-added', 'Imgix: a size appended', (random) =>
    imgix((url) => url.replace('w=400', `w=400&h=${random.int(10, 900)}`)),
  ),
  fault('header-changed', 'OSS: another content type sent', (random) =>
    oss({ headers: [['Content-Type', random.pick(['text/plain', 'application/octet-stream'])]] }),
  ),
  fault('method-differs', 'OSS: another method', (random) =>
    oss({ method: random.pick(['GET', 'POST', 'DELETE']) }),
  ),
  fault('port-changed', 'COS: through a proxy on a port', (random) =>
    cos((url) => url.replace('.com/', `.com:${random.pick(['8080', '8443', '9000'])}/`)),
  ),
  fault('url-expired', 'links of further schemes after their end', (random) => {
    const end = NOW.getTime() / 1000 - random.int(10, 90_000)
    const hex = random.text(64, '0123456789abcdef')
    return {
      request: random.pick([
        `https://cdn.discordapp.com/attachments/1/2/a.png?ex=${end.toString(16).split('.')[0]}&is=6a000000&hm=${hex}`,
        `https://www.example.com/a.jpg?token=${end}_${hex.slice(0, 40)}`,
        `https://b.obs.cn-north-4.myhuaweicloud.com/a?AccessKeyId=FAKE0001&Expires=${end}&Signature=yN9WtB0lQheegAwva64yBuH3ZgU%3D`,
      ]),
      now: NOW,
    }
  }),
  fault('no-end', 'links that never end', (random) => ({
    request: random.pick([
      `https://demo.imgix.net/a.png?w=400&s=${random.text(32, '0123456789abcdef')}`,
      `https://firebasestorage.googleapis.com/v0/b/a.appspot.com/o/a.png?alt=media&token=4f6c3b9e-1a2d-4c7f-9b0e-5d8a7c6b1f20`,
    ]),
    now: addSeconds(NOW, random.int(0, 900)),
  })),
]
