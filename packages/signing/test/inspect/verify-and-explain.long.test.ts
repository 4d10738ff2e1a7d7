import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { test } from 'node:test'
import { detect } from '@hallpass/signing/detect'
import { isSigningError } from '@hallpass/signing/errors'
import type { SigningErrorCode } from '@hallpass/signing/errors'
import { explain, verifyDetected } from '@hallpass/signing/explain'
import type { ExplainKey } from '@hallpass/signing/explain'
import { rawRequestOf } from '../../src/inspect/verify/raw-request.ts'
import { standsFor } from '../../src/inspect/verify/cause-of-refusal.ts'
import type { SentRequest } from './explain-corpus/case.ts'
import { createRandom } from './explain-corpus/random.ts'
import type { Random } from './explain-corpus/random.ts'
import { runCorpus, SEED } from './explain-corpus/report.ts'
import { readDerived } from './derived-vectors.ts'

/** `verify` and `explain` are one truth: they may differ in how much they say, never in what. */
interface Signed {
  readonly request: SentRequest
  readonly keys: readonly ExplainKey[]
  readonly now: Date
}

type Answer = 'taken' | SigningErrorCode | null

function verify({ request, keys, now }: Signed): Answer {
  const detection = detect(request)
  if (detection === null || detection.form === 'form') return null
  const { url, method, headers, clientIp } = request
  if (!/^(?:https?:\/\/|\/)\S*$/i.test(url)) return null
  const raw = rawRequestOf(url, { method, headers, clientIp })
  if (raw === null) return null
  try {
    verifyDetected({ request: raw, detection, keys, now })
    return 'taken'
  } catch (error) {
    return isSigningError(error) ? error.code : null
  }
}

function disagreement(signed: Signed): string | null {
  const { request, keys, now } = signed
  const answer = verify(signed)
  if (answer === null) return null
  const { signature, causes } = explain(request, { keys, now })
  const [first] = causes
  const found = `${answer}: ${signature}, ${causes.map(({ code, confidence }) => `${code} ${confidence}`).join(', ')}`
  if (answer === 'taken') return signature === 'valid' ? null : found
  if (signature === 'valid' || first === undefined) return found
  return standsFor(first.code, answer) ? null : found
}

function check(list: readonly Signed[], least: number): void {
  const counts = { taken: 0, refused: 0 }
  const found: string[] = []
  for (const signed of list) {
    const answer = verify(signed)
    if (answer === 'taken') counts.taken += 1
    else if (answer !== null) counts.refused += 1
    const problem = disagreement(signed)
    if (problem !== null)
      found.push(`${problem} of ${signed.request.method} ${signed.request.url.slice(0, 400)}`)
  }
  assert.equal(found.slice(0, 20).join('\n'), '')
  assert.ok(counts.taken + counts.refused >= least, JSON.stringify(counts))
}

function readSdk(): Signed[] {
  const directory = new URL('../../../../vectors/', import.meta.url)
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, directory), 'utf8'))
  const keys = readRing(read('keys/test-keys.json') as TestKeys)
  const moments = ['2026-03-14T09:27:10Z', '2026-03-20T09:27:10Z'].map((text) => new Date(text))
  return ['s3-presign', 'gcs-v4', 'azure-sas', 'cloudfront'].flatMap((file) => {
    const { vectors } = read(`sdk/${file}.json`) as {
      vectors: { expected: { url?: string }; sign?: { method?: string } }[]
    }
    return vectors.flatMap(({ expected, sign }) => {
      const { url } = expected
      if (url === undefined) return []
      return moments.map((now) => ({
        request: { method: sign?.method ?? 'GET', url, headers: [] },
        keys,
        now,
      }))
    })
  })
}

interface TestKeys {
  readonly aws: Readonly<Record<string, { accessKeyId: string; secretAccessKey: string }>>
  readonly gcs: {
    readonly 'gcs-rsa': { readonly clientEmail: string }
    readonly 'gcs-hmac': { readonly accessId: string; readonly secret: string }
  }
  readonly azure: { readonly 'azure-1': { readonly accountKey: string } }
  readonly cloudfront: Readonly<Record<string, { keyPairId: string; keyName: string }>>
  readonly pem: Readonly<Record<string, { public: string }>>
}

