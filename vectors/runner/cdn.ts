/** Vectors of the CDN dialects: Google's samples, the values nginx and Swift document, and tokens of all of them. */
import assert from 'node:assert/strict'
import type { GoogleCase } from './cdn-google.ts'
import { runGoogleCase } from './cdn-google.ts'
import type { MediaTokenArguments } from './cdn-media-token.ts'
import { runMediaToken } from './cdn-media-token.ts'
import type { CloudflareArguments, NginxLinkVector, SwiftArguments } from './cdn-servers.ts'
import {
  runCloudflare,
  runNginxExpression,
  runNginxLink,
  runNginxSecret,
  runSwift,
} from './cdn-servers.ts'
import type { AkamaiArguments, BunnyArguments, EdgioArguments } from './cdn-tokens.ts'
import { runAkamai, runBunny, runEdgio } from './cdn-tokens.ts'
import type { Check, JsonRecord, LoadEntry, VectorFamily, VectorFile } from './family.ts'
import { isRecord, listOf } from './family.ts'

type Runner = (file: VectorFile, loadEntry: LoadEntry, check: Check) => Promise<void>

function runnerFor({ content }: VectorFile): Runner | null {
  const [vector] = listOf(content, 'vectors')
  if (vector === undefined) return null
  if (typeof vector['product'] === 'string' && 'function' in vector) return runSamples
  if ('secure_link_md5' in vector || 'secure_link_secret' in vector) return runNginxFile
  if ('temp_url_sig' in vector) return runSwiftFile
  return typeof vector['dialect'] === 'string' && argumentsOf(vector) !== null ? runTokens : null
}

function argumentsOf(vector: JsonRecord): JsonRecord | null {
  const { inputs } = vector
  return isRecord(inputs) && isRecord(inputs['args']) ? inputs['args'] : null
}

interface SampleInput {
  readonly url?: string
  readonly url_prefix?: string
  readonly key_name?: string
  readonly base64_key: string
  readonly expiration?: number
  readonly expiration_time?: number
  readonly start_time?: number
  readonly signature_algorithm?: MediaTokenArguments['algorithm']
  readonly path_globs?: string
  readonly full_path?: string
  readonly session_id?: string
  readonly data?: string
  readonly headers?: MediaTokenArguments['headers']
  readonly ip_ranges?: string
  readonly filename?: string
}

const SAMPLE_FORMS: Readonly<Record<string, GoogleCase['form']>> = {
  sign_url: 'url',
  sign_url_prefix: 'prefix',
  sign_cookie: 'cookie',
  sign_path_component: 'path',
}

const runSamples: Runner = async ({ content }, loadEntry, check) => {
  for (const [index, vector] of listOf(content, 'vectors').entries()) {
    const input = vector['input'] as SampleInput
    const expected = String(vector['expected'])
    const name = String(vector['function'])
    const id = `${String(vector['product'])} ${name} ${index}`
    const form = SAMPLE_FORMS[name]
    if (form === undefined) {
      await runMediaToken({ id, args: toTokenArguments(input), token: expected }, loadEntry, check)
      continue
    }
    const urlPrefix = input.url_prefix ?? ''
    const sample: GoogleCase = {
      id,
      product: vector['product'] === 'cloud-cdn' ? 'cloud-cdn' : 'media-cdn',
      form,
      keyName: input.key_name ?? '',
      key: input.base64_key,
      expires: input.expiration ?? input.expiration_time ?? 0,
      url: input.url ?? urlPrefix + (input.filename ?? ''),
      urlPrefix,
      expected,
    }
    await runGoogleCase(sample, loadEntry, check)
  }
}

function toTokenArguments(input: SampleInput): MediaTokenArguments {
  return {
    algorithm: input.signature_algorithm ?? 'ed25519',
    key: input.base64_key,
    urlPrefix: input.url_prefix,
    pathGlobs: input.path_globs,
    fullPath: input.full_path,
    starts: input.start_time,
    expires: input.expiration_time ?? 0,
    sessionId: input.session_id,
    data: input.data,
    headers: input.headers,
    ipRanges: input.ip_ranges,
  }
}

const runNginxFile: Runner = async ({ content }, loadEntry, check) => {
  for (const vector of listOf(content, 'vectors')) {
    if ('secure_link_md5' in vector) {
      await runNginxLink(vector as unknown as NginxLinkVector, loadEntry, check)
      continue
    }
    const {
      id,
      link,
      secure_link_secret: secret,
      url,
    } = vector as unknown as Record<string, string>
    const prefix = /^\/[^/]*\//.exec(url ?? '')?.[0] ?? ''
    const text = { id: id ?? '', link: link ?? '', secret: secret ?? '', url: url ?? '' }
    await runNginxSecret({ ...text, prefix }, loadEntry, check)
  }
}

