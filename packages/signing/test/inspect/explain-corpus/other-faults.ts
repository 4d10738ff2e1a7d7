/**
 * Ways in which GCS, Azure, CloudFront and CDN links break.
 */
import type { ExplainableResponse } from '@hallpass/signing/explain'
import { NOW, namedFault, addSeconds, withHeader, withHost, withUrl } from './case.ts'
import type { CaseInput, Fault, FaultName, Sample, SentRequest } from './case.ts'
import {
  akamaiSample,
  bunnySample,
  cloudCdnSample,
  cloudFrontSample,
  gcsSample,
  handMadeCloudFront,
  nginxSample,
  swiftSample,
} from './other-samples.ts'
import { azureSample } from './azure-samples.ts'
import type { Random } from './random.ts'
import { fail } from './s3-reference-server.ts'

interface Broken {
  readonly sample: Sample
  readonly request?: SentRequest
  readonly now?: Date
  readonly response?: ExplainableResponse
}

/** `bare` never has a key, `keyed` always; `either` takes turns. */
type Keys = 'bare' | 'keyed' | 'either'

export function fault(
  code: Fault['code'],
  name: FaultName,
  keys: Keys,
  make: (random: Random, index: number) => Promise<Broken> | Broken,
): Fault {
  return {
    code,
    ...namedFault(name),
    count: 6,
    make: async (random, index): Promise<CaseInput> => {
      const { sample, request, now, response } = await make(random, index)
      const hasKey = keys === 'keyed' || (keys === 'either' && index % 2 === 1)
      return {
        request: request ?? sample.request,
        now: now ?? NOW,
        ...(hasKey ? { keys: [sample.key] } : {}),
        ...(response === undefined ? {} : { response }),
      }
    },
  }
}

function azureError(code: string, message: string, detail = ''): ExplainableResponse {
  const more =
    detail === '' ? '' : `<AuthenticationErrorDetail>${detail}</AuthenticationErrorDetail>`
  return {
    status: 403,
    headers: [['x-ms-error-code', code]],
    body: `\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}\nRequestId:0</Message>${more}</Error>`,
  }
}

export function edit(sample: Sample, change: (url: string) => string): Broken {
  return { sample, request: withUrl(sample.request, change) }
}

export const GCS_FAULTS: readonly Fault[] = [
  fault('url-expired', 'GCS: after its end', 'either', async (random, index) => {
    const sample = await gcsSample(random)
    const response = fail(400, 'ExpiredToken', 'Invalid argument.', {
      Details: 'The provided token has expired.',
    })
    return {
      sample,
      now: addSeconds(sample.expiresAt, random.int(10, 90_000)),
      ...(index % 3 === 0 ? { response } : {}),
    }
  }),
  fault('clock-ahead', ['GCS: signer’s clock ahead', 15], 'either', async (random) => {
    const sample = await gcsSample(random)
    return { sample, now: addSeconds(sample.signedAt, -random.int(330, 3000)) }
  }),
  fault('method-differs', ['GCS: HEAD on a link for GET', 19], 'keyed', async (random) => {
    const sample = await gcsSample(random, { action: 'read' })
    return {
      sample,
      request: { ...sample.request, method: random.pick(['HEAD', 'PUT', 'DELETE']) },
    }
  }),
  fault('header-missing', ['GCS: signed content type not sent', 3], 'either', async (random) => {
    const sample = await gcsSample(random, {
      action: 'write',
      contentType: random.pick(['image/png', 'text/csv']),
    })
    return { sample, request: withHeader(sample.request, 'Content-Type', null) }
  }),
  fault('header-changed', ['GCS: another content type sent', 3], 'keyed', async (random) => {
    const sample = await gcsSample(random, {
      action: 'write',
      contentType: random.pick(['image/png', 'application/json']),
    })
    return {
      sample,
      request: withHeader(
        sample.request,
        'Content-Type',
        random.pick(['application/octet-stream', 'text/plain;charset=UTF-8']),
      ),
    }
  }),
  fault('headers-unsigned', 'GCS: an x-goog header nobody signed', 'either', async (random) => {
    const sample = await gcsSample(random, { action: 'write' })
    return { sample, request: withHeader(sample.request, 'x-goog-meta-user', '42') }
  }),
  fault('parameter-missing', 'GCS: a parameter dropped', 'either', async (random) => {
    const name = random.pick(['X-Goog-Algorithm', 'X-Goog-Expires', 'X-Goog-Date'])
    return edit(await gcsSample(random), (url) =>
      url.replace(new RegExp(`([?&])${name}=[^&]*&`), '$1'),
    )
  }),
  fault('parameter-added', 'GCS: a parameter added', 'keyed', async (random) =>
    edit(
      await gcsSample(random, { action: 'read' }),
      (url) => `${url}&${random.pick(['response-content-type=text/html', 'generation=17', 'v=1'])}`,
    ),
  ),
  fault('path-plus-for-space', ['GCS: a form encoder for the path', 5], 'keyed', async (random) =>
    edit(await gcsSample(random, { object: 'my file.txt', action: 'read' }), (url) =>
      url.replace('my%20file', 'my+file'),
    ),
  ),
  fault('host-changed', ['GCS: a custom host replaced', 11], 'keyed', async (random) => {
    const sample = await gcsSample(random, { action: 'read', cname: 'https://files.example.com' })
    const moved = withHeader(
      withHost(sample.request, 'storage-proxy.example.net'),
      'X-Forwarded-Host',
      'files.example.com',
    )
    return { sample, request: moved }
  }),
  fault('key-unknown', 'GCS: a deleted HMAC key', 'bare', async (random) => ({
    sample: await gcsSample(random),
    response: fail(
      403,
      'InvalidAccessKeyId',
      'The account ID you provided does not exist in our records.',
    ),
  })),
  fault('key-mismatch', 'GCS: another service account’s key', 'keyed', async (random) => {
    const sample = await gcsSample(random)
    return edit(sample, (url) =>
      url.replace(
        /(X-Goog-Signature=)([0-9a-f]{8})/,
        (_, name: string, head: string) =>
          name + head.split('').toReversed().join('').replaceAll('0', '1'),
      ),
    )
  }),
]

