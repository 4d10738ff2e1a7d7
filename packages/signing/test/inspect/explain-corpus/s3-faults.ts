/**
 * Ways in which presigned S3 requests break in the field: between client and server, and in time.
 */
import type { ExplainKey } from '@hallpass/signing/explain'
import { NOW, namedFault, addSeconds, hostOf, withHeader, withHost, withUrl } from './case.ts'
import type { CaseInput, Fault, FaultName, Sample, SentRequest } from './case.ts'
import type { Random } from './random.ts'
import { OBJECT_KEYS, REGIONS, createS3Key, s3Sample } from './s3-samples.ts'
import { fail, serveS3 } from './s3-reference-server.ts'
import type { ServerState } from './s3-reference-server.ts'

/** What accompanies the request: nothing, the key, the provider's answer, or both. */
export type Evidence = 'bare' | 'key' | 'answer' | 'both'

interface Scene {
  /** As the client sends it: this is what `explain` sees. */
  readonly request: SentRequest
  readonly key: ExplainKey
  readonly now?: Date
  /** As it reaches the server, if something in between changes it. */
  readonly received?: SentRequest
  readonly state?: Partial<ServerState>
  /** Keys `explain` is given in place of the right one. */
  readonly givenKeys?: readonly ExplainKey[]
}

/** The case a scene becomes with that evidence; answers come from the reference server. */
export function toCase(scene: Scene, evidence: Evidence): CaseInput {
  const { request, key, state } = scene
  const now = scene.now ?? NOW
  const hasKey = evidence === 'key' || evidence === 'both'
  const hasAnswer = evidence === 'answer' || evidence === 'both'
  return {
    request,
    now,
    ...(hasKey ? { keys: scene.givenKeys ?? [key] } : {}),
    ...(hasAnswer
      ? { response: serveS3(scene.received ?? request, { keys: [key], now, ...state }) }
      : {}),
  }
}

type MakeScene = (random: Random, index: number) => Promise<Scene> | Scene

function fault(
  code: Fault['code'],
  name: FaultName,
  evidences: readonly Evidence[],
  scene: MakeScene,
): Fault {
  return {
    code,
    ...namedFault(name),
    count: 8,
    make: async (random, index) =>
      toCase(await scene(random, index), evidences[index % evidences.length] ?? 'bare'),
  }
}

function sceneOf(sample: Sample, change: (request: SentRequest) => SentRequest): Scene {
  return { request: change(sample.request), key: sample.key }
}

const ALL: readonly Evidence[] = ['bare', 'key', 'answer', 'both']
const KEYED: readonly Evidence[] = ['key', 'both']

export const S3_TIME_FAULTS: readonly Fault[] = [
  fault('url-expired', 'a link used after its end', ALL, async (random) => {
    const { request, key, expiresAt } = await s3Sample(random)
    return { request, key, now: addSeconds(expiresAt, random.int(30, 900_000)) }
  }),
  fault('url-expired', ['a part of a slow multipart upload', 22], ALL, async (random) => {
    const { request, key, expiresAt } = await s3Sample(random, {
      operation: 'UPLOAD_PART',
      expiresIn: 900,
    })
    return { request, key, now: addSeconds(expiresAt, random.int(60, 7200)) }
  }),
  fault(
    'clock-ahead',
    ['the signer’s clock runs ahead', 15],
    ['bare', 'key', 'answer', 'both'],
    async (random) => {
      const { request, key, signedAt } = await s3Sample(random)
      return { request, key, now: addSeconds(signedAt, -random.int(330, 3500)) }
    },
  ),
  fault('url-not-yet-valid', 'local time signed as UTC', ALL, async (random) => {
    const { request, key, signedAt } = await s3Sample(random)
    return { request, key, now: addSeconds(signedAt, -random.int(2, 11) * 3600) }
  }),
  fault('expiry-too-long', 'a life of a month', ['bare', 'answer'], async (random) => {
    const seconds = random.pick([604_801, 2_592_000, 31_536_000])
    const sample = await s3Sample(random, { sdk: 'aws4fetch', expiresIn: seconds })
    return sceneOf(sample, (request) => request)
  }),
  fault(
    'session-token-ended',
    ['a role session that ended before the link', 9],
    ['answer', 'both'],
    async (random) => {
      const { request, key } = await s3Sample(random, { hasSession: true, expiresIn: 86_400 })
      return {
        request,
        key,
        now: addSeconds(NOW, 3700),
        state: { endedTokens: [key.sessionToken ?? ''] },
      }
    },
  ),
  fault(
    'session-token-ended',
    ['a share link of a console, signed with its own session', 13],
    ['answer', 'both'],
    async (random) => {
      const { request, key } = await s3Sample(random, {
        sdk: 'minio',
        hasSession: true,
        expiresIn: 604_800,
        operation: 'GET',
      })
      return {
        request,
        key,
        now: addSeconds(NOW, random.int(3700, 90_000)),
        state: { endedTokens: [key.sessionToken ?? ''] },
      }
    },
  ),
  fault(
    'server-applies-header-skew',
    ['a server that holds URLs to the header rule', 14],
    ['answer', 'both'],
    async (random) => {
      const { request, key } = await s3Sample(random, { expiresIn: 604_800 })
      return {
        request,
        key,
        now: addSeconds(NOW, random.int(1000, 80_000)),
        state: { hasHeaderSkewRule: true },
      }
    },
  ),
]