function readRing(keys: TestKeys): ExplainKey[] {
  return [
    ...Object.values(keys.aws).map(({ accessKeyId, secretAccessKey }) => ({
      id: accessKeyId,
      secret: secretAccessKey,
    })),
    {
      id: keys.gcs['gcs-rsa'].clientEmail,
      publicKey: keys.pem['hallpass-test-rsa-1']?.public ?? '',
    },
    { id: keys.gcs['gcs-hmac'].accessId, secret: keys.gcs['gcs-hmac'].secret },
    { id: 'hallpasstest', secret: keys.azure['azure-1'].accountKey },
    ...Object.values(keys.cloudfront).map(({ keyPairId, keyName }) => ({
      id: keyPairId,
      publicKey: keys.pem[keyName]?.public ?? '',
    })),
  ]
}

const outcomes = await runCorpus(SEED)
const corpus: readonly Signed[] = outcomes.flatMap(({ entry: { input } }) => {
  if (input.keys === undefined || typeof input.request === 'string') return []
  return [{ request: input.request, keys: input.keys, now: input.now }]
})

const CHARACTERS = '09afAZ-_~.%+/&=?;,:*! \u00e9'

const PARTS = 6
const part = Math.floor(Date.now() / 1000) % PARTS

/** One way of changing a request, as people, proxies and attackers do. */
const MUTATIONS: readonly ((signed: Signed, random: Random) => Signed)[] = [
  (signed, random) => editUrl(signed, (url) => replaceAt(url, random, random.text(1, CHARACTERS))),
  (signed, random) => editUrl(signed, (url) => replaceAt(url, random, '')),
  (signed, random) => {
    return editUrl(signed, (url) => {
      const [path = '', query = ''] = url.split(/\?(.*)/s)
      const pieces = query.split('&')
      return `${path}?${pieces.toSpliced(random.int(0, pieces.length - 1), 1).join('&')}`
    })
  },
  (signed, random) => {
    return editUrl(signed, (url) => {
      const pieces = (url.split(/\?(.*)/s)[1] ?? '').split('&')
      return `${url}&${random.pick(pieces)}`
    })
  },
  (signed) => editUrl(signed, (url) => `${url}&extra=1`),
  (signed) => editUrl(signed, (url) => url.toLowerCase()),
  (signed) => editUrl(signed, (url) => url.replace('https:', 'http:')),
  (signed, random) => editUrl(signed, (url) => url.slice(0, random.int(20, url.length))),
  (signed, random) => {
    const method = random.pick(['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS'])
    return { ...signed, request: { ...signed.request, method } }
  },
  (signed, random) => {
    const { headers } = signed.request
    if (headers.length === 0) return signed
    const index = random.int(0, headers.length - 1)
    return { ...signed, request: { ...signed.request, headers: headers.toSpliced(index, 1) } }
  },
  (signed, random) => {
    const headers = signed.request.headers.map(([name, value]): [string, string] => [name, value])
    const header = headers[random.int(0, Math.max(headers.length - 1, 0))]
    if (header !== undefined) header[1] = replaceAt(header[1], random, 'x')
    return { ...signed, request: { ...signed.request, headers } }
  },
  (signed, random) => {
    const seconds = random.pick([-864_000, -1000, -400, 400, 1000, 100_000, 9_000_000])
    return { ...signed, now: new Date(signed.now.getTime() + seconds * 1000) }
  },
  (signed) => ({ ...signed, request: { ...signed.request, clientIp: '198.51.100.77' } }),
  (signed) => ({
    ...signed,
    keys: signed.keys.map(({ id, ...key }) => ({ ...key, id: `${id ?? ''}x` })),
  }),
]

function editUrl(signed: Signed, change: (url: string) => string): Signed {
  return { ...signed, request: { ...signed.request, url: change(signed.request.url) } }
}

function replaceAt(text: string, random: Random, by: string): string {
  const index = random.int(Math.min(12, text.length), Math.max(text.length - 1, 0))
  return text.slice(0, index) + by + text.slice(index + 1)
}

/** A different part at every run; `HALLPASS_MUTATE=all` takes everything. */
function someOf(list: readonly Signed[]): Signed[] {
  if (process.env['HALLPASS_MUTATE'] === 'all') return [...list]
  return list.filter((_, index) => index % PARTS === part)
}

function mutate(list: readonly Signed[], seed: number): Signed[] {
  const random = createRandom(seed)
  return list.flatMap((signed) => MUTATIONS.map((change) => change(signed, random)))
}

test('explain and verify agree on every derived vector', () => {
  check(readDerived(), 80)
})

test('explain and verify agree on every URL of the official SDKs, in time and after it', () => {
  check(readSdk(), 200)
})

test('explain and verify agree on the whole corpus', () => {
  check(corpus, 400)
})

test('explain and verify agree on mutations of every vector', () => {
  check(mutate(someOf(readDerived()), 1), 200)
})

test('explain and verify agree on mutations of the corpus, of every dialect', () => {
  check(mutate(someOf(corpus), 2), 700)
})