export const AZURE_FAULTS: readonly Fault[] = [
  fault('url-expired', 'Azure: after its end', 'either', (random, index) => {
    const sample = azureSample(random)
    const detail = 'Signature not valid in the specified time frame'
    return {
      sample,
      now: addSeconds(sample.expiresAt, random.int(10, 80_000)),
      ...(index % 2 === 0
        ? {
            response: azureError(
              'AuthenticationFailed',
              'Server failed to authenticate the request.',
              detail,
            ),
          }
        : {}),
    }
  }),
  fault('clock-ahead', ['Azure: a start of now on a fast clock', 15], 'either', (random) => ({
    sample: azureSample(random, { startsOn: addSeconds(NOW, random.int(20, 800)) }),
  })),
  fault('expiry-before-start', 'Azure: a start in local time', 'either', (random) => ({
    sample: azureSample(random, { startsOn: addSeconds(NOW, random.int(2, 9) * 3600) }),
  })),
  fault(
    'signature-plus-decoded',
    'Azure: a sig that was not encoded',
    'either',
    (random, index) => {
      let sample = azureSample(random, { kind: 'blob' })
      // Not every signature has a plus: another end is taken until one does.
      for (let step = 1; !sample.request.url.includes('%2B'); step += 1) {
        sample = azureSample(random, {
          kind: 'blob',
          startsOn: addSeconds(NOW, -600 - step - index * 50),
        })
      }
      return edit(sample, (url) => url.replace(/sig=.*$/, (sig) => decodeURIComponent(sig)))
    },
  ),
  fault(
    'permission-missing',
    'Azure: an upload with a token to read',
    'either',
    (random, index) => {
      const sample = azureSample(random, {
        kind: random.pick(['blob', 'container', 'account']),
        permissions: 'r',
      })
      const request = { ...sample.request, method: random.pick(['PUT', 'DELETE']) }
      const response = azureError(
        'AuthorizationPermissionMismatch',
        'This request is not authorized to perform this operation using this permission.',
      )
      return { sample, request, ...(index % 2 === 0 ? { response } : {}) }
    },
  ),
  fault('ip-not-allowed', 'Azure: from another address', 'either', (random) => {
    const sample = azureSample(random, { kind: 'blob', ip: '203.0.113.7' })
    return { sample, request: { ...sample.request, clientIp: '198.51.100.9' } }
  }),
  fault('ip-not-allowed', 'Azure: the service says so', 'bare', (random) => ({
    sample: azureSample(random, { kind: 'blob', ip: '203.0.113.7' }),
    response: azureError(
      'AuthorizationSourceIPMismatch',
      'This request is not authorized to perform this operation using this source IP.',
    ),
  })),
  fault('protocol-not-allowed', 'Azure: http with an https token', 'either', (random) =>
    edit(azureSample(random, { kind: 'blob' }), (url) => url.replace('https:', 'http:')),
  ),
  fault('resource-mismatch', 'Azure: a listing with a token for one blob', 'either', (random) =>
    edit(azureSample(random, { kind: 'blob', permissions: 'rcw' }), (url) =>
      url.replace(/(\/docs)\/[^?]*\?/, '$1?restype=container&'),
    ),
  ),
  fault(
    'resource-type-mismatch',
    'Azure: an account token for objects on a container',
    'either',
    (random) =>
      edit(azureSample(random, { kind: 'account', permissions: 'rl', resourceTypes: 'o' }), (url) =>
        url.replace(/(\/docs)\/[^?]*\?/, '$1?restype=container&comp=list&'),
      ),
  ),
  fault('permission-order', 'Azure: letters in another order', 'bare', (random) =>
    edit(azureSample(random, { kind: 'blob', permissions: 'racwd' }), (url) =>
      url.replace('sp=racwd', `sp=${random.pick(['wr', 'dr', 'cra', 'wacr'])}`),
    ),
  ),
  fault(
    'delegation-key-ended',
    ['Azure: a delegation key shorter than the token', 9],
    'either',
    (random) => {
      const sample = azureSample(random, { kind: 'delegation', keyEndsOn: addSeconds(NOW, 600) })
      return { sample, now: addSeconds(NOW, random.int(700, 3000)) }
    },
  ),
  fault(
    'stored-policy-missing',
    ['Azure: a stored policy that is gone', 23],
    'either',
    (random) => ({
      sample: azureSample(random, { kind: 'blob', identifier: 'readers' }),
      response: azureError(
        'AuthenticationFailed',
        'Server failed to authenticate the request.',
        'Access policy could not be found for the signed identifier',
      ),
    }),
  ),
  fault('parameter-missing', 'Azure: a parameter dropped', 'bare', (random) =>
    edit(azureSample(random, { kind: 'blob' }), (url) =>
      url.replace(new RegExp(`([?&])${random.pick(['sr', 'sp', 'se'])}=[^&]*&`), '$1'),
    ),
  ),
  fault(
    'parameter-changed',
    'Azure: more letters, or a later end, written into the token',
    'keyed',
    (random) =>
      edit(
        azureSample(random, { kind: 'blob', permissions: 'r' }),
        random.pick([
          (url: string) => url.replace('sp=r&', 'sp=racwd&'),
          (url: string) => url.replace('se=2036-03-14', 'se=2037-03-14'),
        ]),
      ),
  ),
  fault(
    'path-double-encoded',
    ['Azure: an encoded name given to the SDK', 5],
    'keyed',
    (random) => {
      const sample = azureSample(random, { kind: 'blob', blob: 'my%20file.txt' })
      return edit(sample, (url) => url.replace('my%2520file', 'my%20file'))
    },
  ),
  fault('path-unicode-form', ['Azure: a name in another normal form', 5], 'keyed', (random) =>
    edit(azureSample(random, { kind: 'blob', blob: 'résumé.pdf' }), (url) =>
      url.replace(/docs\/[^?]*/, encodeURI('docs/résumé.pdf'.normalize('NFD'))),
    ),
  ),
  fault('resource-mismatch', 'Azure: a token for another container', 'keyed', (random) =>
    edit(azureSample(random, { kind: 'blob', blob: 'report.pdf' }), (url) =>
      url.replace('/docs/', '/v2/docs/'),
    ),
  ),
  fault('secret-encoded', 'Azure: a key used as text', 'keyed', (random) => {
    const right = azureSample(random, { kind: 'blob' })
    const asText = Buffer.from(right.key.secret ?? '').toString('base64')
    return {
      sample: { ...azureSample(random, { kind: 'blob', accountKey: asText }), key: right.key },
    }
  }),
  fault('signature-alphabet', 'Azure: base64url', 'either', (random) => {
    let sample = azureSample(random, { kind: 'blob' })
    for (let step = 1; !/%2[BF]/.test(/sig=.*$/.exec(sample.request.url)?.[0] ?? ''); step += 1) {
      sample = azureSample(random, { kind: 'blob', startsOn: addSeconds(NOW, -700 - step) })
    }
    return edit(sample, (url) =>
      url.replace(/sig=.*$/, (sig) =>
        decodeURIComponent(sig).replaceAll('+', '-').replaceAll('/', '_'),
      ),
    )
  }),
  fault('key-mismatch', 'Azure: a regenerated key', 'keyed', (random) => ({
    sample: {
      ...azureSample(random, { kind: 'blob' }),
      key: { id: 'hallpasstest', secret: Buffer.alloc(64, random.int(1, 250)).toString('base64') },
    },
  })),
]