/** Sessions, as the URL alone shows them. */
export const S3_SESSION_FAULTS: readonly Fault[] = [
  fault(
    'session-token-ended',
    ['a week’s link signed with a role, two days later', 9],
    ['bare', 'key'],
    async (random) => {
      const { request, key } = await s3Sample(random, { hasSession: true, expiresIn: 604_800 })
      return { request, key, now: addSeconds(NOW, random.int(130_000, 590_000)) }
    },
  ),
  fault(
    'session-token-ended',
    ['a console’s link, whose token says when it ends', 13],
    ['bare', 'key'],
    async (random) => {
      const expires = Math.floor(NOW.getTime() / 1000) + random.int(900, 3600)
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const sessionToken = `${part({ alg: 'HS512', typ: 'JWT' })}.${part({ accessKey: 'console', exp: expires })}.${random.text(60, 'abcdefXYZ-_0123')}`
      const { request, key } = await s3Sample(random, {
        sdk: 'minio',
        operation: 'GET',
        expiresIn: 604_800,
        key: { ...createS3Key(random), sessionToken },
      })
      return { request, key, now: addSeconds(NOW, random.int(3700, 30_000)) }
    },
  ),
]

export const S3_PARAMETER_FAULTS: readonly Fault[] = [
  fault('parameter-doubled', 'a parameter twice', ['bare', 'key'], async (random) => {
    const sample = await s3Sample(random)
    const extra = random.pick([
      'X-Amz-Expires=604800',
      'X-Amz-Date=20360314T000000Z',
      'X-Amz-SignedHeaders=host',
    ])
    return sceneOf(sample, (request) => withUrl(request, (url) => `${url}&${extra}`))
  }),
  fault('parameter-missing', 'a parameter dropped', ['bare', 'answer', 'key'], async (random) => {
    const sample = await s3Sample(random)
    const name = random.pick(['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Expires', 'X-Amz-Date'])
    return sceneOf(sample, (request) => withUrl(request, (url) => dropParameter(url, name)))
  }),
  fault('parameter-case', 'a layer lower-cases names', ['bare', 'answer'], async (random) => {
    const sample = await s3Sample(random)
    const lower = (url: string) => url.replace(/X-Amz-[A-Za-z-]+=/g, (name) => name.toLowerCase())
    return sceneOf(sample, (request) => withUrl(request, lower))
  }),
  fault('parameter-malformed', 'hand-made values', ['bare', 'answer'], async (random) => {
    const sample = await s3Sample(random)
    const change = random.pick([
      (url: string) =>
        url.replace(
          /X-Amz-Expires=\d+/,
          `X-Amz-Expires=${random.pick(['15m', '1h', '3600s', '', '-5'])}`,
        ),
      (url: string) => url.replace(/X-Amz-Date=[^&]+/, 'X-Amz-Date=2036-03-14T09%3A26%3A53Z'),
      (url: string) => url.replace(/X-Amz-Date=[^&]+/, 'X-Amz-Date=Sat%2C%2014%20Mar%202036'),
    ])
    return sceneOf(sample, (request) => withUrl(request, change))
  }),
  fault(
    'scope-date-mismatch',
    'day and time from two clocks',
    ['bare', 'answer'],
    async (random) => {
      const sample = await s3Sample(random)
      const day = random.pick(['20360313', '20360315', '20350314'])
      return sceneOf(sample, (request) =>
        withUrl(request, (url) => url.replace(/(X-Amz-Credential=[^&]*?%2F)\d{8}/i, `$1${day}`)),
      )
    },
  ),
  fault(
    'scope-malformed',
    'a credential with a part missing or its slashes lost',
    ['bare', 'answer'],
    async (random) => {
      const sample = await s3Sample(random)
      const change = random.pick([
        (url: string) => url.replace('%2Faws4_request', ''),
        (url: string) => url.replace('%2Fs3%2F', '%2F'),
        (url: string) => url.replace('aws4_request', 'aws4'),
      ])
      return sceneOf(sample, (request) => withUrl(request, change))
    },
  ),
  fault('algorithm-unsupported', 'a misspelled algorithm', ['bare'], async (random) => {
    const sample = await s3Sample(random)
    const name = random.pick([
      'AWS4-HMAC-SHA1',
      'aws4-hmac-sha256',
      'HMAC-SHA256',
      'AWS4-HMAC-SHA512',
    ])
    return sceneOf(sample, (request) =>
      withUrl(request, (url) => url.replace('AWS4-HMAC-SHA256', name)),
    )
  }),
  fault(
    'signature-malformed',
    'characters lost or added in the signature',
    ['bare', 'key'],
    async (random) => {
      const sample = await s3Sample(random, { sdk: 'aws-sdk' })
      const at = random.int(5, 50)
      const change = random.pick([
        (text: string) => text.slice(0, at) + text.slice(at + 3),
        (text: string) => `${text.slice(0, at)}z${text.slice(at + 1)}`,
        (text: string) => `${text}00`,
      ])
      return sceneOf(sample, (request) =>
        withUrl(request, (url) =>
          url.replace(
            /(X-Amz-Signature=)([0-9a-f]{64})/,
            (_, name: string, text: string) => name + change(text),
          ),
        ),
      )
    },
  ),
  fault('signature-case', 'an upper-cased signature', ['bare'], async (random) => {
    const sample = await s3Sample(random)
    return sceneOf(sample, (request) =>
      withUrl(request, (url) =>
        url.replace(
          /(X-Amz-Signature=)([0-9a-f]{64})/,
          (_, name: string, text: string) => name + text.toUpperCase(),
        ),
      ),
    )
  }),
  fault(
    'session-token-missing',
    'temporary key without its token',
    ['bare', 'answer', 'key'],
    async (random) => {
      const sample = await s3Sample(random, { hasSession: true })
      return sceneOf(sample, (request) =>
        withUrl(request, (url) => dropParameter(url, 'X-Amz-Security-Token')),
      )
    },
  ),
  fault(
    'session-token-changed',
    'a token whose plus signs became blanks',
    ['bare', 'key', 'both'],
    async (random) => {
      const sample = await s3Sample(random, { hasSession: true })
      return sceneOf(sample, (request) => withUrl(request, (url) => url.replaceAll('%2B', '+')))
    },
  ),
  fault('parameter-added', 'a parameter added after signing', KEYED, async (random) => {
    const sample = await s3Sample(random, { operation: 'GET' })
    const extra = random.pick([
      'response-content-disposition=attachment',
      'versionId=3HL4kqtJvjVBH40Nrjfkd',
      'v=2',
      'cache=1710408413',
      'download=true&v=7',
    ])
    return sceneOf(sample, (request) => withUrl(request, (url) => `${url}&${extra}`))
  }),
  fault('parameter-removed', 'a proxy that strips what it does not know', KEYED, async (random) => {
    const sample = await s3Sample(random, {
      sdk: 'aws-sdk',
      operation: random.pick(['GET', 'PUT']),
    })
    return sceneOf(sample, (request) => withUrl(request, (url) => dropParameter(url, 'x-id')))
  }),
  fault('parameter-changed', 'a longer life written into the URL', KEYED, async (random) => {
    const sample = await s3Sample(random, { expiresIn: random.pick([300, 900, 3600]) })
    return sceneOf(sample, (request) =>
      withUrl(request, (url) => url.replace(/X-Amz-Expires=\d+/, 'X-Amz-Expires=500000')),
    )
  }),
]

