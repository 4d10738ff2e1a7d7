/** Amazon's own suites for versions 4 and 4A: signed again, verified, and refused after a change. */
import assert from 'node:assert/strict'
import { sha256Hex } from './bytes.ts'
import type { Check } from './family.ts'
import { listOf } from './family.ts'
import { assertRefusedLater } from './refusals.ts'
import { toRawHeaders } from './requests.ts'
import type { S3Library } from './s3-library.ts'

interface SuiteForm {
  readonly canonicalRequest: string
  readonly signature: string
  readonly signedRequest: string
}

interface SuiteCase {
  readonly name: string
  readonly context: {
    readonly credentials: {
      readonly access_key_id: string
      readonly secret_access_key: string
      readonly token?: string
    }
    readonly expiration_in_seconds: number
    readonly normalize: boolean
    readonly region: string
    readonly service: string
    readonly sign_body: boolean
    readonly timestamp: string
    readonly omit_session_token?: boolean
  }
  readonly request: {
    readonly method: string
    readonly target: string
    readonly headers: readonly (readonly [string, string])[]
    readonly body: string
  }
  readonly header: SuiteForm
  readonly query: SuiteForm
  readonly publicKey?: { readonly x: string; readonly y: string }
}

export async function runSignatureSuite(
  content: unknown,
  library: S3Library,
  check: Check,
): Promise<void> {
  for (const entry of listOf(content, 'cases') as unknown as SuiteCase[]) {
    const isAsymmetric = entry.publicKey !== undefined
    for (const form of ['header', 'query'] as const) {
      if (!isAsymmetric) {
        await check(`${entry.name} ${form} sign`, () => signAgain(entry, form, library))
      }
      await check(`${entry.name} ${form} verify`, () => verifySigned(entry, form, library.verifyS3))
      if (!isAsymmetric) continue
      await check(`${entry.name} ${form} verify, waiting`, () =>
        verifySigned(entry, form, library.verifyS3Async),
      )
    }
  }
}

function optionsOf(
  entry: SuiteCase,
): Omit<Parameters<S3Library['presignS3']>[0], 'expiresInSeconds' | 'expiresAt'> {
  const { context, request } = entry
  const [path, query] = splitTarget(request.target)
  const {
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    token,
  } = context.credentials
  const isTokenSigned = token !== undefined && context.omit_session_token !== true
  return {
    method: request.method,
    key: path === '/' ? null : path.slice(1),
    endpoint: `https://${hostOf(request)}`,
    region: context.region,
    service: context.service,
    foldPath: context.normalize,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(isTokenSigned ? { sessionToken: token } : {}),
    },
    now: new Date(context.timestamp),
    query: parsePairs(query),
    // What a sender folds over several lines is one line to the library.
    headers: request.headers
      .filter(([name]) => name.toLowerCase() !== 'host')
      .map(([name, value]): [string, string] => [name, value.replaceAll(/\s*\n\s*/g, ' ')]),
    payloadHash: sha256Hex(request.body),
  }
}

function hostOf({ headers }: SuiteCase['request']): string {
  return headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? ''
}

function signAgain(entry: SuiteCase, form: 'header' | 'query', library: S3Library): void {
  const options = optionsOf(entry)
  if (form === 'query') {
    const { url } = library.presignS3({
      ...options,
      expiresInSeconds: entry.context.expiration_in_seconds,
    })
    assert.equal(/X-Amz-Signature=([0-9a-f]+)$/.exec(url)?.[1], entry.query.signature)
    return
  }
  const announced = entry.context.sign_body
    ? [
        ...asPairs(options.headers),
        ['x-amz-content-sha256', sha256Hex(entry.request.body)] as const,
      ]
    : asPairs(options.headers)
  const { headers } = library.signS3Headers({ ...options, headers: announced })
  assert.equal(
    /Signature=([0-9a-f]+)$/.exec(headers['authorization'] ?? '')?.[1],
    entry.header.signature,
  )
}

function asPairs(headers: unknown): (readonly [string, string])[] {
  return Array.isArray(headers) ? headers : []
}

async function verifySigned(
  entry: SuiteCase,
  form: 'header' | 'query',
  verifyWith: S3Library['verifyS3'] | S3Library['verifyS3Async'],
): Promise<void> {
  const { context, publicKey } = entry
  const request = parseRequest(entry[form].signedRequest, entry.request.method)
  const {
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    token,
  } = context.credentials
  const verify = (changed: Partial<typeof request>): unknown =>
    verifyWith(
      { ...request, ...changed },
      {
        region: context.region,
        service: context.service,
        foldPath: context.normalize,
        payloadHash: sha256Hex(entry.request.body),
        now: new Date(context.timestamp),
        allowSigV4A: publicKey !== undefined,
        lookup: () => ({
          accessKeyId,
          secretAccessKey,
          ...(token === undefined ? {} : { sessionToken: token }),
        }),
      },
    )
  // A token that is sent but not signed could be anybody's.
  if (context.omit_session_token === true) {
    await assertRefusedLater(() => verify({}), 'an unsigned token')
    return
  }
  await verify({})
  await assertRefusedLater(() => verify({ method: 'DELETE' }), 'another method')
  await assertRefusedLater(() => verify({ target: `/x${request.target}` }), 'another path')
  await assertRefusedLater(
    () => verify({ target: `${request.target}${request.target.includes('?') ? '&' : '?'}more=1` }),
    'a parameter more',
  )
  const headers = request.headers.map((text, index) =>
    index % 2 === 1 && request.headers[index - 1]?.toLowerCase() === 'host' ? 'other.test' : text,
  )
  await assertRefusedLater(() => verify({ headers }), 'another host')
}

function splitTarget(target: string): [string, string] {
  const mark = target.indexOf('?')
  return mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
}

function parsePairs(query: string): [string, string][] {
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece): [string, string] => {
      const [name = '', value = ''] = piece.split('=')
      return [decodeURIComponent(name), decodeURIComponent(value)]
    })
}

/** A request as text, its target with blanks and letters of any script in it, taken apart as it stands. */
function parseRequest(
  text: string,
  method: string,
): { method: string; target: string; headers: string[] } {
  const [requestLine = '', ...lines] = (text.split('\n\n')[0] ?? '').split('\n')
  const target = requestLine.slice(method.length + 1, requestLine.lastIndexOf(' '))
  const headers: [string, string][] = []
  for (const line of lines.filter((candidate) => candidate !== '')) {
    const last = headers.at(-1)
    if (/^[ \t]/.test(line) && last !== undefined) {
      last[1] += `\n${line}`
    } else {
      const colon = line.indexOf(':')
      headers.push([line.slice(0, colon), line.slice(colon + 1)])
    }
  }
  return { method, target, headers: toRawHeaders(headers) }
}