const EXPIRES = NOW.getTime() / 1000 + 3600
const canned = (url: string, expires: number) =>
  `{"Statement":[{"Resource":"${url}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`
const PLAIN_URL = 'https://cdn.example.com/video/intro.mp4'

export const CLOUDFRONT_FAULTS: readonly Fault[] = [
  fault('url-expired', 'CloudFront: after its end', 'either', (random) => {
    const sample = cloudFrontSample(random, { isCustom: random.next() < 0.5 })
    return {
      sample,
      now: addSeconds(sample.expiresAt, random.int(5, 90_000)),
      response: fail(403, 'AccessDenied', 'Access denied'),
    }
  }),
  fault('expiry-in-milliseconds', 'CloudFront: Date.now() as the end', 'either', () => ({
    sample: handMadeCloudFront(
      PLAIN_URL,
      canned(PLAIN_URL, EXPIRES * 1000),
      `Expires=${EXPIRES * 1000}`,
    ),
  })),
  fault('signature-alphabet', 'CloudFront: plain base64', 'either', (random) =>
    edit(cloudFrontSample(random), (url) =>
      url.replace(
        /Signature=([^&]*)/,
        (_, text: string) =>
          `Signature=${encodeURIComponent(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'))}`,
      ),
    ),
  ),
  fault('resource-mismatch', 'CloudFront: a policy for another folder', 'either', (random) => ({
    sample: cloudFrontSample(random, {
      url: 'https://cdn.example.com/members/b.mp4',
      resource: random.pick([
        'https://cdn.example.com/public/*',
        'https://cdn.example.com/video/?.mp4',
      ]),
    }),
  })),
  fault('scheme-changed', 'CloudFront: signed as http', 'keyed', (random) =>
    edit(
      cloudFrontSample(random, { url: 'http://cdn.example.com/a.mp4', isCustom: false }),
      (url) => url.replace('http:', 'https:'),
    ),
  ),
  fault('scheme-changed', 'CloudFront: a policy for http', 'bare', (random) => ({
    sample: cloudFrontSample(random, {
      url: 'https://cdn.example.com/a/b.mp4',
      resource: 'http://cdn.example.com/a/*',
    }),
  })),
  fault('ip-not-allowed', 'CloudFront: from another address', 'either', (random) => {
    const sample = cloudFrontSample(random, { url: PLAIN_URL, ip: '203.0.113.0/24' })
    return {
      sample,
      request: { ...sample.request, clientIp: random.pick(['198.51.100.4', '2001:db8::7']) },
    }
  }),
  fault('hash-algorithm-mismatch', 'CloudFront: Hash-Algorithm lost', 'keyed', (random) =>
    edit(cloudFrontSample(random, { isCustom: false, algorithm: 'SHA256' }), (url) =>
      url.replace(/&Hash-Algorithm=[^&]*/, ''),
    ),
  ),
  fault(
    'policy-not-canonical',
    ['CloudFront: a canned policy with blanks', 7],
    'keyed',
    (random) => {
      const text = canned(PLAIN_URL, EXPIRES)
      const spaced = random.pick([
        JSON.stringify(JSON.parse(text), null, 2),
        text.replaceAll('":', '": '),
      ])
      return { sample: handMadeCloudFront(PLAIN_URL, spaced, `Expires=${EXPIRES}`) }
    },
  ),
  fault('policy-malformed', 'CloudFront: a policy that is not one', 'bare', (random) => {
    const policy = random.pick([
      '{"Statement":[{"Resource":"https://cdn.example.com/*"',
      '{"Statement":[{"Resource":"https://cdn.example.com/*","Condition":{}}]}',
      'not json',
    ])
    const text = Buffer.from(policy)
      .toString('base64')
      .replaceAll('+', '-')
      .replaceAll('=', '_')
      .replaceAll('/', '~')
    return { sample: handMadeCloudFront(PLAIN_URL, policy, `Policy=${text}`) }
  }),
  fault(
    'query-plus-for-space',
    ['CloudFront: signed with %20, sent with +', 7],
    'keyed',
    (random) =>
      edit(
        cloudFrontSample(random, {
          url: 'https://cdn.example.com/a.pdf?name=my%20file',
          isCustom: false,
        }),
        (url) => url.replace('my%20file', 'my+file'),
      ),
  ),
  fault(
    'path-plus-for-space',
    ['CloudFront: a plus for a blank in the path', 7],
    'keyed',
    (random) =>
      edit(
        cloudFrontSample(random, { url: 'https://cdn.example.com/my%20file.pdf', isCustom: false }),
        (url) => url.replace('my%20file', 'my+file'),
      ),
  ),
  fault('path-escape-case', ['CloudFront: escapes in lower case', 7], 'keyed', (random) =>
    edit(
      cloudFrontSample(random, { url: 'https://cdn.example.com/caf%C3%A9.pdf', isCustom: false }),
      (url) => url.replace('%C3%A9', '%c3%a9'),
    ),
  ),
  fault('parameter-added', 'CloudFront: a parameter added', 'keyed', (random) =>
    edit(
      cloudFrontSample(random, { isCustom: false }),
      (url) => `${url}&${random.pick(['v=2', 'download=1'])}`,
    ),
  ),
  fault(
    'host-changed',
    ['CloudFront: signed for the distribution, asked at the alias', 11],
    'keyed',
    (random) => {
      const sample = cloudFrontSample(random, {
        url: 'https://d111111abcdef8.cloudfront.net/a.mp4',
        isCustom: false,
      })
      const moved = withHost(sample.request, 'cdn.example.com')
      return {
        sample,
        request: withHeader(moved, 'X-Forwarded-Host', 'd111111abcdef8.cloudfront.net'),
      }
    },
  ),
  fault('key-unknown', 'CloudFront: a key outside the group', 'either', (random) => ({
    sample: cloudFrontSample(random),
    response: fail(403, 'InvalidKey', 'Unknown Key'),
  })),
  fault('parameter-missing', 'CloudFront: Key-Pair-Id lost', 'bare', (random) =>
    edit(cloudFrontSample(random, { isCustom: true }), (url) =>
      url.replace(/&Key-Pair-Id=[^&]*/, ''),
    ),
  ),
]