export const S3_REQUEST_FAULTS: readonly Fault[] = [
  fault('region-wrong', ['a bucket in another region', 10], ['answer', 'both'], async (random) => {
    const actual = random.pick(REGIONS)
    const expected = random.pick(REGIONS.filter((region) => region !== actual))
    const { request, key } = await s3Sample(random, {
      region: actual,
      sdk: random.pick(['aws-sdk', 'minio']),
    })
    return { request, key, state: { region: expected } }
  }),
  fault(
    'region-wrong',
    ['a host of one region, a scope of another', 10],
    ['bare', 'key'],
    async (random) => {
      const sample = await s3Sample(random, {
        sdk: 'aws-sdk',
        region: 'us-east-1',
        endpoint: 'https://s3.eu-west-1.amazonaws.com',
      })
      return sceneOf(sample, (request) => request)
    },
  ),
  fault(
    'method-differs',
    ['HEAD on a link for GET', 19],
    ['bare', 'key', 'both'],
    async (random) => {
      const sample = await s3Sample(random, { operation: 'GET', sdk: 'aws-sdk' })
      return sceneOf(sample, (request) => ({ ...request, method: 'HEAD' }))
    },
  ),
  fault('method-differs', 'POST on a link for PUT, GET on one for HEAD', KEYED, async (random) => {
    const operation = random.pick(['PUT', 'HEAD', 'DELETE'] as const)
    const sample = await s3Sample(random, { operation, sdk: random.pick(['minio', 'aws4fetch']) })
    return sceneOf(sample, (request) => ({
      ...request,
      method: operation === 'PUT' ? 'POST' : 'GET',
    }))
  }),
  fault(
    'host-changed',
    ['a proxy that passes its own Host on', 11],
    ['key', 'answer', 'both'],
    async (random, index) => {
      const { request, key } = await s3Sample(random, {
        sdk: 'minio',
        endpoint: 'https://files.example.com',
      })
      const inner = random.pick(['minio:9000', '10.0.3.7:9000', 'storage-internal.example.com'])
      const received = withHeader(request, 'Host', inner)
      // With an answer the client's own view is given; with the key alone, what the server logged.
      return index % 3 === 0 ? { request: received, key } : { request, key, received }
    },
  ),
  fault(
    'port-changed',
    ['a proxy that drops the port', 11],
    ['key', 'answer', 'both'],
    async (random, index) => {
      const { request, key } = await s3Sample(random, {
        sdk: 'minio',
        endpoint: 'https://files.example.com:9000',
      })
      const received = withHeader(request, 'Host', 'files.example.com')
      return index % 3 === 0 ? { request: received, key } : { request, key, received }
    },
  ),
  fault(
    'proxy-path-prefix',
    ['a path prefix in front of the store', 11],
    ['key', 'answer', 'both'],
    async (random, index) => {
      const { request, key } = await s3Sample(random, {
        sdk: 'minio',
        endpoint: 'https://files.example.com',
      })
      const prefix = random.pick(['/storage', '/minio', '/files-api', '/s3/v1'])
      const prefixed = withUrl(request, (url) =>
        url.replace('https://files.example.com', `https://files.example.com${prefix}`),
      )
      return index % 3 === 0 ? { request: prefixed, key } : { request, key, received: prefixed }
    },
  ),
  fault(
    'host-private',
    ['a share link to an inner address', 12],
    ['bare', 'key'],
    async (random) => {
      const endpoint = random.pick([
        'http://127.0.0.1:9000',
        'http://minio:9000',
        'http://10.12.0.5:9000',
        'http://localhost:9000',
        'http://store.internal:8333',
      ])
      const sample = await s3Sample(random, { sdk: 'minio', endpoint, operation: 'GET' })
      return sceneOf(sample, (request) => request)
    },
  ),
  fault('bucket-style-changed', 'virtual host rewritten to path style', KEYED, async (random) => {
    const sample = await s3Sample(random, { sdk: 'aws-sdk' })
    const [bucket = ''] = hostOf(sample.request.url).split('.')
    const bare = hostOf(sample.request.url).slice(bucket.length + 1)
    return sceneOf(sample, (request) =>
      withHost(
        withUrl(request, (url) => url.replace(/^(https:\/\/[^/]+)/, `$1/${bucket}`)),
        bare,
      ),
    )
  }),
  fault('header-changed', ['a charset added by the browser', 3], KEYED, async (random) => {
    const contentType = random.pick(['text/csv', 'application/json', 'image/png', 'text/plain'])
    const sample = await s3Sample(random, { operation: 'PUT', sdk: 'aws-sdk', contentType })
    const sent = random.pick([
      `${contentType};charset=UTF-8`,
      'application/octet-stream',
      'application/x-www-form-urlencoded',
    ])
    return sceneOf(sample, (request) => withHeader(request, 'Content-Type', sent))
  }),
  fault(
    'header-missing',
    ['a signed content type not sent', 3],
    ['bare', 'key', 'both'],
    async (random) => {
      const contentType = random.pick(['image/png', 'application/pdf', 'text/csv'])
      const sample = await s3Sample(random, { operation: 'PUT', sdk: 'aws-sdk', contentType })
      return sceneOf(sample, (request) => withHeader(request, 'Content-Type', null))
    },
  ),
  fault('headers-unsigned', 'an x-amz header nobody signed', ALL, async (random) => {
    const sample = await s3Sample(random, { operation: 'PUT' })
    const [name, value] = random.pick([
      ['x-amz-acl', 'public-read'],
      ['x-amz-meta-user', '42'],
      ['x-amz-storage-class', 'STANDARD_IA'],
      ['x-amz-tagging', 'a=b'],
    ] as const)
    return sceneOf(sample, (request) => withHeader(request, name, value))
  }),
  fault('authorization-header-added', 'a bearer token of the application', ALL, async (random) => {
    const sample = await s3Sample(random)
    const value = random.pick([
      'Bearer eyJhbGciOiJIUzI1NiJ9.e30.abcdefgh',
      'Basic dXNlcjpwYXNz',
      'token 0123456789abcdef',
    ])
    return sceneOf(sample, (request) => withHeader(request, 'Authorization', value))
  }),
  fault(
    'empty-body-checksum',
    ['the checksum of an empty body, signed by default', 1],
    ['answer', 'both'],
    async (random) => {
      const { request, key } = await s3Sample(random, {
        operation: random.pick(['PUT', 'UPLOAD_PART']),
        sdk: 'aws-sdk',
        checksums: 'WHEN_SUPPORTED',
      })
      return {
        request: { ...request, body: 'hello, world' },
        key,
        state: { checksChecksums: true },
      }
    },
  ),
  fault('empty-body-checksum', ['the same, without an answer', 1], ['bare'], async (random) => {
    const { request, key } = await s3Sample(random, {
      operation: 'PUT',
      sdk: 'aws-sdk',
      checksums: 'WHEN_SUPPORTED',
    })
    return { request: { ...request, body: 'x'.repeat(random.int(1, 90)) }, key }
  }),
  fault(
    'checksum-mode-signed',
    ['a checksum mode the store does not know', 2],
    ['answer', 'both'],
    async (random) => {
      const { request, key } = await s3Sample(random, {
        operation: 'GET',
        sdk: 'aws-sdk',
        checksums: 'WHEN_SUPPORTED',
        endpoint: 'https://0123456789abcdef0123456789abcdef.r2.cloudflarestorage.com',
        region: 'auto',
      })
      return { request, key, state: { refusesChecksumMode: true } }
    },
  ),
  fault(
    'content-type-unbound',
    ['the SDK left the content type out', 4],
    ['both', 'answer'],
    async (random) => {
      const { request, key } = await s3Sample(random, {
        operation: 'PUT',
        sdk: random.pick(['aws-sdk', 'minio']),
      })
      return { request: withHeader(request, 'Content-Type', 'text/html'), key }
    },
  ),
  fault('size-unbound', ['an avatar of ten gigabytes', 21], ['both', 'answer'], async (random) => {
    const { request, key } = await s3Sample(random, {
      operation: 'PUT',
      sdk: 'aws-sdk',
      contentType: 'image/png',
    })
    return {
      request: withHeader(request, 'Content-Length', String(random.int(10_000_000, 4_000_000_000))),
      key,
    }
  }),
  fault(
    'entity-too-large',
    ['more than a single PUT takes', 22],
    ['bare', 'key'],
    async (random) => {
      const sample = await s3Sample(random, {
        operation: 'PUT',
        sdk: 'aws-sdk',
        contentType: 'video/mp4',
      })
      return sceneOf(sample, (request) =>
        withHeader(request, 'Content-Length', String(random.int(5_400_000_000, 50_000_000_000))),
      )
    },
  ),
]