const runSwiftFile: Runner = async ({ content }, loadEntry, check) => {
  const key = isRecord(content) ? String(content['key']) : ''
  for (const vector of listOf(content, 'vectors')) {
    const args = { ...(vector as unknown as SwiftArguments), key }
    const signature = String(vector['temp_url_sig'])
    await runSwift({ id: String(vector['id']), args, signature }, loadEntry, check)
  }
}

interface TokenVector {
  readonly id: string
  readonly args: JsonRecord
  readonly expected: Readonly<Record<string, string>>
}

type TokenRunner = (vector: TokenVector, loadEntry: LoadEntry, check: Check) => Promise<void>

function googleRunner(form: GoogleCase['form']): TokenRunner {
  return ({ id, args, expected }, loadEntry, check) => {
    const { url, prefix = '', filename = '' } = args as Readonly<Record<string, string>>
    const vector: GoogleCase = {
      id,
      product: args['product'] === 'cloud-cdn' ? 'cloud-cdn' : 'media-cdn',
      form,
      keyName: String(args['keyName']),
      key: String(args['key']),
      expires: Number(args['expires']),
      url: url ?? prefix + filename,
      urlPrefix: prefix,
      expected: expected[form === 'cookie' ? 'cookie' : 'url'] ?? '',
    }
    return runGoogleCase(vector, loadEntry, check)
  }
}

const TOKEN_RUNNERS: Readonly<Record<string, TokenRunner>> = {
  'google-url': googleRunner('url'),
  'google-prefix': googleRunner('prefix'),
  'google-cookie': googleRunner('cookie'),
  'media-path': googleRunner('path'),
  'media-token': ({ id, args, expected }, loadEntry, check) =>
    runMediaToken(
      { id, args: args as unknown as MediaTokenArguments, token: expected['token'] ?? '' },
      loadEntry,
      check,
    ),
  akamai: ({ id, args, expected }, loadEntry, check) =>
    runAkamai(
      {
        id,
        args: args as unknown as AkamaiArguments,
        expected: { token: expected['token'] ?? '' },
      },
      loadEntry,
      check,
    ),
  bunny: bunnyRunner('hs256'),
  'bunny-old': bunnyRunner('sha256'),
  ectoken: ({ id, args, expected }, loadEntry, check) =>
    runEdgio(
      { id, args: args as unknown as EdgioArguments, expected: { token: expected['token'] ?? '' } },
      loadEntry,
      check,
    ),
  'nginx-md5': ({ id, args, expected }, loadEntry, check) =>
    runNginxExpression(
      { id, expression: String(args['expression']), token: expected['token'] ?? '' },
      loadEntry,
      check,
    ),
  'nginx-secret': ({ id, args, expected }, loadEntry, check) => {
    const { prefix = '', link = '', secret = '' } = args as Readonly<Record<string, string>>
    return runNginxSecret(
      { id, prefix, link, secret, url: expected['url'] ?? '' },
      loadEntry,
      check,
    )
  },
  'cloudflare-hmac': ({ id, args, expected }, loadEntry, check) =>
    runCloudflare(
      { id, args: args as unknown as CloudflareArguments, token: expected['token'] ?? '' },
      loadEntry,
      check,
    ),
  'swift-tempurl': ({ id, args, expected }, loadEntry, check) =>
    runSwift(
      { id, args: args as unknown as SwiftArguments, signature: expected['sig'] ?? '' },
      loadEntry,
      check,
    ),
}

function bunnyRunner(format: 'hs256' | 'sha256'): TokenRunner {
  return ({ id, args, expected }, loadEntry, check) =>
    runBunny(
      { id, args: args as unknown as BunnyArguments, expected: { url: expected['url'] ?? '' } },
      format,
      loadEntry,
      check,
    )
}

const runTokens: Runner = async ({ content }, loadEntry, check) => {
  for (const vector of listOf(content, 'vectors')) {
    const id = String(vector['id'])
    const dialect = String(vector['dialect'])
    const run = Object.hasOwn(TOKEN_RUNNERS, dialect) ? TOKEN_RUNNERS[dialect] : undefined
    const args = argumentsOf(vector)
    if (run === undefined || args === null) {
      await check(id, () => assert.fail(`${dialect} is not a dialect of this library`))
      continue
    }
    const expected = vector['expected'] as Readonly<Record<string, string>>
    await run({ id, args, expected }, loadEntry, check)
  }
}

export const cdn: VectorFamily = {
  name: 'cdn',
  accepts: (file) => runnerFor(file) !== null,
  async run(file, loadEntry, check) {
    await runnerFor(file)?.(file, loadEntry, check)
  },
}