/** Faults that are rarer, or only to be seen in the answer. */
export const RARE_FAULTS: readonly Fault[] = [
  fault(
    'version-unsupported',
    'Azure: an emulator that does not know the version',
    'either',
    (random) => ({
      sample: azureSample(random, { kind: 'blob' }),
      response: {
        status: 400,
        headers: [],
        body: '<?xml version="1.0"?><Error><Code>InvalidHeaderValue</Code><Message>The value for one of the HTTP headers is not in the correct format.</Message><HeaderName>x-ms-version</HeaderName></Error>',
      },
    }),
  ),
  fault('query-encoding', 'CloudFront: a cache that sorts the query', 'keyed', (random) =>
    edit(
      cloudFrontSample(random, {
        url: 'https://cdn.example.com/a.png?w=300&fit=crop',
        isCustom: false,
      }),
      (url) => url.replace('w=300&fit=crop', 'fit=crop&w=300'),
    ),
  ),
  fault('path-decoded', 'CloudFront: a proxy that decodes the path', 'keyed', (random) =>
    edit(
      cloudFrontSample(random, {
        url: 'https://cdn.example.com/caf%C3%A9/%C3%BCber.pdf',
        isCustom: false,
      }),
      (url) => url.replace('caf%C3%A9/%C3%BCber', 'café/über'),
    ),
  ),
  fault('token-legacy', 'Bunny: a token of the form before', 'either', (random) => ({
    sample: bunnySample(random, { isLegacy: true }),
    response: { status: 403, headers: [], body: '' },
  })),
]