/** Faults of which the answer is all there is. */
export const S3_UNKNOWN_FAULTS: readonly Fault[] = [
  fault(
    'signature-mismatch',
    'a rotated secret, and no key at hand',
    ['answer'],
    async (random) => {
      const key = createS3Key(random)
      const { request } = await s3Sample(random, { key: { ...key, secret: `${key.secret}x` } })
      return { request, key }
    },
  ),
  fault(
    'path-changed',
    'a rewrite rule in front of the store',
    ['answer', 'both'],
    async (random) => {
      const { request, key } = await s3Sample(random, {
        sdk: 'minio',
        endpoint: 'https://files.example.com',
        objectKey: random.pick(['a/report.pdf', 'img/logo.png']),
      })
      const rewrite = (url: string) => url.replace(/\/(a|img)\/[^?]*/, '/assets/v2/object.bin')
      return { request, key, received: withUrl(request, rewrite) }
    },
  ),
]

function dropParameter(url: string, name: string): string {
  const [path = '', query = ''] = url.split('?')
  return `${path}?${query
    .split('&')
    .filter((piece) => !piece.startsWith(`${name}=`))
    .join('&')}`
}

/** Answers that are not about the signature. */
export const S3_ANSWER_FAULTS: readonly Fault[] = [
  {
    code: 'signer-not-allowed',
    name: 'a role that may sign and may not read',
    count: 8,
    make: async (random) => {
      const { request, key } = await s3Sample(random)
      return {
        request,
        now: NOW,
        keys: [key],
        response: fail(403, 'AccessDenied', 'Access Denied'),
      }
    },
  },
  {
    code: 'object-missing',
    name: 'a wrong name',
    count: 6,
    make: async (random) => {
      const { request, key } = await s3Sample(random, { operation: 'GET' })
      const response = fail(404, 'NoSuchKey', 'The specified key does not exist.')
      return { request, now: NOW, response, ...(random.next() < 0.5 ? { keys: [key] } : {}) }
    },
  },
  {
    code: 'bucket-missing',
    name: 'a wrong bucket',
    count: 6,
    make: async (random) => {
      const { request, key } = await s3Sample(random)
      const response = fail(404, 'NoSuchBucket', 'The specified bucket does not exist')
      return { request, now: NOW, response, ...(random.next() < 0.5 ? { keys: [key] } : {}) }
    },
  },
  {
    code: 'region-wrong',
    pain: 10,
    name: 'a redirect to the right region',
    count: 8,
    make: async (random) => {
      const { request } = await s3Sample(random, { sdk: 'aws-sdk', region: 'us-east-1' })
      const region = random.pick(['eu-north-1', 'ap-south-1', 'eu-central-1'])
      const response = fail(
        random.pick([301, 307]),
        random.pick(['PermanentRedirect', 'TemporaryRedirect']),
        'Please re-send this request to the specified endpoint.',
        { Endpoint: `acme-files.s3.${region}.amazonaws.com` },
      )
      return { request, now: NOW, response }
    },
  },
  {
    code: 'key-unknown',
    name: 'a deleted access key',
    count: 8,
    make: async (random) => {
      const { request } = await s3Sample(random)
      return {
        request,
        now: NOW,
        response: serveS3(request, { keys: [createS3Key(random)], now: NOW }),
      }
    },
  },
  {
    code: 'cors-etag-not-exposed',
    pain: 16,
    name: 'an upload whose ETag the browser may not read',
    count: 8,
    make: async (random) => {
      const { request } = await s3Sample(random, { operation: 'UPLOAD_PART' })
      const exposed: [string, string][] =
        random.next() < 0.5 ? [] : [['Access-Control-Expose-Headers', 'x-amz-request-id']]
      return {
        request: withHeader(request, 'Origin', 'https://app.example.com'),
        now: NOW,
        response: {
          status: 200,
          headers: [
            ['ETag', '"0123"'],
            ['Access-Control-Allow-Origin', 'https://app.example.com'],
            ...exposed,
          ],
          body: '',
        },
      }
    },
  },
  {
    code: 'cors-preflight-refused',
    pain: 17,
    name: 'a preflight that is asked for a signature',
    count: 8,
    make: async (random) => {
      const { request, key } = await s3Sample(random, { operation: 'PUT' })
      const preflight = withHeader(
        withHeader({ ...request, method: 'OPTIONS' }, 'Origin', 'https://app.example.com'),
        'Access-Control-Request-Method',
        'PUT',
      )
      return {
        request: preflight,
        now: NOW,
        response: serveS3(preflight, { keys: [key], now: NOW }),
      }
    },
  },
  {
    code: 'cors-headers-missing',
    pain: 18,
    name: 'an answer the browser hides',
    count: 8,
    make: async (random) => {
      const { request } = await s3Sample(random, { operation: 'GET', expiresIn: 3600 })
      const response =
        random.next() < 0.5
          ? { status: 403, headers: [], body: '' }
          : { status: 200, headers: [['ETag', '"1"']] as [string, string][], body: '' }
      return {
        request: withHeader(request, 'Origin', 'https://app.example.com'),
        now: NOW,
        response,
      }
    },
  },
  {
    code: 'cache-defeated',
    pain: 20,
    name: 'an image that loads anew at each rendering',
    count: 8,
    make: async (random) => {
      const { request } = await s3Sample(random, {
        operation: 'GET',
        objectKey: 'photos/2026/03/cat.png',
        signedAt: addSeconds(NOW, -random.int(60, 100)),
      })
      return {
        request: withHeader(request, 'Sec-Fetch-Dest', 'image'),
        now: NOW,
        response: { status: 200, headers: [['Content-Type', 'image/png']], body: '' },
      }
    },
  },
  {
    code: 'link-spent',
    pain: 23,
    name: 'a one-use link opened by a preview before',
    count: 8,
    make: async (random) => {
      const { request, key } = await s3Sample(random, {
        sdk: 'aws4fetch',
        operation: 'GET',
        endpoint: `https://files.example.com`,
        objectKey: random.pick(OBJECT_KEYS),
      })
      const linked = withUrl(
        request,
        (url) => `${url}&X-Hallpass-Link=${random.text(12, 'abcdef0123456789')}`,
      )
      const response = random.pick([
        { status: 410, headers: [], body: '' },
        fail(403, 'AccessDenied', 'The link is used up'),
      ])
      void key
      return { request: linked, now: NOW, response }
    },
  },
  {
    code: 'url-fetched-by-preview',
    pain: 23,
    name: 'a chat that fetches the link for its preview',
    count: 8,
    make: async (random) => {
      const { request, key } = await s3Sample(random, { operation: 'GET' })
      const agent = random.pick([
        'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
        'facebookexternalhit/1.1',
        'WhatsApp/2.23.20.0',
        'TelegramBot (like TwitterBot)',
      ])
      return {
        request: withHeader(request, 'User-Agent', agent),
        now: NOW,
        ...(random.next() < 0.5 ? { keys: [key] } : {}),
      }
    },
  },
]