export const CDN_FAULTS: readonly Fault[] = [
  fault('url-expired', 'CDN tokens after their end', 'either', (random, index) => {
    const make = [
      cloudCdnSample,
      akamaiSample,
      bunnySample,
      swiftSample,
      (other: Random) => nginxSample(other, '$secure_link_expires$uri SECRET'),
    ]
    const sample = (make[index % make.length] ?? cloudCdnSample)(random)
    return { sample, now: addSeconds(sample.expiresAt, random.int(5, 90_000)) }
  }),
  fault(
    'parameter-after-signature',
    'Cloud CDN: a parameter behind the signature',
    'bare',
    (random) => edit(cloudCdnSample(random), (url) => `${url}&quality=hd`),
  ),
  fault('resource-mismatch', 'Cloud CDN: a prefix of another folder', 'either', (random) => ({
    sample: cloudCdnSample(random, { path: '/b/x.ts', prefix: 'https://media.example.com/a/' }),
  })),
  fault('signature-alphabet', 'Cloud CDN: plain base64', 'bare', (random) => {
    let sample = cloudCdnSample(random)
    while (!/Signature=[^&]*[-_]/.test(sample.request.url)) sample = cloudCdnSample(random)
    return edit(sample, (url) =>
      url.replace(/Signature=.*$/, (text) => text.replaceAll('-', '+').replaceAll('_', '/')),
    )
  }),
  fault(
    'path-trailing-slash',
    'Cloud CDN, Swift, Bunny: a slash added',
    'keyed',
    (random, index) => {
      const make = [
        (other: Random) => cloudCdnSample(other, { path: '/videos/a' }),
        swiftSample,
        bunnySample,
      ]
      return edit((make[index % make.length] ?? swiftSample)(random), (url) =>
        url.replace('?', '/?'),
      )
    },
  ),
  fault('resource-mismatch', 'Akamai: a path outside the ACL', 'either', (random) => ({
    sample: akamaiSample(random, { acl: '/live/*', path: '/vod/1.ts' }),
  })),
  fault('ip-not-allowed', 'Akamai: from another address', 'either', (random) => {
    const sample = akamaiSample(random, { acl: '/vod/*', ip: '203.0.113.7' })
    return { sample, request: { ...sample.request, clientIp: '198.51.100.9' } }
  }),
  fault('method-differs', ['Swift: an upload with a URL for GET', 19], 'keyed', (random) => {
    const sample = swiftSample(random)
    return { sample, request: { ...sample.request, method: 'PUT' } }
  }),
  fault('path-unicode-form', ['Swift: a name in another normal form', 5], 'keyed', (random) =>
    edit(swiftSample(random, { path: '/v1/AUTH_acme/files/résumé.pdf' }), (url) =>
      url.replace(encodeURI('résumé'), encodeURI('résumé'.normalize('NFD'))),
    ),
  ),
  fault('parameter-added', 'Bunny: a parameter added', 'keyed', (random) =>
    edit(bunnySample(random), (url) => `${url}&width=300`),
  ),
  fault('expression-differs', 'nginx: the signer uses another expression', 'keyed', (random) => {
    const sample = nginxSample(
      random,
      random.pick(['$secure_link_expires$uri SECRET', 'SECRET$uri$secure_link_expires']),
    )
    return {
      sample: {
        ...sample,
        key: {
          ...sample.key,
          expression: `$secure_link_expires$uri$remote_addr ${sample.key.secret}`,
        },
      },
    }
  }),
  fault('service-closed', 'Edgio: the service is gone', 'bare', (random) => ({
    sample: {
      request: {
        method: 'GET',
        url: `https://old.azureedge.net/a.mp4?${random.text(90, 'ABCDEFGHIJKLMNOPabcdefghijklmnop0123456789-_')}`,
        headers: [],
      },
      key: {},
      signedAt: NOW,
      expiresAt: NOW,
    },
  })),
]
